//! Arrow IPC files and streams by arrow-rs, for what another implementation wrote.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReader, StreamReader};
use serde::{Deserialize, Serialize};
use writeproof_digest::TableDigest;

use crate::ReaderError;
use crate::ahead::{Batches, Digested, digest_ahead};

/// What to read.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArrowJob {
    /// The file.
    pub path: PathBuf,
    /// Whether it is a stream without a footer.
    pub is_stream: bool,
    /// Index in the whole table of the file's first row.
    #[serde(default)]
    pub first_row: u64,
}

/// What was read.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ArrowReading {
    /// Rows that came.
    pub rows: u64,
    /// Digest of all of them.
    pub digest: TableDigest,
    /// Time from opening to the last row, nanoseconds.
    pub ns: u64,
}

fn failed(reason: &dyn std::fmt::Display) -> ReaderError {
    ReaderError::new("reading Arrow IPC", reason)
}

fn open(path: &Path, is_stream: bool) -> Result<(Batches, SchemaRef), ArrowError> {
    let file = BufReader::new(File::open(path)?);
    if is_stream {
        let reader = StreamReader::try_new(file, None)?;
        let schema = reader.schema();
        return Ok((Box::new(reader), schema));
    }
    let reader = FileReader::try_new(file, None)?;
    let schema = reader.schema();
    Ok((Box::new(reader), schema))
}

/// Reads and digests a whole file; reading and digesting each have a thread.
///
/// # Errors
/// When arrow-rs cannot read it, or a type has no digest.
pub fn read_arrow(job: &ArrowJob) -> Result<ArrowReading, ReaderError> {
    let open = || open(&job.path, job.is_stream).map_err(|error| failed(&error));
    let Digested { digest, ns, .. } = digest_ahead(open, job.first_row, failed)?;
    Ok(ArrowReading { rows: digest.rows, digest, ns })
}
