use std::path::PathBuf;

use napi::bindgen_prelude::AsyncTask;
use napi::{Env, Result, Task};
use napi_derive::napi;
use writeproof_entity_store::{Definition, Error, MakeOptions, make};

use crate::{json, to_js};

/// A store that is made beside JavaScript.
pub struct Making {
    path: PathBuf,
    options: MakeOptions,
}

impl Task for Making {
    type Output = String;
    type JsValue = String;

    fn compute(&mut self) -> Result<String> {
        json(&make(&self.path, &self.options).map_err(to_js)?)
    }

    fn resolve(&mut self, _: Env, output: String) -> Result<String> {
        Ok(output)
    }
}

/// Makes a store where nothing lies yet. Options: `{rows, columns: 10 | 20, encoding: 'json' | 'compact', seed}`. Result, as JSON: `{rows, deleted, bytes}`.
#[napi]
pub fn build_entity_store(path: String, options: String) -> Result<AsyncTask<Making>> {
    let options = MakeOptions::parse(&options).map_err(to_js)?;
    Ok(AsyncTask::new(Making { path: PathBuf::from(path), options }))
}

/// What a query must give of a store made from `{rows, columns, seed}`, from that alone: `Digest` of harness/types.ts as JSON.
#[napi]
pub fn expected_digest(definition: String, query: String) -> Result<String> {
    let definition: Definition = serde_json::from_str(&definition)
        .map_err(|error| Error::misuse(format!("the definition {definition} cannot be read: {error}")))
        .map_err(to_js)?;
    json(&writeproof_entity_store::expected_digest(&definition, &query).map_err(to_js)?)
}
