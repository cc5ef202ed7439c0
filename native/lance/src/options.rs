//! Options of the Lance writer.

use lance_file::version::ConcreteFileVersion;
use writeproof_abi::Error;
use writeproof_writer::{Batching, Given};

use crate::capabilities::KNOWN;

/// When a version is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Commit {
    /// At close; fragments end with their rows alone.
    Insert,
    /// At close; a flush ends a fragment.
    Fragments,
    /// At every flush.
    Append,
}

/// With defaults filled in.
#[derive(Clone, Debug)]
pub struct Options {
    pub batching: Batching,
    pub threads: usize,
    pub commit: Commit,
    pub rows_per_file: usize,
    pub version: ConcreteFileVersion,
    pub cache_bytes: usize,
    pub sink: writeproof_sink::Options,
}

impl Options {
    /// Reads what create was given.
    pub fn read(options: &serde_json::Map<String, serde_json::Value>) -> Result<Self, Error> {
        let given = Given::new("lance", options, &KNOWN)?;
        Ok(Self {
            batching: given.batching()?,
            threads: given.whole("threads", 1, 1)?,
            commit: match given.text("commit", "insert")? {
                "insert" => Commit::Insert,
                "fragments" => Commit::Fragments,
                "append" => Commit::Append,
                other => return Err(given.ill("commit", other, "insert, fragments or append")),
            },
            rows_per_file: given.whole("rowsPerFile", 1 << 20, 1)?,
            version: match given.text("version", "2.2")? {
                "2.0" => ConcreteFileVersion::V2_0,
                "2.1" => ConcreteFileVersion::V2_1,
                "2.2" => ConcreteFileVersion::V2_2,
                "2.3" => ConcreteFileVersion::V2_3,
                other => return Err(given.ill("version", other, "2.0, 2.1, 2.2 or 2.3")),
            },
            cache_bytes: given.whole("cacheBytes", 32 << 20, 1)?,
            sink: given.sink()?,
        })
    }
}
