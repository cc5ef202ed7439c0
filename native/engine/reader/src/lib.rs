//! Reads columnar files back with implementations that did not write them, and digests what they hold.
//!
//! Parquet is read by DuckDB's own shared library through its C API: no code is shared with arrow-rs' Parquet writer. Rows are
//! digested inside of DuckDB's query, in the vectors where it decoded them; those of nested and rare types come through the Arrow
//! C Data Interface. Several ranges of row groups are read at once, each on a connection of its own.
//!
//! Arrow IPC is read by arrow-rs where JavaScript wrote; where arrow-rs wrote, JavaScript decodes messages, and their buffers are
//! digested here.
//!
//! What only its writer's own library reads comes from that, through the optional reader of `writeproof.h`.

mod ahead;
mod arrow_file;
mod arrow_parts;
mod arrow_rows;
mod cache;
mod columns;
mod conversion;
mod duckdb;
mod error;
mod library;
mod parquet;
mod plug_in;
mod ranges;
mod row_function;
mod vectors;

pub use arrow_file::{ArrowJob, ArrowReading, read_arrow};
pub use arrow_parts::ArrowNode;
pub use arrow_rows::{ArrowBody, ArrowRows};
pub use cache::{drop_from_cache, resident_share};
pub use error::ReaderError;
pub use parquet::{Job, JobColumn, Reading, Segment, SegmentColumn, read_parquet};
pub use plug_in::{PlugInJob, PlugInReading, read_plug_in};
