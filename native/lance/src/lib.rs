//! Lance datasets, as a writer of writeproof and as its reader.
//!
//! Data files come from `lance-file` and versions from `lance-table`, in the steps that the crate `lance` takes (its query
//! engine is not built; `patches/` says what else is not). A batch goes through these files in turn: `writer` has the steps of
//! the header, `dataset` says where fragments and versions end, `data_file` encodes into one file, `to_sink` hands its bytes to
//! the sink, and `commit` makes a version. `scan` opens a dataset afresh and streams it, `reader` exports that.

mod capabilities;
mod commit;
mod data_file;
mod dataset;
mod failure;
mod options;
mod reader;
mod scan;
mod to_sink;
mod writer;

pub use writer::LanceWriter;

writeproof_abi::export_writer!(LanceWriter);
writeproof_abi::export_reader!(reader::open);
