//! Arrow arrays from cells, one column each.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, BooleanBufferBuilder, Date32Array, Float64Array, Int32Array, Int64Array, NullBufferBuilder,
    PrimitiveArray, StringArray, TimestampMicrosecondArray,
};
use arrow::buffer::{Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{ArrowPrimitiveType, DataType};
use arrow::error::ArrowError;

use crate::columns::{Column, Kind};
use crate::error::Error;
use crate::row::Cell;

/// More memory than this is given back where an array does not fill it.
const SPARE_BYTES: usize = 4096;

enum Values {
    Wide(Vec<i64>),
    Narrow(Vec<i32>),
    Float(Vec<f64>),
    Boolean(BooleanBufferBuilder),
    Text { offsets: Vec<i32>, bytes: Vec<u8> },
}

/// Builds the arrays of a column, one after the other. Between two it holds no memory for values.
pub struct ColumnBuilder {
    column: Column,
    data_type: DataType,
    values: Values,
    nulls: NullBufferBuilder,
    /// Bytes of text of a row, times 16, of the last array.
    sixteenths: usize,
    loses_nulls: bool,
}

impl ColumnBuilder {
    pub fn new(column: Column, loses_nulls: bool) -> Self {
        let values = match column.kind {
            Kind::Int64 | Kind::Timestamp => Values::Wide(Vec::new()),
            Kind::Int32 | Kind::Date32 => Values::Narrow(Vec::new()),
            Kind::Float64 => Values::Float(Vec::new()),
            Kind::Boolean => Values::Boolean(BooleanBufferBuilder::new(0)),
            Kind::Text => Values::Text { offsets: Vec::new(), bytes: Vec::new() },
        };
        Self {
            column,
            data_type: column.kind.data_type(),
            values,
            nulls: NullBufferBuilder::new(0),
            sixteenths: column.usual_bytes * 16,
            loses_nulls,
        }
    }

    /// Makes room for so many rows, at the start of an array.
    pub fn reserve(&mut self, rows: usize) {
        match &mut self.values {
            Values::Wide(values) => values.reserve_exact(rows),
            Values::Narrow(values) => values.reserve_exact(rows),
            Values::Float(values) => values.reserve_exact(rows),
            Values::Boolean(values) => values.reserve(rows),
            Values::Text { offsets, bytes } => {
                offsets.reserve_exact(rows + 1);
                bytes.reserve_exact((rows * self.sixteenths).div_ceil(16));
            }
        }
        // It takes memory with the first null.
        self.nulls = NullBufferBuilder::new(rows);
    }

    /// Adds a value of the column, which its decoder has checked.
    ///
    /// # Errors
    /// Where the texts of one array pass 2 GiB.
    #[inline]
    pub fn append(&mut self, cell: &Cell<'_>) -> Result<(), Error> {
        match (&mut self.values, cell) {
            (Values::Wide(values), Cell::Integer(value)) => values.push(*value),
            (Values::Narrow(values), Cell::Integer(value)) => values.push(*value as i32),
            (Values::Float(values), Cell::Float(value)) => values.push(*value),
            (Values::Boolean(values), Cell::Boolean(value)) => values.append(*value),
            (Values::Text { offsets, bytes }, Cell::Text(text)) => {
                bytes.extend_from_slice(text.as_bytes());
                return end_text(offsets, bytes.len(), self.column.name).map(|()| self.nulls.append_non_null());
            }
            _ => return self.append_null(),
        }
        self.nulls.append_non_null();
        Ok(())
    }

    /// Adds values of the column, one after the other: its type is looked at once.
    ///
    /// # Errors
    /// As [`Self::append`].
    pub fn extend<'a>(&mut self, cells: impl Iterator<Item = Cell<'a>>) -> Result<(), Error> {
        let (nulls, lost) = (&mut self.nulls, self.loses_nulls);
        let mut add = |is_value: bool| nulls.append(is_value || lost);
        match &mut self.values {
            Values::Wide(values) => cells.for_each(|cell| {
                let value = if let Cell::Integer(value) = cell { Some(value) } else { None };
                values.push(value.unwrap_or(0));
                add(value.is_some());
            }),
            Values::Narrow(values) => cells.for_each(|cell| {
                let value = if let Cell::Integer(value) = cell { Some(value) } else { None };
                values.push(value.unwrap_or(0) as i32);
                add(value.is_some());
            }),
            Values::Float(values) => cells.for_each(|cell| {
                let value = if let Cell::Float(value) = cell { Some(value) } else { None };
                values.push(value.unwrap_or(0.0));
                add(value.is_some());
            }),
            Values::Boolean(values) => cells.for_each(|cell| {
                let value = if let Cell::Boolean(value) = cell { Some(value) } else { None };
                values.append(value.unwrap_or(false));
                add(value.is_some());
            }),
            Values::Text { offsets, bytes } => {
                for cell in cells {
                    let value = if let Cell::Text(text) = cell { Some(text) } else { None };
                    bytes.extend_from_slice(value.unwrap_or("").as_bytes());
                    end_text(offsets, bytes.len(), self.column.name)?;
                    add(value.is_some());
                }
            }
        }
        Ok(())
    }

    fn append_null(&mut self) -> Result<(), Error> {
        match &mut self.values {
            Values::Wide(values) => values.push(0),
            Values::Narrow(values) => values.push(0),
            Values::Float(values) => values.push(0.0),
            Values::Boolean(values) => values.append(false),
            Values::Text { offsets, bytes } => end_text(offsets, bytes.len(), self.column.name)?,
        }
        self.nulls.append(self.loses_nulls);
        Ok(())
    }

    /// The array of what was added, and an empty builder.
    ///
    /// # Errors
    /// Where arrow-rs finds it ill, if it is asked to look.
    pub fn finish(&mut self, unchecked: bool) -> Result<ArrayRef, ArrowError> {
        let nulls = self.nulls.finish();
        Ok(match (&mut self.values, self.column.kind) {
            (Values::Wide(values), Kind::Timestamp) => {
                let array: TimestampMicrosecondArray = primitive(values, nulls, unchecked)?;
                Arc::new(array.with_data_type(self.data_type.clone()))
            }
            (Values::Wide(values), _) => Arc::new(primitive::<Int64Array, _>(values, nulls, unchecked)?),
            (Values::Narrow(values), Kind::Date32) => Arc::new(primitive::<Date32Array, _>(values, nulls, unchecked)?),
            (Values::Narrow(values), _) => Arc::new(primitive::<Int32Array, _>(values, nulls, unchecked)?),
            (Values::Float(values), _) => Arc::new(primitive::<Float64Array, _>(values, nulls, unchecked)?),
            (Values::Boolean(values), _) => {
                let values = values.finish();
                Arc::new(if unchecked {
                    // SAFETY: each append added one bit to both.
                    unsafe { BooleanArray::new_unchecked(values, nulls) }
                } else {
                    BooleanArray::new(values, nulls)
                })
            }
            (Values::Text { offsets, bytes }, _) => {
                if offsets.is_empty() {
                    offsets.push(0);
                }
                let rows = (offsets.len() - 1).max(1);
                self.sixteenths = (bytes.len() * 17).div_ceil(rows);
                text(std::mem::take(offsets), std::mem::take(bytes), nulls, unchecked).map(Arc::new)?
            }
        })
    }
}

/// Notes where the text of a row ends.
#[inline]
fn end_text(offsets: &mut Vec<i32>, end: usize, column: &str) -> Result<(), Error> {
    if offsets.is_empty() {
        offsets.push(0);
    }
    offsets.push(i32::try_from(end).map_err(|_| {
        Error::misuse(format!(
            "the texts of the column {column} in one batch pass 2 GiB, which utf8 does not hold: use the strategy batches"
        ))
    })?);
    Ok(())
}

/// Gives back what was reserved and not used, where it is worth a copy.
fn trimmed<T>(values: &mut Vec<T>) -> Vec<T> {
    let mut values = std::mem::take(values);
    if (values.capacity() - values.len()) * size_of::<T>() > SPARE_BYTES.max(values.len() * size_of::<T>() / 8) {
        values.shrink_to_fit();
    }
    values
}

/// Arrays of numbers, made in one of two ways.
trait Primitive: Sized {
    type Native;
    fn checked(values: Vec<Self::Native>, nulls: Option<NullBuffer>) -> Result<Self, ArrowError>;
    /// # Safety
    /// `nulls` has as many rows as `values`.
    unsafe fn unchecked(values: Vec<Self::Native>, nulls: Option<NullBuffer>) -> Self;
}

impl<T: ArrowPrimitiveType> Primitive for PrimitiveArray<T> {
    type Native = T::Native;

    fn checked(values: Vec<T::Native>, nulls: Option<NullBuffer>) -> Result<Self, ArrowError> {
        Self::try_new(ScalarBuffer::from(values), nulls)
    }

    unsafe fn unchecked(values: Vec<T::Native>, nulls: Option<NullBuffer>) -> Self {
        // SAFETY: as the caller promises.
        unsafe { Self::new_unchecked(ScalarBuffer::from(values), nulls) }
    }
}

fn primitive<A: Primitive<Native = N>, N>(
    values: &mut Vec<N>,
    nulls: Option<NullBuffer>,
    unchecked: bool,
) -> Result<A, ArrowError> {
    let values = trimmed(values);
    if unchecked {
        // SAFETY: each append added one to both.
        return Ok(unsafe { A::unchecked(values, nulls) });
    }
    A::checked(values, nulls)
}

fn text(
    mut offsets: Vec<i32>,
    mut bytes: Vec<u8>,
    nulls: Option<NullBuffer>,
    unchecked: bool,
) -> Result<StringArray, ArrowError> {
    let (offsets, bytes) = (ScalarBuffer::from(trimmed(&mut offsets)), Buffer::from_vec(trimmed(&mut bytes)));
    if unchecked {
        // SAFETY: offsets rise from 0 to the number of bytes, and each pair of them holds a &str; nulls count the same rows.
        return Ok(unsafe { StringArray::new_unchecked(OffsetBuffer::new_unchecked(offsets), bytes, nulls) });
    }
    StringArray::try_new(OffsetBuffer::new(offsets), bytes, nulls)
}
