//! A snapshot of a store as Parquet, while others write to the store.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use rocksdb::Snapshot;
use serde::{Deserialize, Serialize};
use serde_json::Map;
use sha2::{Digest, Sha256};
use writeproof_abi::Writer;
use writeproof_columnar::{Imported, ParquetWriter};
use writeproof_digest::TableDigest;

use crate::columns::schema_of;
use crate::definition::GROUPS;
use crate::error::Error;
use crate::faults::{self, Fault};
use crate::load::{Load, Progress, Written, write};
use crate::plain::digest_of_store;
use crate::plan::{BATCH_ROWS, OnBadValue, Options};
use crate::query::Query;
use crate::scan::Scan;
use crate::store::Store;
use crate::strategy::Strategy;

/// What is to be flushed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FlushJob {
    /// The first file; nothing lies there yet.
    pub target: PathBuf,
    /// Files of the same snapshot, one after the other. The second is `NAME-2.parquet` beside `NAME.parquet`.
    #[serde(default = "one")]
    pub copies: u32,
    /// Rows of a batch.
    #[serde(default = "batch_rows")]
    pub batch_rows: usize,
    /// A lie.
    pub fault: Option<Fault>,
    /// What is written meanwhile.
    pub load: Load,
}

fn one() -> u32 {
    1
}

fn batch_rows() -> usize {
    BATCH_ROWS
}

impl FlushJob {
    /// Reads a job.
    ///
    /// # Errors
    /// Where it is none.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let job: Self = serde_json::from_str(text).map_err(|error| {
            Error::misuse(format!(
                "the job {text} cannot be read: {error}; expected {{target, copies, batchRows, fault, load: {{threads, seed, seconds, operations}}}}"
            ))
        })?;
        if job.copies == 0 || job.batch_rows == 0 {
            return Err(Error::misuse(format!(
                "copies is {} and batchRows {}; expected at least 1 of both",
                job.copies, job.batch_rows
            )));
        }
        Ok(job)
    }

    fn files(&self) -> Vec<PathBuf> {
        let copy = |number: u32| {
            if number == 1 {
                return self.target.clone();
            }
            let stem = self.target.file_stem().unwrap_or_default().to_string_lossy();
            let extension = self.target.extension().map(|text| format!(".{}", text.to_string_lossy()));
            self.target.with_file_name(format!("{stem}-{number}{}", extension.unwrap_or_default()))
        };
        (1..=self.copies).map(copy).collect()
    }
}

/// A file that was written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Flushed {
    /// Where.
    pub path: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// Rows written to it.
    pub rows: u64,
    /// Of its bytes, in hexadecimal.
    pub sha256: String,
}

/// What a flush did.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlushReport {
    /// Sequence number of the snapshot, which is the nonce of the files.
    pub sequence: u64,
    /// Live rows of the snapshot.
    pub rows: u64,
    /// Every copy.
    pub files: Vec<Flushed>,
    /// Of the snapshot's live rows, read the plain way before anything else was written.
    pub digest_of_snapshot: TableDigest,
    /// What was written meanwhile.
    #[serde(flatten)]
    pub written: Written,
    /// Of the live rows that the store had in the end.
    pub digest_after: TableDigest,
}

/// Writes a snapshot to files, under load.
///
/// # Errors
/// Where the store was opened for reading alone, a file is there already or cannot be written, or the store is damaged. No file of
/// the job stays.
pub fn flush(store: &Store, job: &FlushJob) -> Result<FlushReport, Error> {
    if store.is_read_only() {
        return Err(Error::misuse(format!(
            "the store {} was opened read-only; a flush writes to it: open it with readOnly false",
            store.path().display()
        )));
    }
    let files = job.files();
    if let Some(there) = files.iter().find(|file| fs::symlink_metadata(file).is_ok()) {
        return Err(Error::misuse(format!("there is something at {} already; expected nothing", there.display())));
    }
    let columns = store.facts().columns;
    let encoding = store.facts().encoding;
    let snapshot = store.db().snapshot();
    let digest_of_snapshot = digest_of_store(snapshot.raw_iterator(), encoding, columns)?;
    if job.load.threads > 0 {
        store.mark_changed()?;
    }
    let result = under_load(store, job, &files, &snapshot);
    if result.is_err() {
        for file in &files {
            // Only what this job made can lie there.
            let _ = fs::remove_file(file);
        }
    }
    let (flushed, written) = result?;
    Ok(FlushReport {
        sequence: snapshot.sequence_number(),
        rows: digest_of_snapshot.rows,
        files: flushed,
        digest_of_snapshot,
        written,
        digest_after: digest_of_store(store.db().raw_iterator(), encoding, columns)?,
    })
}

/// Writes the files while threads write to the store.
fn under_load(
    store: &Store,
    job: &FlushJob,
    files: &[PathBuf],
    snapshot: &Snapshot<'_>,
) -> Result<(Vec<Flushed>, Written), Error> {
    let progress = Progress::default();
    thread::scope(|scope| {
        let started = Instant::now();
        let threads: Vec<_> = (0..job.load.threads)
            .map(|thread| {
                let progress = &progress;
                scope.spawn(move || write(store, &job.load, thread, progress))
            })
            .collect();
        while progress.started.load(Ordering::Acquire) < job.load.threads {
            thread::sleep(Duration::from_millis(1));
        }
        let flushed: Result<Vec<_>, Error> = files.iter().map(|file| write_file(store, job, file, snapshot)).collect();
        if let (Ok(_), Some(seconds), None) = (&flushed, job.load.seconds, job.load.operations) {
            thread::sleep(Duration::from_secs(seconds).saturating_sub(started.elapsed()));
        }
        if flushed.is_err() || job.load.operations.is_none() {
            progress.stop.store(true, Ordering::Relaxed);
        }
        let mut written = Written::default();
        let mut failure = None;
        for thread in threads {
            match thread.join() {
                Ok(Ok(of_thread)) => {
                    written.puts += of_thread.puts;
                    written.deletes += of_thread.deletes;
                    written.overwrites += of_thread.overwrites;
                }
                Ok(Err(error)) => failure = Some(error),
                Err(_) => failure = Some(Error::io("a thread of the load panicked")),
            }
        }
        failure.map_or_else(|| flushed.map(|flushed| (flushed, written)), Err)
    })
}

/// Writes one file, group by group, so that no more than a group is in memory.
fn write_file(store: &Store, job: &FlushJob, path: &Path, snapshot: &Snapshot<'_>) -> Result<Flushed, Error> {
    let cannot = |error: writeproof_abi::Error| Error::io(format!("cannot write {}: {error}", path.display()));
    let facts = store.facts();
    let columns: Vec<usize> = (0..facts.columns).collect();
    let nonce = snapshot.sequence_number().to_string();
    let mut writer = ParquetWriter::open(path, &Map::new(), &nonce, schema_of(&columns)).map_err(cannot)?;
    let options = Options { on_bad_value: OnBadValue::Stop, batch_rows: job.batch_rows, fault: job.fault };
    let snapshot = faults::holds_snapshot(job.fault).then_some(snapshot);
    let mut rows = 0;
    for group in 0..GROUPS {
        let query =
            Query { columns: columns.clone(), conditions: Vec::new(), prefix: format!("g{group:02}/"), limit: None };
        let mut scan = Scan::new(facts, query, Strategy::FULL, options);
        rows += scan.run_at(store, snapshot)?;
        for batch in &scan.found()?.batches {
            writer.take(Imported { batch: batch.clone(), address_fold: 0 }).map_err(cannot)?;
        }
    }
    writer.close().map_err(cannot)?;
    let unread = |error: io::Error| Error::io(format!("cannot read {}: {error}", path.display()));
    let (bytes, sha256) = sha256_of(path).map_err(unread)?;
    Ok(Flushed { path: path.to_owned(), bytes, rows, sha256 })
}

/// Size and SHA-256 of a file.
fn sha256_of(path: &Path) -> io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            let text = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
            return Ok((bytes, text));
        }
        hash.update(&buffer[..count]);
        bytes += count as u64;
    }
}
