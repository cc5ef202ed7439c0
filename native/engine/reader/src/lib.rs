//! Reads columnar files back with implementations that did not write them, and digests what they hold.
//!
//! Parquet is read by DuckDB's own shared library through ADBC: no code is shared with arrow-rs' Parquet writer, only the
//! Arrow C Data Interface lies between. Several ranges of row groups are read at once, each on a connection of its own.

mod cache;
mod duckdb;
mod error;
mod parquet;
mod ranges;

pub use cache::{drop_from_cache, resident_share};
pub use error::ReaderError;
pub use parquet::{Job, Reading, Segment, SegmentColumn, read_parquet};
