//! Columns in the place of others.

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::Field;
use arrow::error::ArrowError;

use super::each::Damaged;

/// The changed column, or None where there is nothing to change.
pub(super) type ChangedColumn = Result<Option<ArrayRef>, ArrowError>;

/// Changes the first `limit` columns that can be changed.
fn up_to(batch: &RecordBatch, limit: usize, mut change: impl FnMut(&Field, &ArrayRef) -> ChangedColumn) -> Damaged {
    let schema = batch.schema();
    let mut columns = batch.columns().to_vec();
    let mut changed = 0;
    for (field, column) in schema.fields().iter().zip(&mut columns) {
        if changed < limit
            && let Some(other) = change(field, column)?
        {
            *column = other;
            changed += 1;
        }
    }
    (changed > 0).then(|| RecordBatch::try_new(schema, columns)).transpose()
}

pub(super) fn first(batch: &RecordBatch, change: impl FnMut(&Field, &ArrayRef) -> ChangedColumn) -> Damaged {
    up_to(batch, 1, change)
}

pub(super) fn every(batch: &RecordBatch, change: impl FnMut(&Field, &ArrayRef) -> ChangedColumn) -> Damaged {
    up_to(batch, usize::MAX, change)
}
