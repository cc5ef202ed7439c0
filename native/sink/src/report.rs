//! What a finished sink says about itself.

use serde::{Deserialize, Serialize};

/// The way the bytes went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mode {
    /// pwrite through the page cache.
    #[serde(rename = "buffered")]
    Buffered,
    /// pwrite under O_DIRECT.
    #[serde(rename = "direct-pwrite")]
    DirectPwrite,
    /// io_uring under O_DIRECT.
    #[serde(rename = "direct-io_uring")]
    DirectIoUring,
}

impl Mode {
    /// The name that JSON carries too.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Buffered => "buffered",
            Self::DirectPwrite => "direct-pwrite",
            Self::DirectIoUring => "direct-io_uring",
        }
    }
}

/// What a finished sink says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Bytes written, and length of the file.
    pub bytes: u64,
    /// Writes given to the kernel, continuations and repetitions included.
    pub operations: u64,
    /// Writes that the kernel ended before all was written, and that were continued.
    pub short_writes: u64,
    /// The way the bytes went.
    pub mode: Mode,
    /// io_uring's buffers were registered with the kernel.
    pub registered_buffers: bool,
    /// Nanoseconds that callers of write, flush and finish were held.
    pub write_ns: u64,
    /// What was done otherwise than asked, and why.
    pub notes: Vec<String>,
}
