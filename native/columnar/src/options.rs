//! Options of a writer, read from JSON strictly: what is unknown or ill-typed is refused.

use serde_json::{Map, Value};
use writeproof_abi::Error;
use writeproof_sink::{Io, Queue};

use crate::capabilities::KNOWN;

/// Who keeps the batches until close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Batching {
    /// Each batch is encoded as it comes.
    PerBatch,
    /// Batches are held, and encoded at close.
    AtClose,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Compression {
    None,
    Snappy,
    Zstd,
}

/// Whether columns are dictionary encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dictionary {
    /// Where it makes the column smaller, measured on the file's own first rows.
    Auto,
    On,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Statistics {
    Off,
    Chunk,
    Page,
}

/// All options, with their defaults filled in.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub batching: Batching,
    pub io: Io,
    pub threads: usize,
    pub compression: Compression,
    pub row_group_rows: usize,
    /// 0 is no limit.
    pub row_group_bytes: usize,
    pub dictionary: Dictionary,
    pub statistics: Statistics,
    pub buffer_bytes: usize,
    pub buffers: usize,
    pub queue: Queue,
}

impl Options {
    /// Reads what create was given.
    pub fn read(given: &Map<String, Value>) -> Result<Self, Error> {
        if let Some(unknown) = given.keys().find(|name| !KNOWN.contains(&name.as_str())) {
            return Err(Error::new(format!(
                "the parquet writer has no option {unknown:?}; it knows {}",
                KNOWN.join(", ")
            )));
        }
        Ok(Self {
            batching: match text(given, "batching", "per_batch")? {
                "per_batch" => Batching::PerBatch,
                "at_close" => Batching::AtClose,
                other => return Err(ill("batching", other, "per_batch or at_close")),
            },
            io: match text(given, "io", "buffered")? {
                "buffered" => Io::Buffered,
                "direct" => Io::Direct,
                other => return Err(ill("io", other, "buffered or direct")),
            },
            threads: whole(given, "threads", 1, 1)?,
            compression: match text(given, "compression", "snappy")? {
                "none" => Compression::None,
                "snappy" => Compression::Snappy,
                "zstd" => Compression::Zstd,
                other => return Err(ill("compression", other, "none, snappy or zstd")),
            },
            row_group_rows: whole(given, "rowGroupRows", 122_880, 1)?,
            row_group_bytes: whole(given, "rowGroupBytes", 0, 0)?,
            dictionary: match switch(given, "dictionary", "auto")?.as_str() {
                "auto" => Dictionary::Auto,
                "true" => Dictionary::On,
                "false" => Dictionary::Off,
                other => return Err(ill("dictionary", other, "auto, true or false")),
            },
            statistics: match switch(given, "statistics", "true")?.as_str() {
                "true" => Statistics::Chunk,
                "page" => Statistics::Page,
                "false" => Statistics::Off,
                other => return Err(ill("statistics", other, "true, page or false")),
            },
            buffer_bytes: whole(given, "bufferBytes", 1 << 20, 4096)?,
            buffers: whole(given, "buffers", 8, 1)?,
            queue: match text(given, "queue", "auto")? {
                "auto" => Queue::Auto,
                "io_uring" => Queue::IoUring,
                "pwrite" => Queue::Pwrite,
                other => return Err(ill("queue", other, "auto, io_uring or pwrite")),
            },
        })
        .and_then(|options| text(given, "variant", "").map(|_| options))
    }
}

fn ill(name: &str, actual: impl std::fmt::Display, expected: &str) -> Error {
    Error::new(format!("option {name} of the parquet writer is {actual}; expected {expected}"))
}

fn text<'a>(given: &'a Map<String, Value>, name: &str, default: &'a str) -> Result<&'a str, Error> {
    match given.get(name) {
        None => Ok(default),
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(ill(name, other, "text")),
    }
}

/// A boolean, or a word for a third setting.
fn switch(given: &Map<String, Value>, name: &str, default: &str) -> Result<String, Error> {
    match given.get(name) {
        Some(Value::Bool(on)) => Ok(on.to_string()),
        _ => text(given, name, default).map(str::to_owned),
    }
}

fn whole(given: &Map<String, Value>, name: &str, default: usize, least: usize) -> Result<usize, Error> {
    match given.get(name) {
        None => Ok(default),
        Some(value) => value
            .as_u64()
            .and_then(|number| usize::try_from(number).ok())
            .filter(|number| *number >= least)
            .ok_or_else(|| ill(name, value, &format!("a whole number of at least {least}"))),
    }
}
