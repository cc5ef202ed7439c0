//! Arrow IPC files and streams by arrow-rs, for what another implementation wrote.

use std::fs::File;
use std::io::BufReader;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use arrow::ipc::reader::{FileReader, StreamReader};
use serde::{Deserialize, Serialize};
use writeproof_digest::{Digester, TableDigest};

use crate::ReaderError;

/// Batches that are read ahead of the digest.
const AHEAD: usize = 2;

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

fn failed(reason: impl std::fmt::Display) -> ReaderError {
    ReaderError::new("reading Arrow IPC", reason)
}

type Batches = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>>>;

fn open(path: &Path, is_stream: bool) -> Result<(Batches, arrow::datatypes::SchemaRef), ArrowError> {
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
    // arrow-rs panics on some malformed messages, and no data may end the process.
    catch_unwind(AssertUnwindSafe(|| read(job)))
        .unwrap_or_else(|_| Err(failed("malformed data, at which arrow-rs panics")))
}

fn read(job: &ArrowJob) -> Result<ArrowReading, ReaderError> {
    let started = Instant::now();
    std::thread::scope(|scope| {
        let (sender, batches) = sync_channel::<RecordBatch>(AHEAD);
        let (tell_schema, schema) = sync_channel(1);
        let reading = scope.spawn(move || -> Result<(), ReaderError> {
            let (read, schema) = open(&job.path, job.is_stream).map_err(failed)?;
            // Nobody listens any more when the digest has failed, which is reported instead.
            let _ = tell_schema.send(schema);
            for batch in read {
                if sender.send(batch.map_err(failed)?).is_err() {
                    break;
                }
            }
            Ok(())
        });
        let digested = schema.recv().map_err(failed).and_then(|schema| {
            let mut digester = Digester::new(&schema, job.first_row).map_err(failed)?;
            for batch in batches.iter() {
                digester.update(&batch).map_err(failed)?;
            }
            Ok(digester.finish())
        });
        drop(batches);
        reading.join().unwrap_or_else(|_| Err(failed("malformed data, at which arrow-rs panics")))?;
        let digest = digested?;
        let ns = u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX);
        Ok(ArrowReading { rows: digest.rows, digest, ns })
    })
}
