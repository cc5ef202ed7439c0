//! Steps of the interface that no case takes, for `check-writer`: giving up half-way, a target that is taken, two writers in turn.

use std::fs;
use std::path::{Path, PathBuf};

use arrow::ffi::FFI_ArrowSchema;
use serde::{Deserialize, Serialize};

use crate::handover::Handover;
use crate::library::{LoadedWriter, WriterLibrary};
use crate::protocol::{Subject, WorkerJob};
use crate::settle::{Settled, settle};
use crate::target::Tree;
use crate::{Failure, Step, arrow_bytes, job, lent, process_tree, run};

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trial {
    /// Two batches, then abort.
    Abort,
    /// Something stands at the target before create.
    TargetTaken,
    /// A second writer in the same process, once the first is destroyed.
    InTurn,
}

/// The trial, and the job whose batches and settings it takes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    /// What is tried.
    pub trial: Trial,
    /// Of a library.
    pub job: WorkerJob,
}

/// What was seen.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exercised {
    /// The step that failed, and the writer's sentence.
    pub failure: Option<(String, String)>,
    /// Files in the job's directory at the end, relative to it.
    pub files: Vec<PathBuf>,
    /// What the writer did wrong with the batches that it was lent, and what it left running.
    pub complaints: Vec<String>,
}

/// What stands at the target of [`Trial::TargetTaken`].
pub const OLDER: &[u8] = b"this was here before\n";

/// Batches of [`Trial::Abort`].
const BEFORE_ABORT: usize = 2;

/// Runs the trial. Whatever the writer does is an answer, short of ending the process.
pub fn run(exercise: &Exercise) -> Exercised {
    process_tree::adopt_orphans();
    let outcome = attempt(exercise);
    let left_running = process_tree::end_those_of_writer();
    let directory = &exercise.job.directory;
    let files = Tree::of(directory).map(|tree| tree.files).unwrap_or_default();
    Exercised {
        failure: outcome.err().map(|failure| (failure.step.as_str().to_owned(), failure.message)),
        files: files.iter().map(|file| file.strip_prefix(directory).unwrap_or(file).to_owned()).collect(),
        complaints: lent::complaints().into_iter().chain(left_running).collect(),
    }
}

fn attempt(Exercise { trial, job }: &Exercise) -> Result<(), Failure> {
    job::check(job)?;
    let Subject::Library { path } = &job.subject else {
        return Err(Failure::new(Step::Job, "only a library can be exercised"));
    };
    let library = WriterLibrary::load(path)?;
    let settled = settle(job, library.capabilities())?;
    match trial {
        Trial::Abort => give_up(job, &library, &settled),
        Trial::TargetTaken => {
            fs::write(&job.target, OLDER).map_err(|error| Failure::system(Step::Job, job.target.display(), &error))?;
            write(job, &library, &settled, &job.target)
        }
        Trial::InTurn => {
            write(job, &library, &settled, &job.target)?;
            write(job, &library, &settled, &second_target(&job.target))
        }
    }
}

/// `second-` before the name.
fn second_target(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!("second-{name}"))
}

/// A writer that has been given the first batches of the table.
fn begin(
    job: &WorkerJob,
    library: &WriterLibrary,
    settled: &Settled,
    target: &Path,
    batches: usize,
) -> Result<LoadedWriter, Failure> {
    let mut source = run::open_source(job)?;
    let schema = source.schema();
    let failed = |error: arrow::error::ArrowError| Failure::new(Step::Source, error);
    let exported = FFI_ArrowSchema::try_from(schema.as_ref()).map_err(failed)?;
    let mut handover = Handover::new(job.switches.handover, &schema).map_err(failed)?;
    let mut writer = library.create(target, &settled.options, &job.nonce, &exported)?;
    for number in 1..=batches as u64 {
        let Some(batch) = source.next().map_err(run::source_failure)? else { break };
        let bytes = arrow_bytes::of_batch(&batch);
        let written = handover
            .hand_over(batch, bytes)
            .map_err(|error| Failure::new(Step::Write, error))
            .and_then(|handed| writer.write_batch(handed, number));
        if let Err(failure) = written {
            writer.abort();
            writer.destroy();
            return Err(failure);
        }
    }
    Ok(writer)
}

fn give_up(job: &WorkerJob, library: &WriterLibrary, settled: &Settled) -> Result<(), Failure> {
    let mut writer = begin(job, library, settled, &job.target, BEFORE_ABORT)?;
    let complaint = writer.abort();
    writer.destroy();
    complaint.map_or(Ok(()), |complaint| Err(Failure::new(Step::Close, complaint)))
}

fn write(job: &WorkerJob, library: &WriterLibrary, settled: &Settled, target: &Path) -> Result<(), Failure> {
    let mut writer = begin(job, library, settled, target, usize::MAX)?;
    let closed = writer.close();
    if closed.is_err() {
        writer.abort();
    }
    writer.destroy();
    closed.map(|_| ())
}
