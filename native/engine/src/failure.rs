//! What went wrong, at which step, with the errno where there is one.

use std::{fmt, io};

use crate::errno;
use crate::protocol::WorkerReport;

/// The step of a job that failed; its text is the `step` of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The job itself cannot be taken.
    Job,
    /// The library cannot be loaded.
    Load,
    /// The writer does not declare what the job asks for.
    Capabilities,
    /// The table's batches cannot be made or read.
    Source,
    /// `writeproof_create`.
    Create,
    /// `writeproof_write_batch`.
    Write,
    /// `writeproof_flush`.
    Flush,
    /// `writeproof_close`.
    Close,
    /// The engine's own fsync.
    Sync,
    /// The command cannot be started, or did not end well.
    Command,
}

impl Step {
    /// The text in the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Job => "job",
            Self::Load => "load",
            Self::Capabilities => "capabilities",
            Self::Source => "source",
            Self::Create => "create",
            Self::Write => "write",
            Self::Flush => "flush",
            Self::Close => "close",
            Self::Sync => "sync",
            Self::Command => "command",
        }
    }
}

/// A job that did not get to its end.
#[derive(Debug)]
pub struct Failure {
    /// Where.
    pub step: Step,
    /// errno, where the system or the writer gave one.
    pub errno: Option<i32>,
    /// One sentence.
    pub message: String,
}

impl Failure {
    /// A failure without errno.
    pub fn new(step: Step, message: impl fmt::Display) -> Self {
        Self { step, errno: None, message: message.to_string() }
    }

    /// A failure of the engine's own system call on the thing that `what` names.
    pub fn system(step: Step, what: impl fmt::Display, error: &io::Error) -> Self {
        Self { step, errno: error.raw_os_error(), message: format!("{what}: {error}") }
    }

    /// The report of this failure; `removed` says that nothing is left in the job's directory.
    pub fn report(self, removed: bool) -> WorkerReport {
        WorkerReport::Failed {
            step: self.step.as_str().to_owned(),
            errno: self.errno,
            errno_name: self.errno.and_then(errno::name).map(str::to_owned),
            message: self.message,
            removed,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.step.as_str(), self.message)
    }
}

impl std::error::Error for Failure {}
