use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Result, Task};
use napi_derive::napi;
use writeproof_reader::{Job, read_parquet};

use crate::to_js;

/// A reading that runs beside JavaScript.
pub struct DuckdbReading(Job);

impl Task for DuckdbReading {
    type Output = String;
    type JsValue = String;

    fn compute(&mut self) -> Result<String> {
        let reading = read_parquet(&self.0).map_err(to_js)?;
        serde_json::to_string(&reading).map_err(to_js)
    }

    fn resolve(&mut self, _: Env, output: String) -> Result<String> {
        Ok(output)
    }
}

/// Reads and digests a Parquet file with DuckDB. Job and result are JSON: `Job` and `Reading` of writeproof-reader.
#[napi]
pub fn digest_parquet_by_duckdb(job: String) -> Result<AsyncTask<DuckdbReading>> {
    Ok(AsyncTask::new(DuckdbReading(serde_json::from_str(&job).map_err(to_js)?)))
}
