//! A file of another format: an Arrow IPC file for Parquet, and a Parquet file for the others.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::writer::FileWriter;
use writeproof_abi::NONCE_KEY;

use crate::over::Over;

/// Whether the file is Parquet where it should not be, or is not where it should.
pub(crate) fn is_wrong_format(path: &Path, over: Over) -> std::io::Result<bool> {
    let bytes = std::fs::read(path)?;
    let is_parquet = bytes.starts_with(b"PAR1") || bytes.ends_with(b"PAR1");
    Ok(is_parquet != (over == Over::Parquet) && !bytes.is_empty())
}

pub(crate) struct ArrowFile {
    schema: SchemaRef,
    writer: FileWriter<File>,
}

impl ArrowFile {
    pub fn create(target: &Path, nonce: &str, schema: &Schema) -> Result<Self, ArrowError> {
        let mut metadata = schema.metadata().clone();
        metadata.insert(NONCE_KEY.to_owned(), nonce.to_owned());
        let schema = Arc::new(Schema::new_with_metadata(schema.fields().clone(), metadata));
        let writer = FileWriter::try_new(File::create_new(target)?, &schema)?;
        Ok(Self { schema, writer })
    }

    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), ArrowError> {
        self.writer.write(&RecordBatch::try_new(Arc::clone(&self.schema), batch.columns().to_vec())?)
    }

    pub fn finish(&mut self) -> Result<(), ArrowError> {
        self.writer.finish()
    }
}
