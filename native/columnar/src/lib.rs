//! Parquet and Arrow IPC by arrow-rs, and raw bytes, as writers of writeproof.
//!
//! A batch of Parquet goes through these files in turn: `import` takes it from the C Data Interface, `row_groups` cuts it at the
//! borders of row groups, `encoders` spreads its columns over one or several threads, `column` encodes one of them,
//! `file` puts the encoded row group behind the others, and `output` hands the bytes to the sink.

mod capabilities;
mod column;
mod encoders;
mod file;
mod format;
mod held_types;
mod ipc;
mod options;
mod pool;
mod properties;
mod raw;
mod row_groups;
mod writer;

pub use format::ParquetWriter;
pub use ipc::ArrowWriter;
pub use raw::RawWriter;
pub use writeproof_writer::{Imported, import, import_schema};
