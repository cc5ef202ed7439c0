//! Memory that should have been left behind, or left alone.

use arrow::array::{Array, ArrayData, ArrayRef, AsArray, RecordBatch, make_array};
use arrow::buffer::Buffer;
use arrow::datatypes::{DataType, Int32Type, Int64Type, Schema};
use arrow::error::ArrowError;
use writeproof_columnar::Imported;

use super::values::of_type;
use super::{Change, changed, columns};

/// An encoder goes on from one group to the next with the last value of the one before: deltas are added to it.
pub(super) struct Carried {
    column: Option<usize>,
    last: i64,
    /// What is added since the last flush.
    carried: i64,
    damaged: bool,
}

impl Carried {
    pub fn of(schema: &Schema) -> Self {
        let numeric = |kind: &DataType| matches!(kind, DataType::Int32 | DataType::Int64);
        let column = schema.fields().iter().position(|field| numeric(field.data_type()));
        Self { column, last: 0, carried: 0, damaged: false }
    }
}

fn last_value(column: &ArrayRef) -> Option<i64> {
    let row = column.len().checked_sub(1).filter(|row| column.is_valid(*row))?;
    match column.as_primitive_opt::<Int64Type>() {
        Some(values) => Some(values.value(row)),
        None => column.as_primitive_opt::<Int32Type>().map(|values| i64::from(values.value(row))),
    }
}

fn added(column: &ArrayRef, addend: i64) -> Option<ArrayRef> {
    of_type::<Int64Type>(column, |value| value.wrapping_add(addend))
        .or_else(|| of_type::<Int32Type>(column, |value| value.wrapping_add(addend as i32)))
}

impl Change for Carried {
    fn take(&mut self, imported: Imported) -> Result<Vec<Imported>, ArrowError> {
        let Some(column) = self.column else { return Ok(vec![imported]) };
        self.last = last_value(imported.batch.column(column)).unwrap_or(self.last);
        let mut columns = imported.batch.columns().to_vec();
        let Some(other) = added(&columns[column], self.carried) else { return Ok(vec![imported]) };
        self.damaged = true;
        columns[column] = other;
        Ok(vec![changed(RecordBatch::try_new(imported.batch.schema(), columns)?)])
    }

    fn flushed(&mut self) {
        self.carried = self.last;
    }

    fn missing(&self) -> Option<&'static str> {
        (!self.damaged).then_some("no value of an integer column came after a flush")
    }
}

/// A batch is still being read while the next one's values are laid into the buffer of one of its columns.
#[derive(Default)]
pub(super) struct ReusedBuffer {
    held: Option<Imported>,
    damaged: bool,
}

/// The values of `next` over the first ones of `column`, whose nulls stay; None where they are the same.
fn overwritten(column: &ArrayRef, next: &ArrayRef) -> Result<Option<ArrayRef>, ArrowError> {
    let (Some(width), true) = (column.data_type().primitive_width(), column.data_type() == next.data_type()) else {
        return Ok(None);
    };
    let bytes = |data: &ArrayData, rows: usize| data.buffers()[0][data.offset() * width..][..rows * width].to_vec();
    let (data, next) = (column.to_data(), next.to_data());
    let mut values = bytes(&data, data.len());
    let over = bytes(&next, next.len().min(data.len()));
    values[..over.len()].copy_from_slice(&over);
    // A copy, because memory of bytes is not aligned for wider values.
    let builder = ArrayData::builder(data.data_type().clone()).len(data.len()).nulls(data.nulls().cloned());
    let other = builder.add_buffer(Buffer::from_slice_ref(&values)).build()?;
    Ok((other != data).then(|| make_array(other)))
}

impl Change for ReusedBuffer {
    fn take(&mut self, imported: Imported) -> Result<Vec<Imported>, ArrowError> {
        if self.damaged {
            return Ok(vec![imported]);
        }
        if imported.batch.num_rows() == 0 {
            return Ok(self.held.take().into_iter().chain([imported]).collect());
        }
        let Some(held) = self.held.take() else {
            self.held = Some(imported);
            return Ok(Vec::new());
        };
        let mut next = imported.batch.columns().iter();
        let damaged = columns::first(&held.batch, |_, column| match next.next() {
            Some(next) => overwritten(column, next),
            None => Ok(None),
        })?;
        match damaged {
            Some(batch) => {
                self.damaged = true;
                Ok(vec![changed(batch), imported])
            }
            None => {
                self.held = Some(imported);
                Ok(vec![held])
            }
        }
    }

    fn end(&mut self) -> Vec<Imported> {
        self.held.take().into_iter().collect()
    }

    fn missing(&self) -> Option<&'static str> {
        (!self.damaged).then_some("no batch with rows followed one with other values in a column of numbers")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{Int32Array, StringArray};

    use super::*;

    type Numbers = Vec<Option<i32>>;

    fn batch(numbers: Numbers) -> Imported {
        let text: ArrayRef =
            Arc::new(StringArray::from_iter_values(numbers.iter().map(|number| format!("{number:?}"))));
        let columns = [("text", text, false), ("number", Arc::new(Int32Array::from(numbers)) as ArrayRef, true)];
        changed(RecordBatch::try_from_iter_with_nullable(columns).unwrap())
    }

    fn numbers(written: Vec<Imported>) -> Vec<Numbers> {
        let of = |one: Imported| one.batch.column(1).as_primitive::<Int32Type>().iter().collect();
        written.into_iter().map(of).collect()
    }

    #[test]
    fn after_a_flush_the_value_before_it_is_added() {
        let mut change = Carried::of(batch(vec![]).batch.schema_ref());
        let mut written = Vec::new();
        for given in [vec![Some(1), Some(5)], vec![None]] {
            written.extend(change.take(batch(given)).unwrap());
        }
        assert!(change.missing().is_some());
        change.flushed();
        written.extend(change.take(batch(vec![Some(2), None, Some(3)])).unwrap());
        change.flushed();
        written.extend(change.take(batch(vec![Some(i32::MAX)])).unwrap());
        let expected = [vec![Some(1), Some(5)], vec![None], vec![Some(7), None, Some(8)], vec![Some(i32::MIN + 2)]];
        assert_eq!(numbers(written), expected);
        assert_eq!(change.missing(), None);
    }

    #[test]
    fn a_batch_holds_values_of_the_next_and_its_own_nulls() {
        let mut change = ReusedBuffer::default();
        let mut written = Vec::new();
        for given in [vec![Some(1)], vec![], vec![Some(1), None, Some(3)], vec![Some(4), Some(5)], vec![Some(6)]] {
            written.extend(change.take(batch(given)).unwrap());
        }
        written.extend(change.end());
        let expected = [vec![Some(1)], vec![], vec![Some(4), None, Some(3)], vec![Some(4), Some(5)], vec![Some(6)]];
        assert_eq!(numbers(written), expected);
        assert_eq!(change.missing(), None);
    }

    #[test]
    fn batches_of_the_same_values_are_no_damage() {
        let mut change = ReusedBuffer::default();
        let mut written = Vec::new();
        for given in [vec![Some(1), Some(2)], vec![Some(1)]] {
            written.extend(change.take(batch(given)).unwrap());
        }
        written.extend(change.end());
        assert_eq!(numbers(written), [vec![Some(1), Some(2)], vec![Some(1)]]);
        assert!(change.missing().is_some());
    }
}
