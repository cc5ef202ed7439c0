//! What must hold of a job before anything is loaded, opened or removed.

use std::path::Component;

use writeproof_tables::Request;

use crate::clock::now_ns;
use crate::protocol::{SourceKind, Subject, WorkerJob};
use crate::target::Tree;
use crate::{Failure, Step};

/// Checks the job.
///
/// # Errors
/// With a sentence that names the field, what was expected and what was found.
pub fn check(job: &WorkerJob) -> Result<(), Failure> {
    let refuse = |message: String| Err(Failure::new(Step::Job, message));
    let directory = job.directory.display();
    if !job.directory.is_absolute() || !job.directory.is_dir() {
        return refuse(format!("directory must be the absolute path of a directory that exists, not {directory}"));
    }
    let inside = job.target.strip_prefix(&job.directory).is_ok_and(|rest| {
        rest.components().count() > 0 && rest.components().all(|part| matches!(part, Component::Normal(_)))
    });
    if !inside {
        return refuse(format!("target must be a path inside {directory}, not {}", job.target.display()));
    }
    if job.source == SourceKind::Prepared && job.prepared_path.is_none() {
        return refuse("preparedPath must be given where source is \"prepared\"".to_owned());
    }
    if job.batch_rows == 0 || job.threads == 0 {
        return refuse(format!("batchRows and threads must be at least 1, not {} and {}", job.batch_rows, job.threads));
    }
    if matches!(&job.subject, Subject::Command { argv, .. } if argv.is_empty()) {
        return refuse("argv of a command must name a program; it is empty".to_owned());
    }
    let now = now_ns();
    if !(job.spawned_at_ns > 0.0 && job.spawned_at_ns as u64 <= now) {
        return refuse(format!(
            "spawnedAtNs must be a time of CLOCK_MONOTONIC before now ({now}), not {}; is it of another clock?",
            job.spawned_at_ns
        ));
    }
    match Tree::of(&job.directory) {
        Ok(tree) if tree.files.is_empty() && tree.directories.is_empty() => Ok(()),
        Ok(_) => refuse(format!("directory {directory} must be empty: what it holds could pass for the writer's work")),
        Err(error) => Err(Failure::system(Step::Job, format_args!("listing {directory}"), &error)),
    }
}

/// What is asked of the table.
pub fn request(job: &WorkerJob) -> Request {
    Request {
        table: job.table.clone(),
        scale: job.scale,
        part: (job.part.index, job.part.count),
        batch_rows: job.batch_rows,
        threads: if job.overlap { job.threads } else { 1 },
    }
}
