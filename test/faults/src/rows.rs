//! Damage to one batch. Each returns None when the batch has nothing to damage in that way.

use std::sync::Arc;

use arrow::array::{Array, ArrayRef, RecordBatch, UInt32Array};
use arrow::compute::take;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;

type Damaged = Result<Option<RecordBatch>, ArrowError>;

pub(crate) fn row_numbers(rows: usize) -> Vec<u32> {
    (0_u32..).take(rows).collect()
}

pub(crate) fn differ(column: &ArrayRef, row: usize, other: usize) -> bool {
    column.slice(row, 1).to_data() != column.slice(other, 1).to_data()
}

/// Gives the first row that differs from the one before it that one's value, in one column.
pub(crate) fn change_value(batch: &RecordBatch) -> Damaged {
    for (index, column) in batch.columns().iter().enumerate() {
        if let Some(row) = (1..batch.num_rows()).find(|&row| differ(column, row - 1, row)) {
            let mut numbers = row_numbers(batch.num_rows());
            numbers[row] = numbers[row - 1];
            let changed = take(column, &UInt32Array::from(numbers), None)?;
            return replace(batch, index, changed, batch.schema()).map(Some);
        }
    }
    Ok(None)
}

/// Makes the first value of the first column null; `schema` allows it.
pub(crate) fn null_value(batch: &RecordBatch, schema: &SchemaRef) -> Damaged {
    let Some(column) = batch.columns().first() else { return Ok(None) };
    let Some(row) = (0..batch.num_rows()).find(|&row| column.is_valid(row)) else { return Ok(None) };
    let mut numbers: Vec<Option<u32>> = row_numbers(batch.num_rows()).into_iter().map(Some).collect();
    numbers[row] = None;
    let changed = take(column, &UInt32Array::from(numbers), None)?;
    replace(batch, 0, changed, Arc::clone(schema)).map(Some)
}

fn replace(batch: &RecordBatch, index: usize, column: ArrayRef, schema: SchemaRef) -> Result<RecordBatch, ArrowError> {
    let mut columns = batch.columns().to_vec();
    columns[index] = column;
    RecordBatch::try_new(schema, columns)
}

/// The schema with its first column nullable.
pub(crate) fn first_nullable(schema: &Schema) -> SchemaRef {
    let mut fields: Vec<_> = schema.fields().iter().cloned().collect();
    if let Some(first) = fields.first_mut() {
        *first = Arc::new(first.as_ref().clone().with_nullable(true));
    }
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}
