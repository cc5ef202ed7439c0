//! Options of the Arrow IPC writer.

use arrow::ipc::CompressionType;
use writeproof_abi::Error;

use writeproof_writer::Given;

/// What surrounds the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Magic, messages and a footer.
    File,
    /// Messages.
    Stream,
}

/// Its own options, with their defaults filled in.
#[derive(Clone, Debug)]
pub struct Options {
    pub kind: Kind,
    pub compression: Option<CompressionType>,
    /// 0 writes every batch as it came.
    pub message_rows: usize,
}

impl Options {
    /// Reads what create was given.
    pub fn read(given: &Given) -> Result<Self, Error> {
        // One thread does all; the number that writeproof always gives is still to be a number.
        given.whole("threads", 1, 1)?;
        Ok(Self {
            kind: match given.text("container", "file")? {
                "file" => Kind::File,
                "stream" => Kind::Stream,
                other => return Err(given.ill("container", other, "file or stream")),
            },
            compression: match given.text("compression", "none")? {
                "none" => None,
                "lz4" => Some(CompressionType::LZ4_FRAME),
                "zstd" => Some(CompressionType::ZSTD),
                other => return Err(given.ill("compression", other, "none, lz4 or zstd")),
            },
            message_rows: given.whole("messageRows", 0, 0)?,
        })
    }
}
