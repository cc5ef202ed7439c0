//! Options of the Parquet writer.

use writeproof_abi::Error;

use writeproof_writer::Given;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    None,
    Snappy,
    Zstd,
}

/// Whether columns are dictionary encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dictionary {
    /// Where it makes the column smaller, measured on the file's own first rows.
    Auto,
    On,
    Off,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistics {
    Off,
    Chunk,
    Page,
}

/// Its own options, with their defaults filled in.
#[derive(Clone, Debug)]
pub struct Options {
    pub threads: usize,
    pub compression: Compression,
    pub row_group_rows: usize,
    /// 0 is no limit.
    pub row_group_bytes: usize,
    pub dictionary: Dictionary,
    pub statistics: Statistics,
}

impl Options {
    /// Reads what create was given.
    pub fn read(given: &Given) -> Result<Self, Error> {
        Ok(Self {
            threads: given.whole("threads", 1, 1)?,
            compression: match given.text("compression", "snappy")? {
                "none" => Compression::None,
                "snappy" => Compression::Snappy,
                "zstd" => Compression::Zstd,
                other => return Err(given.ill("compression", other, "none, snappy or zstd")),
            },
            row_group_rows: given.whole("rowGroupRows", 122_880, 1)?,
            row_group_bytes: given.whole("rowGroupBytes", 0, 0)?,
            dictionary: match given.switch("dictionary", "auto")?.as_str() {
                "auto" => Dictionary::Auto,
                "true" => Dictionary::On,
                "false" => Dictionary::Off,
                other => return Err(given.ill("dictionary", other, "auto, true or false")),
            },
            statistics: match given.switch("statistics", "true")?.as_str() {
                "true" => Statistics::Chunk,
                "page" => Statistics::Page,
                "false" => Statistics::Off,
                other => return Err(given.ill("statistics", other, "true, page or false")),
            },
        })
    }
}
