use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Result, Task};
use napi_derive::napi;
use writeproof_reader::{PlugInJob, read_plug_in};

use crate::to_js;

/// A reading that runs beside JavaScript.
pub struct PlugInReading(PlugInJob);

impl Task for PlugInReading {
    type Output = String;
    type JsValue = String;

    fn compute(&mut self) -> Result<String> {
        let reading = read_plug_in(&self.0).map_err(to_js)?;
        serde_json::to_string(&reading).map_err(to_js)
    }

    fn resolve(&mut self, _: Env, output: String) -> Result<String> {
        Ok(output)
    }
}

/// Reads and digests what a writer's own library streams. Job and result are JSON: `PlugInJob` and `PlugInReading` of
/// writeproof-reader.
#[napi]
pub fn digest_by_plug_in(job: String) -> Result<AsyncTask<PlugInReading>> {
    Ok(AsyncTask::new(PlugInReading(serde_json::from_str(&job).map_err(to_js)?)))
}
