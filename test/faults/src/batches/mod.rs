//! Faults that change the stream of batches on its way to an honest writer, whatever its format.

mod arrival;
mod columns;
mod declared;
mod dictionaries;
mod each;
mod nullness;
mod order;
mod state;
mod text;
mod values;

use arrow::array::{Array, RecordBatch, StructArray};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ffi::FFI_ArrowArray;
use writeproof_abi::address_fold;
use writeproof_columnar::Imported;

use each::Each;

/// What happens to batches, in the order in which they come.
pub(crate) trait Change {
    /// The schema that the honest writer is created with, where it is not that of the batches.
    fn schema(&self) -> Option<SchemaRef> {
        None
    }

    /// The batches that are written in the place of this one.
    fn take(&mut self, imported: Imported) -> Result<Vec<Imported>, ArrowError>;

    /// The writer was told to flush.
    fn flushed(&mut self) {}

    /// The batches that are written after the last.
    fn end(&mut self) -> Vec<Imported> {
        Vec::new()
    }

    /// What would have been needed, when nothing was changed.
    fn missing(&self) -> Option<&'static str>;
}

/// The change to batches of a schema.
pub(crate) type Make = fn(&Schema) -> Box<dyn Change>;

pub(crate) const FAULTS: &[(&str, Make)] = &[
    ("stop-at-empty-batch", |_| Box::new(arrival::StopAtEmpty::default())),
    ("retry-tail", |_| Box::new(arrival::RetryTail::default())),
    ("dup-batch", |_| Box::new(arrival::Twice::default())),
    ("dup-drop", |_| Box::new(arrival::TwiceForAnother::default())),
    ("row-shuffle", |_| Each::once(order::shuffle, "no two rows of a batch differ")),
    ("column-shift", |_| Each::once(order::shift_column, "no column of a batch has two values")),
    ("shuffle-shift", |_| Each::once(order::shift_and_shuffle, "no column of a batch has two values")),
    ("row-replaced", |_| Each::once(order::replace_row, "no two neighbouring rows of a batch differ")),
    ("null-count-unknown", |schema| Box::new(nullness::Uncounted::of(schema))),
    ("short-null-buffer", |_| {
        Each::all(
            nullness::cut_short,
            "no column of numbers has a null in the last, partial word or byte of its bitmap",
        )
    }),
    ("dict-first-only", |_| Box::new(dictionaries::FirstOnly::default())),
    ("dict-key-width", |_| {
        Each::all(dictionaries::lose_highest, "no nullable dictionary with keys of 8 bits uses its 128th value")
    }),
    ("dict-index", |schema| Box::new(dictionaries::Index::of(schema))),
    ("encoder-state", |schema| Box::new(state::Carried::of(schema))),
    ("buffer-reuse", |_| Box::new(state::ReusedBuffer::default())),
    ("bool-flip", |_| Each::once(values::flip_last_bool, "no bool column has a value in the last row of a batch")),
    ("decimal-scale", declared::decimal_scale),
    ("decimal-value", |_| Each::all(values::ten_times, "no decimal column has a value that can be ten times as large")),
    ("tz-dropped", declared::zone_dropped),
    ("tz-added", declared::zone_added),
    ("nullable-added", declared::nullable_added),
    ("nan-normalised", |_| Each::all(values::canonical_nan, "no value is another NaN than the canonical one")),
    ("negative-zero", |_| Each::all(values::positive_zero, "no value is -0.0")),
    ("utf8-truncated", |_| Each::all(text::truncate, "no text is longer than 255 bytes")),
    ("int-narrowed", |_| Each::all(values::narrow, "no int64 value needs more than 32 bits")),
    ("date-shifted", |_| Each::all(values::day_before, "no column of dates has a value")),
];

/// A batch of new memory, or some of it new; the fold is that of its own addresses.
pub(crate) fn changed(batch: RecordBatch) -> Imported {
    let array = FFI_ArrowArray::new(&StructArray::from(batch.clone()).into_data());
    // SAFETY: the array has the layout of the C struct, was just made, and lives until the call has returned.
    let address_fold = unsafe { address_fold((&raw const array).cast()) };
    Imported { batch, address_fold }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{ArrayRef, Int64Array};
    use arrow::datatypes::DataType;

    use super::*;

    #[test]
    fn every_change_without_a_batch_says_what_it_needs() {
        let schema = Schema::empty();
        let all: Vec<_> = FAULTS.iter().filter_map(|(_, make)| make(&schema).missing()).collect();
        assert_eq!(all.len(), 26);
        assert!(all.iter().all(|needed| needed.len() > 10), "{all:?}");
    }

    #[test]
    fn the_fold_is_that_of_the_memory_of_a_batch() {
        let batch = |values: &ArrayRef| RecordBatch::try_from_iter([("number", Arc::clone(values))]).unwrap();
        let [one, other]: [ArrayRef; 2] = [(); 2].map(|()| Arc::new(Int64Array::from(vec![1, 2])) as ArrayRef);
        assert_eq!(one.data_type(), &DataType::Int64);
        assert_eq!(changed(batch(&one)).address_fold, changed(batch(&one)).address_fold);
        assert_ne!(changed(batch(&one)).address_fold, changed(batch(&other)).address_fold);
    }
}
