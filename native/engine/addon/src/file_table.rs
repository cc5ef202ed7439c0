//! A file of somebody's own as a table: its rows, read by arrow-rs, in a prepared file.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use napi::Result;
use napi_derive::napi;
use serde::Deserialize;
use writeproof_tables::{BatchSource, Facts, prepare_from, prepared_facts};

use crate::arrow_source::ArrowSource;
use crate::parquet_source::ParquetSource;
use crate::to_js;

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    Parquet,
    Arrow,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileJob {
    path: PathBuf,
    format: Format,
    table: String,
    batch_rows: usize,
    prepared_path: PathBuf,
}

fn prepare(job: &FileJob) -> std::result::Result<Facts, String> {
    let source: Box<dyn BatchSource> = match job.format {
        Format::Parquet => Box::new(ParquetSource::open(&job.path, job.batch_rows)?),
        Format::Arrow => Box::new(ArrowSource::open(&job.path, job.batch_rows)?),
    };
    prepare_from(source, &job.table, &job.prepared_path).map_err(|error| error.to_string())
}

/// Puts the rows of a Parquet or Arrow file into a prepared file: `Facts` of harness/types.ts as JSON, by what arrow-rs read. The job is
/// JSON: `PrepareFileJob` of harness/run/file-table.ts.
#[napi]
pub fn prepare_file(job: String) -> Result<String> {
    let job: FileJob = serde_json::from_str(&job).map_err(to_js)?;
    // arrow-rs panics on some malformed messages.
    let facts = catch_unwind(AssertUnwindSafe(|| prepare(&job)))
        .unwrap_or_else(|_| Err("malformed data, at which arrow-rs panics".to_owned()))
        .map_err(to_js)?;
    serde_json::to_string(&facts).map_err(to_js)
}

/// The facts that a prepared file was made with, as JSON.
#[napi]
pub fn facts_of_prepared(path: String) -> Result<String> {
    serde_json::to_string(&prepared_facts(Path::new(&path)).map_err(to_js)?).map_err(to_js)
}
