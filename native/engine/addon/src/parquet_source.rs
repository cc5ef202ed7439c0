//! Batches of a Parquet file in its order, read by arrow-rs.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use writeproof_tables::{BatchSource, Busy, SourceError};

use crate::bare::{bare_column, bare_schema};

pub(crate) struct ParquetSource {
    reader: ParquetRecordBatchReader,
    schema: SchemaRef,
    busy_ns: u64,
}

impl ParquetSource {
    pub(crate) fn open(path: &Path, batch_rows: usize) -> Result<Self, String> {
        let file = File::open(path).map_err(|error| error.to_string())?;
        // Types as Parquet declares them, which is how every other reader sees them; not as the Arrow program had them that wrote it.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder =
            ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(|error| error.to_string())?;
        let schema = Arc::new(bare_schema(builder.schema()));
        let reader = builder.with_batch_size(batch_rows).build().map_err(|error| error.to_string())?;
        Ok(Self { reader, schema, busy_ns: 0 })
    }
}

impl BatchSource for ParquetSource {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, SourceError> {
        let begun = Instant::now();
        let batch = self.reader.next().transpose()?;
        self.busy_ns += begun.elapsed().as_nanos() as u64;
        let bare =
            |batch: RecordBatch| RecordBatch::try_new(self.schema(), batch.columns().iter().map(bare_column).collect());
        Ok(batch.map(bare).transpose()?)
    }

    fn busy(&self) -> Busy {
        Busy { generate_ns: self.busy_ns, convert_ns: 0 }
    }
}
