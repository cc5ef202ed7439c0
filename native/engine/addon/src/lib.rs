//! The engine's face in Node: thin, asynchronous where it takes time, JSON where data are structured.

mod batch_digester;
mod buffers;
mod page_cache;
mod parquet_by_duckdb;

pub use batch_digester::ColumnDigester;
pub use buffers::ColumnBuffers;
pub use page_cache::{drop_from_cache, resident_share};
pub use parquet_by_duckdb::digest_parquet_by_duckdb;

/// An error for JavaScript: its sentence.
fn to_js(error: impl std::fmt::Display) -> napi::Error {
    napi::Error::from_reason(error.to_string())
}
