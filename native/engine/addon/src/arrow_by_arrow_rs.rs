use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Result, Task};
use napi_derive::napi;
use writeproof_reader::{ArrowJob, read_arrow};

use crate::to_js;

/// A reading that runs beside JavaScript.
pub struct ArrowRsReading(ArrowJob);

impl Task for ArrowRsReading {
    type Output = String;
    type JsValue = String;

    fn compute(&mut self) -> Result<String> {
        let reading = read_arrow(&self.0).map_err(to_js)?;
        serde_json::to_string(&reading).map_err(to_js)
    }

    fn resolve(&mut self, _: Env, output: String) -> Result<String> {
        Ok(output)
    }
}

/// Reads and digests an Arrow IPC file or stream with arrow-rs. Job and result are JSON: `ArrowJob` and `ArrowReading` of
/// writeproof-reader.
#[napi]
pub fn digest_arrow_by_arrow_rs(job: String) -> Result<AsyncTask<ArrowRsReading>> {
    Ok(AsyncTask::new(ArrowRsReading(serde_json::from_str(&job).map_err(to_js)?)))
}
