//! Batches from arrays: checked or not, with the schema shared or copied.

use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;

/// A schema that shares nothing with the one it is a copy of.
#[must_use]
pub fn cloned(schema: &Schema) -> SchemaRef {
    let fields: Vec<_> = schema.fields().iter().map(|field| field.as_ref().clone()).collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// A batch of these columns.
///
/// # Errors
/// Where arrow-rs finds that they do not fit the schema, if it is asked to look.
///
/// # Safety
/// With `unchecked`, each column has the type that the schema names, and as many rows as the others, which are `rows`.
pub unsafe fn batch(
    schema: SchemaRef,
    columns: Vec<ArrayRef>,
    rows: usize,
    unchecked: bool,
) -> Result<RecordBatch, ArrowError> {
    if unchecked {
        // SAFETY: as the caller promises.
        return Ok(unsafe { RecordBatch::new_unchecked(schema, columns, rows) });
    }
    RecordBatch::try_new(schema, columns)
}
