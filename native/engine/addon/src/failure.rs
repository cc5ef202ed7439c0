//! Failures of the engine's steps, as JavaScript gets them.

use writeproof_engine::protocol::WorkerJob;
use writeproof_engine::{Failure, Step};

/// An error whose message is the report of the failure (`WorkerReport` of harness/types.ts) as JSON.
pub(crate) fn of_step(failure: Failure) -> napi::Error {
    match serde_json::to_string(&failure.report(false)) {
        Ok(report) => napi::Error::from_reason(report),
        Err(error) => crate::to_js(error),
    }
}

/// The job that a JSON document describes.
pub(crate) fn job_of(text: &str) -> napi::Result<WorkerJob> {
    serde_json::from_str(text)
        .map_err(|error| of_step(Failure::new(Step::Job, format!("the job cannot be read: {error}"))))
}
