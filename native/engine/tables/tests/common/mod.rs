//! What the tests of this crate share.
#![allow(dead_code)]

pub mod thousand;

use arrow::array::RecordBatch;
use serde_json::Value;
use writeproof_tables::{BatchSource, Request, generated};

/// The facts from third parties.
pub fn oracles() -> Value {
    serde_json::from_str(include_str!("../../../../../suites/oracles.json")).expect("oracles.json")
}

/// The whole of a table in batches of 8,192 rows on one thread.
pub fn request(table: &str, scale: f64) -> Request {
    Request { table: table.to_string(), scale, part: (1, 1), batch_rows: 8_192, threads: 1 }
}

/// All batches of a source.
pub fn collect(mut source: Box<dyn BatchSource>) -> Vec<RecordBatch> {
    let mut batches = Vec::new();
    while let Some(batch) = source.next().expect("next batch") {
        batches.push(batch);
    }
    batches
}

/// All batches of a request.
pub fn batches(request: &Request) -> Vec<RecordBatch> {
    collect(generated(request).expect("generated source"))
}

/// Batches as one.
pub fn whole(batches: &[RecordBatch]) -> RecordBatch {
    arrow::compute::concat_batches(&batches[0].schema(), batches).expect("batches of one schema")
}
