//! The TPC-H tables, those of edge values and that of raw bytes as Arrow batches: generated in the process, or prepared once in a file and read back into a ring of reused memory.
//!
//! A table at a scale always has the same rows in the same order and the same batches, whatever the number of threads or parts.

mod arrow_bytes;
mod count;
mod error;
mod facts;
mod generated;
mod lcg;
mod pool;
mod prepared;
mod raw;
mod request;
mod rows;
mod schema;
mod source;
mod tbl;
mod threads;
mod types;

pub use arrow_bytes::arrow_bytes;
pub use count::{expected_rows, expected_rows_of_part};
pub use error::SourceError;
pub use facts::{Facts, Part, facts};
pub use generated::generated;
pub use prepared::{PreparedSource, prepare, prepare_from, prepared, prepared_facts};
pub use raw::{RAW_SEED, raw_bytes};
pub use request::Request;
pub use schema::{CORE_TYPES, RAW, TPCH, TYPES, schema, tables};
pub use source::{BatchSource, Busy};
pub use tbl::write_tbl;
pub use writeproof_schema::Field;
