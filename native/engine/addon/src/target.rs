//! The directory of a job from outside its JavaScript writer: checked before, made durable after, stamped, cleared.

use napi::Result;
use napi_derive::napi;
use writeproof_engine::protocol::WorkerJob;
use writeproof_engine::{job, run, start, target};

use crate::failure::{job_of, of_step};
use crate::to_js;

/// The target of one job.
#[napi]
pub struct JobTarget {
    job: WorkerJob,
}

#[napi]
impl JobTarget {
    /// Checks a `WorkerJob` (JSON) as the native worker does. Throws a failure (JSON) of the step `job`.
    #[napi(constructor)]
    pub fn new(job: String) -> Result<Self> {
        let job = job_of(&job)?;
        job::check(&job).map_err(of_step)?;
        Ok(Self { job })
    }

    /// Waits until all workers of the job's start are ready. Throws a failure (JSON).
    #[napi]
    pub fn await_others(&self) -> Result<()> {
        start::await_others(&self.job).map_err(of_step)
    }

    /// Right after close: stamps the files, then fsync of every file and directory. `{filesAfterClose, syncNs,
    /// spawnToDurableNs, direct, unwrittenPages}` as JSON. Throws a failure (JSON).
    #[napi]
    pub fn make_durable(&self) -> Result<String> {
        let ending = run::end(&self.job, None).map_err(of_step)?;
        serde_json::to_string(&ending).map_err(to_js)
    }

    /// `FileStamp[]` as JSON. Throws a failure (JSON).
    #[napi]
    pub fn stamps(&self) -> Result<String> {
        serde_json::to_string(&run::stamps(&self.job).map_err(of_step)?).map_err(to_js)
    }

    /// Removes what lies in the directory; true when nothing is left.
    #[napi]
    pub fn clear(&self) -> bool {
        target::clear(&self.job.directory)
    }
}
