//! Nulls that are not seen for what they are. The values under them are what lies there.

use std::sync::Arc;

use arrow::array::{Array, RecordBatch, make_array};
use arrow::buffer::{BooleanBuffer, NullBuffer};
use arrow::datatypes::{DataType, Schema, SchemaRef};
use arrow::error::ArrowError;
use writeproof_columnar::Imported;

use super::each::Damaged;
use super::{Change, changed, columns, declared};
use crate::nulls;

/// The null count that says "not counted" (-1) is taken for "none": columns of plain types lose their nulls, and are declared as
/// having none.
pub(super) struct Uncounted {
    written: SchemaRef,
    damaged: bool,
}

impl Uncounted {
    pub fn of(schema: &Schema) -> Self {
        let written = declared::with_fields(schema, |field| {
            let kind = field.data_type();
            let plain = kind.primitive_width().is_some() || matches!(kind, DataType::Boolean | DataType::Utf8);
            (plain && field.is_nullable()).then(|| field.clone().with_nullable(false))
        });
        Self { written, damaged: false }
    }
}

impl Change for Uncounted {
    fn schema(&self) -> Option<SchemaRef> {
        Some(Arc::clone(&self.written))
    }

    fn take(&mut self, imported: Imported) -> Result<Vec<Imported>, ArrowError> {
        let filled = nulls::fill(&imported.batch)?;
        self.damaged |= filled.is_some();
        let columns = filled.unwrap_or(imported.batch).columns().to_vec();
        Ok(vec![changed(RecordBatch::try_new(Arc::clone(&self.written), columns)?)])
    }

    fn missing(&self) -> Option<&'static str> {
        (!self.damaged).then_some("no column of numbers, bools or text has nulls")
    }
}

const BITS_OF_WORD: usize = 512;
const BITS_OF_BYTE: usize = 8;

/// A bitmap is read as far as it fills words of 64 bytes, or bytes where it fills no such word; rows beyond pass for valid.
pub(super) fn cut_short(batch: &RecordBatch) -> Damaged {
    columns::every(batch, |_, column| {
        let Some(nulls) = column.nulls().filter(|_| column.data_type().primitive_width().is_some()) else {
            return Ok(None);
        };
        let rows = column.len();
        let unit = if rows > BITS_OF_WORD { BITS_OF_WORD } else { BITS_OF_BYTE };
        let end = rows - rows % unit;
        let read = BooleanBuffer::collect_bool(rows, |row| row >= end || nulls.is_valid(row));
        if &read == nulls.inner() {
            return Ok(None);
        }
        let data = column.to_data().into_builder().nulls(Some(NullBuffer::new(read))).build()?;
        Ok(Some(make_array(data)))
    })
}

#[cfg(test)]
mod tests {
    use arrow::array::{ArrayRef, BinaryArray, Int32Array};

    use super::*;

    fn every_second_null(rows: i32) -> RecordBatch {
        let numbers: ArrayRef = Arc::new((0..rows).map(|row| (row % 2 == 0).then_some(row)).collect::<Int32Array>());
        let bytes: ArrayRef = Arc::new((0..rows).map(|row| (row % 2 == 0).then_some(b"x")).collect::<BinaryArray>());
        RecordBatch::try_from_iter_with_nullable([("numbers", numbers, true), ("bytes", bytes, true)]).unwrap()
    }

    #[test]
    fn columns_that_were_not_counted_lose_their_nulls_and_say_that_they_have_none() {
        let batch = every_second_null(4);
        let mut change = Uncounted::of(&batch.schema());
        assert!(change.missing().is_some());
        let taken = change.take(changed(batch.clone())).unwrap();
        let written = &taken[0].batch;
        assert_eq!(written.schema(), change.schema().unwrap());
        assert_eq!([0, 1].map(|column| written.schema().field(column).is_nullable()), [false, true]);
        assert_eq!(written.column(0).as_ref(), &Int32Array::from(vec![0, 0, 2, 0]) as &dyn Array);
        assert_eq!(written.column(1), batch.column(1));
        assert_eq!(change.missing(), None);
    }

    fn nulls_after_cut(rows: i32) -> Option<[usize; 2]> {
        let cut = cut_short(&every_second_null(rows)).unwrap();
        cut.map(|batch| [0, 1].map(|column| batch.column(column).null_count()))
    }

    #[test]
    fn a_bitmap_is_read_in_whole_words_or_bytes() {
        assert_eq!(nulls_after_cut(520), Some([256, 260]));
        assert_eq!(nulls_after_cut(1_200), Some([512, 600]));
        assert_eq!(nulls_after_cut(20), Some([8, 10]));
        assert_eq!([16, 512, 1_024, 17].map(nulls_after_cut), [None; 4]);
    }
}
