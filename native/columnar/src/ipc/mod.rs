//! Arrow IPC by arrow-rs, file or stream.
//!
//! A batch goes through these files in turn: `gather` says where messages end, `plain` puts keys in the place of dictionaries
//! (their values join the one of the whole file in `dictionary`) and drops what a slice does not need (`tight`), and
//! `container` writes messages, straight from the batch's own buffers, with what stands before, between and behind them
//! (`frame`).

mod capabilities;
mod container;
mod dictionary;
mod format;
mod frame;
mod gather;
mod options;
mod plain;
mod tight;

pub use format::ArrowWriter;
