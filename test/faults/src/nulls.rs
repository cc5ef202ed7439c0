//! Damage to the nulls of a batch, in columns of plain types. None where it has nothing to damage.

use std::sync::Arc;

use arrow::array::{Array, ArrayData, ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray, make_array};
use arrow::buffer::{BooleanBuffer, MutableBuffer, NullBuffer};
use arrow::datatypes::DataType;
use arrow::error::ArrowError;

type Damaged = Result<Option<RecordBatch>, ArrowError>;

fn each_column(
    batch: &RecordBatch,
    change: impl Fn(&ArrayRef, &NullBuffer) -> Result<Option<ArrayRef>, ArrowError>,
) -> Damaged {
    let mut columns = batch.columns().to_vec();
    let mut changed = false;
    for column in &mut columns {
        let Some(nulls) = column.nulls().cloned() else { continue };
        if let Some(other) = change(column, &nulls)? {
            (*column, changed) = (other, true);
        }
    }
    changed.then(|| RecordBatch::try_new(batch.schema(), columns)).transpose()
}

/// Nulls of numbers, bools and text become zero, false and the empty text.
pub(crate) fn fill(batch: &RecordBatch) -> Damaged {
    each_column(batch, |column, nulls| {
        if nulls.null_count() == 0 {
            return Ok(None);
        }
        Ok(Some(match column.data_type() {
            DataType::Boolean => {
                let values = column.as_boolean().iter().map(|value| Some(value.unwrap_or(false)));
                Arc::new(values.collect::<BooleanArray>())
            }
            DataType::Utf8 => {
                let values = column.as_string::<i32>().iter().map(|value| value.unwrap_or(""));
                Arc::new(StringArray::from_iter_values(values))
            }
            kind => match kind.primitive_width() {
                Some(width) => make_array(with_zeros(column.to_data(), nulls, width)?),
                None => return Ok(None),
            },
        }))
    })
}

/// Values of `width` bytes, those of nulls zero, and no bitmap.
fn with_zeros(data: ArrayData, nulls: &NullBuffer, width: usize) -> Result<ArrayData, ArrowError> {
    let mut bytes = MutableBuffer::new(data.len() * width);
    bytes.extend_from_slice(&data.buffers()[0].as_slice()[data.offset() * width..][..data.len() * width]);
    for row in (0..data.len()).filter(|row| nulls.is_null(*row)) {
        bytes.as_slice_mut()[row * width..][..width].fill(0);
    }
    ArrayData::builder(data.data_type().clone()).len(data.len()).add_buffer(bytes.into()).build()
}

/// Rows from the second on are taken for a slice, and their bitmap is read from bit 0 of that of the whole batch.
pub(crate) fn from_bit_zero(batch: &RecordBatch) -> Damaged {
    each_column(batch, |column, nulls| {
        if column.data_type().primitive_width().is_none() {
            return Ok(None);
        }
        let read = BooleanBuffer::collect_bool(column.len(), |row| nulls.is_valid(row.saturating_sub(1)));
        if &read == nulls.inner() {
            return Ok(None);
        }
        let data = column.to_data().into_builder().nulls(Some(NullBuffer::new(read))).build()?;
        Ok(Some(make_array(data)))
    })
}

#[cfg(test)]
mod tests {
    use arrow::array::{Int32Array, NullArray};

    use super::*;

    fn batch() -> RecordBatch {
        let columns: [(&str, ArrayRef); 4] = [
            ("number", Arc::new(Int32Array::from(vec![Some(7), None, None, Some(8), None]))),
            ("flag", Arc::new(BooleanArray::from(vec![Some(true), None, None, Some(true), None]))),
            ("text", Arc::new(StringArray::from(vec![Some("a"), None, None, Some("b"), None]))),
            ("nothing", Arc::new(NullArray::new(5))),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true))).unwrap()
    }

    #[test]
    fn nulls_become_defaults_in_slices_too() {
        let filled = fill(&batch().slice(1, 3)).unwrap().unwrap();
        assert_eq!(filled.column(0).as_ref(), &Int32Array::from(vec![0, 0, 8]) as &dyn Array);
        assert_eq!(filled.column(1).as_ref(), &BooleanArray::from(vec![false, false, true]) as &dyn Array);
        assert_eq!(filled.column(2).as_ref(), &StringArray::from(vec!["", "", "b"]) as &dyn Array);
        assert_eq!(fill(&batch().slice(3, 1)).unwrap(), None);
    }

    #[test]
    fn a_bitmap_from_bit_zero_is_that_of_the_row_before() {
        let moved = from_bit_zero(&batch()).unwrap().unwrap();
        let valid: Vec<bool> = (0..5).map(|row| moved.column(0).is_valid(row)).collect();
        assert_eq!(valid, [true, true, false, false, true]);
        assert_eq!(moved.column(2), batch().column(2));
        assert_eq!(from_bit_zero(&batch().slice(1, 2)).unwrap(), None);
    }
}
