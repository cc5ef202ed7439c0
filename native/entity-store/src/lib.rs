//! An entity store on RocksDB, and scans of it that answer queries with Arrow batches.
//!
//! ENTITIES.md says what stands in a store. `definition` makes its rows, `encoding` writes and reads their values, and `making` puts
//! them into a store. A query and a strategy are compiled by `plan`; then rows go from `reading`, the one place that reads
//! RocksDB, through `run` and `gate` to `output`, which makes batches of them. What a query must give is found by `expected` and
//! `plain`, which share nothing with that. `flush` writes a snapshot to Parquet.

mod allocations;
mod batches;
mod builder;
mod columns;
mod definition;
mod encoding;
mod error;
mod expected;
mod facts;
mod faults;
mod filter;
mod flush;
mod gate;
mod key;
mod load;
mod making;
mod micro;
mod mix;
mod output;
mod plain;
mod plan;
mod query;
mod reading;
mod row;
mod run;
mod scan;
mod store;
mod strategy;

pub use allocations::{Allocations, Measure, Measured};
pub use columns::{COLUMNS, Column, Kind as ColumnKind, schema_of};
pub use definition::{Definition, Item, Row};
pub use encoding::{Encoding, encode};
pub use error::{Error, Kind as ErrorKind};
pub use expected::expected_digest;
pub use facts::{FORMAT, Facts};
pub use faults::Fault;
pub use flush::{FlushJob, FlushReport, Flushed, flush};
pub use load::{Load, Written};
pub use making::{Made, MakeOptions, make};
pub use micro::{Step, batch_creation, column_building};
pub use mix::{Sequence, mix};
pub use plan::{BATCH_ROWS, OnBadValue, Options};
pub use query::{Condition, Operand, Operator, Query, Test};
pub use reading::Touched;
pub use scan::{Found, Report, RustAllocations, Scan};
pub use store::{CACHE_BYTES, OpenOptions, Store};
pub use strategy::{SWITCHES, Strategy};
pub use writeproof_digest::TableDigest;
