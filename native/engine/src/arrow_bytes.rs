//! Size of a batch in memory, whatever it was sliced from.

use arrow::array::{Array, ArrayData, RecordBatch};
use arrow::datatypes::DataType;

/// Bytes of the Arrow buffers of the batch's rows, without padding: values, one offset a row for variable lengths, and a
/// bit a row where there are nulls.
pub fn of_batch(batch: &RecordBatch) -> u64 {
    batch.columns().iter().map(|column| of_data(&column.to_data())).sum()
}

fn of_data(data: &ArrayData) -> u64 {
    let rows = data.len() as u64;
    let validity = if data.nulls().is_some() { rows.div_ceil(8) } else { 0 };
    validity
        + match data.data_type() {
            DataType::Utf8 | DataType::Binary => rows * 4 + values(data.buffers()[0].typed_data::<i32>(), data),
            DataType::LargeUtf8 | DataType::LargeBinary => {
                rows * 8 + values(data.buffers()[0].typed_data::<i64>(), data)
            }
            DataType::Boolean => rows.div_ceil(8),
            kind => match kind.primitive_width() {
                Some(width) => rows * width as u64,
                // Views, nested types, dictionaries: arrow-rs counts their slices itself, offsets included.
                None => (data.get_slice_memory_size().unwrap_or(0) as u64).saturating_sub(validity),
            },
        }
}

/// Bytes between the first and the last offset of the rows.
fn values<Offset: Copy + TryInto<u64>>(offsets: &[Offset], data: &ArrayData) -> u64 {
    let at = |index: usize| offsets.get(index).and_then(|&offset| offset.try_into().ok()).unwrap_or(0);
    at(data.offset() + data.len()).saturating_sub(at(data.offset()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, BooleanArray, Decimal128Array, Int64Array, StringArray};

    use super::*;

    fn batch() -> RecordBatch {
        let columns: [(&str, ArrayRef); 4] = [
            ("number", Arc::new(Int64Array::from(vec![1, 2, 3]))),
            ("money", Arc::new(Decimal128Array::from(vec![Some(1), None, Some(3)]))),
            ("text", Arc::new(StringArray::from(vec!["a", "bcd", ""]))),
            ("flag", Arc::new(BooleanArray::from(vec![true, false, true]))),
        ];
        RecordBatch::try_from_iter(columns).expect("columns of three rows each")
    }

    #[test]
    fn counts_values_offsets_and_validity() {
        assert_eq!(of_batch(&batch()), 3 * 8 + (3 * 16 + 1) + (3 * 4 + 4) + 1);
    }

    #[test]
    fn counts_only_the_rows_of_a_slice() {
        assert_eq!(of_batch(&batch().slice(1, 1)), 8 + (16 + 1) + (4 + 3) + 1);
        assert_eq!(of_batch(&batch().slice(3, 0)), 0);
    }
}
