//! Tables in a file of Arrow IPC messages, made once and read many times.
//!
//! The file is an Arrow IPC stream whose bodies begin at multiples of the page size (the metadata before them is padded),
//! and then an index of our own, which readers of streams do not look at:
//!
//! ```text
//! schema message | metadata, padding, body of a dictionary or batch | … | end of stream | index (JSON) | its length, u64 | its XXH3-128 | magic
//! ```
//!
//! Each batch is read by one `pread` into page-aligned memory that is used again, and checked against the XXH3-128 in the index. A dictionary
//! stands in front of the first batch that needs it and has memory of its own, for as long as it is in use. The file is never mapped: a mapping would count as the process's memory, and fault in the middle of somebody's clock.

mod index;
mod read;
mod ring;
mod write;

pub use read::{PreparedSource, prepared, prepared_facts};
pub use write::{prepare, prepare_from};
