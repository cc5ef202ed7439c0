//! Runs one job and makes its report; what library and command have in common.

use serde::Serialize;
use writeproof_tables::{BatchSource, SourceError};

use crate::clock::now_ns;
use crate::empty_batches::WithEmptyBatches;
use crate::flag_watch::Watched;
use crate::protocol::{Batching, DirectProof, FileStamp, SourceKind, Subject, WorkerJob, WorkerReport};
use crate::slices::Slices;
use crate::{Failure, Step, direct, durable, job, process_tree, target, through_command, through_library};

/// Runs the job. When it fails, what the writer left in the job's directory is removed.
pub fn write(job: &WorkerJob) -> WorkerReport {
    // A job that cannot be taken may name a directory that is somebody's own: nothing is removed.
    if let Err(failure) = job::check(job) {
        return failure.report(false);
    }
    let outcome = match &job.subject {
        Subject::Library { path } => through_library::write(job, path),
        Subject::Command { argv, stdin } => through_command::write(job, argv, *stdin),
        Subject::Module { path } => Err(Failure::new(
            Step::Job,
            format!("{} is a JavaScript module: the Node worker loads it, not writeproof-worker", path.display()),
        )),
    };
    match outcome {
        Ok(done) => WorkerReport::Done(Box::new(done)),
        Err(failure) => {
            // What it started must not write on while its files are removed.
            process_tree::end_leftovers();
            failure.report(target::clear(&job.directory))
        }
    }
}

/// Opens the source and has its one-off work done, without pulling a batch.
///
/// # Errors
/// When the table's batches cannot be made or read.
pub fn open_source(job: &WorkerJob) -> Result<Box<dyn BatchSource>, Failure> {
    let source = match (job.source, &job.prepared_path) {
        (SourceKind::Prepared, Some(path)) => writeproof_tables::prepared(path),
        _ => writeproof_tables::generated(&job::request(job)),
    };
    let source = source.map_err(source_failure)?;
    let source = if job.slice_rows > 0 { Box::new(Slices::new(source, job.slice_rows)) } else { source };
    Ok(if job.empty_batches { Box::new(WithEmptyBatches::new(source)) } else { source })
}

/// The failure of a source, at its step.
pub fn source_failure(error: SourceError) -> Failure {
    Failure { step: Step::Source, errno: error.errno(), message: error.to_string() }
}

pub(crate) fn batching_by(job: &WorkerJob, engine_collects: bool) -> &'static str {
    match job.switches.batching {
        Batching::PerBatch => "none",
        Batching::AtClose if engine_collects => "engine",
        Batching::AtClose => "writer",
    }
}

pub(crate) fn warn_unread(warnings: &mut Vec<String>, read: bool, what: &str) {
    if !read {
        warnings.push(format!("{what} could not be read from /proc: not measured"));
    }
}

/// What is seen between close and durable.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ending {
    /// The files right after close.
    pub files_after_close: Vec<FileStamp>,
    /// Of direct cases.
    pub direct: Option<DirectProof>,
    /// Pages of the files that the engine's fsync left unwritten; null where nobody says.
    pub unwritten_pages: Option<u64>,
    /// The engine's fsync.
    pub sync_ns: u64,
    /// From the worker's spawn to durable, without the inspection.
    pub spawn_to_durable_ns: u64,
}

/// Looks at the files right after close, outside the clocks, then makes them durable. For direct cases, `watched` has the
/// files that were open with O_DIRECT. A change of a file from here on shows in its stamp.
///
/// # Errors
/// When a file cannot be looked at or synced.
pub fn end(job: &WorkerJob, watched: Option<&Watched>) -> Result<Ending, Failure> {
    let returned = now_ns();
    let files_after_close = stamps(job)?;
    let direct = watched.map(|watched| direct::prove(&job.directory, watched)).transpose().map_err(|error| {
        Failure::system(Step::Sync, format_args!("inspecting the files below {}", job.directory.display()), &error)
    })?;
    let syncing = now_ns();
    target::make_durable(&job.directory)?;
    let durable = now_ns();
    let unwritten_pages = durable::unwritten_pages(&job.directory).map_err(|error| {
        let what = format_args!("asking for unwritten pages of the files below {}", job.directory.display());
        Failure::system(Step::Sync, what, &error)
    })?;
    target::outlast(&files_after_close);
    Ok(Ending {
        files_after_close,
        direct,
        unwritten_pages,
        sync_ns: durable - syncing,
        spawn_to_durable_ns: (durable - (syncing - returned)).saturating_sub(job.spawned_at_ns as u64),
    })
}

/// Stamps of all files of the job.
///
/// # Errors
/// When one cannot be looked at.
pub fn stamps(job: &WorkerJob) -> Result<Vec<FileStamp>, Failure> {
    target::stamps(&job.directory).map_err(|error| {
        Failure::system(Step::Close, format_args!("looking at the files below {}", job.directory.display()), &error)
    })
}
