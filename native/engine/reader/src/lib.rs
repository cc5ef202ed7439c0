//! Reads columnar files back with implementations that did not write them, and digests what they hold.
//!
//! Parquet is read by DuckDB's own shared library through its C API: no code is shared with arrow-rs' Parquet writer. Rows are
//! digested inside of DuckDB's query, in the vectors where it decoded them; those of nested and rare types come through the Arrow
//! C Data Interface. Several ranges of row groups are read at once, each on a connection of its own.

mod cache;
mod duckdb;
mod error;
mod library;
mod parquet;
mod ranges;
mod row_function;
mod vectors;

pub use cache::{drop_from_cache, resident_share};
pub use error::ReaderError;
pub use parquet::{Job, Reading, Segment, SegmentColumn, read_parquet};
