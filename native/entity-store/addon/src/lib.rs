//! The entity store's face in Node: thin, asynchronous where it takes time, JSON where data are structured.
//!
//! An error's message is its sentence; its code is `InvalidArg` for misuse, `GenericFailure` for a store that is damaged or holds a
//! bad value, `Unknown` for a failure of the machine.

mod making;
mod micro;
mod prepared;
mod store;

pub use making::{build_entity_store, expected_digest};
pub use micro::{measure_batch_creation, measure_column_building};
pub use prepared::PreparedScan;
pub use store::EntityStore;

use napi::{Error, Status};
use serde::Serialize;
use writeproof_entity_store::ErrorKind;

fn to_js(error: writeproof_entity_store::Error) -> Error {
    let status = match error.kind() {
        ErrorKind::Misuse => Status::InvalidArg,
        ErrorKind::Integrity => Status::GenericFailure,
        ErrorKind::Io => Status::Unknown,
    };
    Error::new(status, error.to_string())
}

fn json(value: &impl Serialize) -> napi::Result<String> {
    serde_json::to_string(value).map_err(|error| Error::from_reason(error.to_string()))
}
