use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, new_null_array};
use arrow::datatypes::{Field, Schema, SchemaRef};

use crate::ReaderError;
use crate::conversion::{convert, holds};

/// What is made of a chunk's columns.
pub(crate) struct Columns {
    /// Row number, and the columns that are read, as DuckDB delivers them.
    pub arguments: SchemaRef,
    /// All columns of the file, as they are digested.
    declared: SchemaRef,
    is_read: Vec<bool>,
}

impl Columns {
    pub fn new(arguments: SchemaRef, declared: SchemaRef, is_read: Vec<bool>) -> Self {
        Self { arguments, declared, is_read }
    }

    /// Whether all columns are read, and in the bytes that the digest wants.
    pub fn are_held_as_declared(&self) -> bool {
        let delivered = self.arguments.fields().iter().skip(1);
        let mut pairs = self.declared.fields().iter().zip(delivered);
        self.is_read.iter().all(|is_read| *is_read)
            && pairs.all(|(declared, delivered)| holds(declared.data_type(), delivered.data_type()))
    }

    /// The rows of a batch as they are declared; nulls in the columns that are not read.
    pub fn as_declared(&self, batch: &RecordBatch) -> Result<RecordBatch, ReaderError> {
        let mut delivered = batch.columns().iter().skip(1);
        let column = |(field, is_read): (&Arc<Field>, &bool)| -> Result<ArrayRef, ReaderError> {
            let array = is_read.then(|| delivered.next()).flatten();
            array.map_or_else(
                || Ok(new_null_array(field.data_type(), batch.num_rows())),
                |array| {
                    convert(field.data_type(), array)
                        .map_err(|error| ReaderError::new(format!("column {}", field.name()), error))
                },
            )
        };
        let columns = self.declared.fields().iter().zip(&self.is_read).map(column).collect::<Result<Vec<_>, _>>()?;
        // What is converted has any layout of the declared type.
        let fields = self.declared.fields().iter().zip(&columns);
        let fields: Vec<_> =
            fields.map(|(field, array)| Field::new(field.name(), array.data_type().clone(), true)).collect();
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        RecordBatch::try_new_with_options(Arc::new(Schema::new(fields)), columns, &options)
            .map_err(|error| ReaderError::new("DuckDB's batch", error))
    }
}
