//! A store on disk: opened, and told apart from what is none.

use std::path::{Path, PathBuf};

use rocksdb::{BlockBasedOptions, Cache, DB, DBCompressionType, LogLevel, Options};
use serde::Deserialize;
use serde_json::Value;

use crate::error::Error;
use crate::facts::{FORMAT, Facts, KEY};

/// Bytes of a block of rows on disk.
const BLOCK_BYTES: usize = 16 << 10;

/// Bytes of blocks that a store keeps in memory, unless its options say otherwise.
pub const CACHE_BYTES: usize = 64 << 20;

/// How a store is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct OpenOptions {
    /// Nothing of the store is changed, and others may have it open.
    pub read_only: bool,
    /// Bytes of blocks that are kept in memory.
    pub cache_bytes: usize,
}

impl Default for OpenOptions {
    fn default() -> Self {
        Self { read_only: true, cache_bytes: CACHE_BYTES }
    }
}

impl OpenOptions {
    /// Reads an object of options; those that it does not name have their defaults.
    ///
    /// # Errors
    /// Where it has other members, or values that they do not have.
    pub fn parse(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|error| {
            Error::misuse(format!(
                "the options {text} cannot be read: {error}; expected {{readOnly: true or false, cacheBytes}}"
            ))
        })
    }
}

/// RocksDB's options: blocks of one size, nothing compressed, next to nothing logged.
pub(crate) fn rocksdb_options(cache_bytes: usize) -> Options {
    let mut blocks = BlockBasedOptions::default();
    blocks.set_block_size(BLOCK_BYTES);
    blocks.set_block_cache(&Cache::new_lru_cache(cache_bytes));
    let mut options = Options::default();
    options.set_block_based_table_factory(&blocks);
    options.set_compression_type(DBCompressionType::None);
    options.set_keep_log_file_num(1);
    options.set_log_level(LogLevel::Warn);
    options.set_stats_dump_period_sec(0);
    options.set_stats_persist_period_sec(0);
    options
}

/// An open store.
pub struct Store {
    db: DB,
    path: PathBuf,
    facts: Facts,
    read_only: bool,
}

impl Store {
    /// Opens the store at a path.
    ///
    /// # Errors
    /// Where there is none, another process has it open for writing and this one would as well, another version made it, or it
    /// is damaged.
    pub fn open(path: &Path, options: &OpenOptions) -> Result<Self, Error> {
        let shown = path.display();
        if !path.join("CURRENT").is_file() {
            let found = if path.is_dir() {
                "a folder without a store"
            } else if path.exists() {
                "a file"
            } else {
                "nothing"
            };
            return Err(Error::misuse(format!(
                "there is no entity store at {shown}: expected its folder, found {found}"
            )));
        }
        let settings = rocksdb_options(options.cache_bytes);
        let opened =
            if options.read_only { DB::open_for_read_only(&settings, path, false) } else { DB::open(&settings, path) };
        let db = opened.map_err(|error| not_opened(path, &error))?;
        let record = db.get(KEY).map_err(|error| damaged(path, &error))?;
        let facts = facts_of(path, record.as_deref())?;
        Ok(Self { db, path: path.to_owned(), facts, read_only: options.read_only })
    }

    /// What it says of itself, as it was opened.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Where it lies.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether it was opened for reading alone.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.read_only
    }

    pub(crate) fn db(&self) -> &DB {
        &self.db
    }

    /// Notes in the store that its rows are no longer those of its definition.
    pub(crate) fn mark_changed(&self) -> Result<(), Error> {
        let facts = Facts { changed: true, ..self.facts };
        self.db.put(KEY, record(&facts)).map_err(|error| self.damaged(&error))
    }

    /// The facts as they are now.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn facts_now(&self) -> Result<Facts, Error> {
        let record = self.db.get(KEY).map_err(|error| self.damaged(&error))?;
        facts_of(&self.path, record.as_deref())
    }

    /// A failure of RocksDB below this store, as a sentence.
    pub(crate) fn damaged(&self, error: &rocksdb::Error) -> Error {
        damaged(&self.path, error)
    }
}

/// The facts record as it is stored.
pub(crate) fn record(facts: &Facts) -> Vec<u8> {
    // Plain data, that is written to memory.
    serde_json::to_vec(facts).unwrap_or_default()
}

fn not_opened(path: &Path, error: &rocksdb::Error) -> Error {
    let said = error.to_string();
    if said.contains("lock hold by current process") || said.contains("While lock file") {
        return Error::misuse(format!(
            "the store {} is locked: it is open for writing elsewhere; close it there, or open it read-only ({said})",
            path.display()
        ));
    }
    damaged(path, error)
}

fn damaged(path: &Path, error: &rocksdb::Error) -> Error {
    let said = error.to_string();
    if said.contains("Permission denied") {
        return Error::io(format!("the store {} cannot be read: {said}", path.display()));
    }
    Error::integrity(format!("the store {} is damaged: {said}", path.display()))
}

fn facts_of(path: &Path, record: Option<&[u8]>) -> Result<Facts, Error> {
    let shown = path.display();
    let Some(record) = record else {
        return Err(Error::misuse(format!(
            "the RocksDB store {shown} is no entity store: expected a facts record under the key !facts, found none"
        )));
    };
    let value: Value = serde_json::from_slice(record).map_err(|error| {
        Error::integrity(format!("the store {shown} is damaged: its facts record is not JSON: {error}"))
    })?;
    let format = &value["format"];
    if format.as_u64() != Some(FORMAT) {
        return Err(Error::misuse(format!(
            "the store {shown} was made by another version: its format is {format}; expected {FORMAT}; make it anew"
        )));
    }
    let facts: Facts = serde_json::from_value(value)
        .map_err(|error| Error::integrity(format!("the store {shown} is damaged: its facts record: {error}")))?;
    facts
        .definition()
        .checked()
        .map_err(|error| Error::integrity(format!("the store {shown} is damaged: its facts record: {error}")))?;
    Ok(facts)
}
