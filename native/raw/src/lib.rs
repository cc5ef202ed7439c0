//! Raw bytes: made from a seed and an offset (`content`), streamed to a file at what the device gives (`write`), and
//! proved block by block (`validate`).

mod block;
mod content;
mod control;
mod error;
mod numa;
mod pages;
mod place;
mod runs;
mod validate;
mod write;

pub use block::{BLOCK_BYTES, Stamp};
pub use content::{Content, Ratio, Settings};
pub use control::Control;
pub use error::RawError;
pub use runs::{BadExtent, Difference, Kind};
pub use validate::{Cold, ReadOptions, Validation, read_and_validate};
#[doc(hidden)]
pub use write::write_file_with_fault;
pub use write::{WriteOptions, Written, write_file};
