//! The engine's face in Node: thin, asynchronous where it takes time, JSON where data are structured.

mod arrow_by_arrow_rs;
mod arrow_digester;
mod arrow_source;
mod bare;
mod batch_digester;
mod buffers;
mod crossing;
mod failure;
mod file_table;
mod page_cache;
mod parquet_by_duckdb;
mod parquet_source;
mod plug_in_reader;
mod process;
mod raw;
mod source;
mod target;

pub use arrow_by_arrow_rs::digest_arrow_by_arrow_rs;
pub use arrow_digester::{ArrowDigester, MessageBody};
pub use batch_digester::ColumnDigester;
pub use buffers::ColumnBuffers;
pub use crossing::SteppedCrossing;
pub use file_table::{facts_of_prepared, prepare_file};
pub use page_cache::{drop_from_cache, resident_share};
pub use parquet_by_duckdb::digest_parquet_by_duckdb;
pub use plug_in_reader::digest_by_plug_in;
pub use process::{ProcessWeighing, end_leftovers, set_up_worker};
pub use raw::{bytes_to_page, fill_raw};
pub use source::{JobSource, PulledBatch};
pub use target::JobTarget;

/// An error for JavaScript: its sentence.
fn to_js(error: impl std::fmt::Display) -> napi::Error {
    napi::Error::from_reason(error.to_string())
}

/// The index of a row, which JavaScript gives as a number.
fn row_index(number: i64) -> napi::Result<u64> {
    u64::try_from(number).map_err(|_| to_js(format!("a row's index is 0 or more, not {number}")))
}
