use napi::Result;
use napi_derive::napi;
use writeproof_entity_store::{Step, batch_creation, column_building};

use crate::to_js;

/// Nanoseconds of making one batch of arrays that are there. Step: `{rows, columns: 10 | 20, times}`.
#[napi]
pub fn measure_batch_creation(step: String, unchecked: bool) -> Result<f64> {
    Step::parse(&step).and_then(|step| batch_creation(&step, unchecked)).map_err(to_js)
}

/// Nanoseconds of building the columns of rows in memory, in one pass or a pass for each. Step: `{rows, columns: 10 | 20, times}`.
#[napi]
pub fn measure_column_building(step: String, one_pass: bool) -> Result<f64> {
    Step::parse(&step).and_then(|step| column_building(&step, one_pass)).map_err(to_js)
}
