//! A file of somebody's own as a table: its rows, read by arrow-rs, in a prepared file.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use napi::Result;
use napi_derive::napi;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use serde::Deserialize;
use writeproof_tables::{BatchSource, Busy, SourceError, prepare_from, prepared_facts};

use crate::to_js;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileJob {
    path: PathBuf,
    table: String,
    batch_rows: usize,
    prepared_path: PathBuf,
}

/// Batches of a Parquet file in its order.
struct ParquetSource {
    reader: ParquetRecordBatchReader,
    schema: SchemaRef,
    busy_ns: u64,
}

impl ParquetSource {
    fn open(path: &Path, batch_rows: usize) -> std::result::Result<Self, String> {
        let file = File::open(path).map_err(|error| error.to_string())?;
        // Types as Parquet declares them, which is how every other reader sees them; not as the Arrow program had them that wrote it.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder =
            ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(|error| error.to_string())?;
        let plain = |field: &Arc<Field>| Field::new(field.name(), field.data_type().clone(), field.is_nullable());
        let schema = Arc::new(Schema::new(builder.schema().fields().iter().map(plain).collect::<Vec<_>>()));
        let reader = builder.with_batch_size(batch_rows).build().map_err(|error| error.to_string())?;
        Ok(Self { reader, schema, busy_ns: 0 })
    }
}

impl BatchSource for ParquetSource {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn next(&mut self) -> std::result::Result<Option<RecordBatch>, SourceError> {
        let begun = Instant::now();
        let batch = self.reader.next().transpose()?;
        self.busy_ns += begun.elapsed().as_nanos() as u64;
        Ok(batch.map(|batch| RecordBatch::try_new(self.schema(), batch.columns().to_vec())).transpose()?)
    }

    fn busy(&self) -> Busy {
        Busy { generate_ns: self.busy_ns, convert_ns: 0 }
    }
}

/// Puts the rows of a Parquet file into a prepared file: `Facts` of harness/types.ts as JSON, by what arrow-rs read. The job is JSON:
/// `PrepareFileJob` of harness/run/file-table.ts.
#[napi]
pub fn prepare_file(job: String) -> Result<String> {
    let job: FileJob = serde_json::from_str(&job).map_err(to_js)?;
    let source = ParquetSource::open(&job.path, job.batch_rows).map_err(to_js)?;
    let facts = prepare_from(Box::new(source), &job.table, &job.prepared_path).map_err(to_js)?;
    serde_json::to_string(&facts).map_err(to_js)
}

/// The facts that a prepared file was made with, as JSON.
#[napi]
pub fn facts_of_prepared(path: String) -> Result<String> {
    serde_json::to_string(&prepared_facts(Path::new(&path)).map_err(to_js)?).map_err(to_js)
}
