//! The one place where rows are read from RocksDB, and where what was touched is counted.

use rocksdb::{DB, DBPinnableSlice, DBRawIterator, ReadOptions, Snapshot};
use serde::Serialize;

use crate::encoding::{Encoding, is_deleted};
use crate::key::Range;

/// What was read from a store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Touched {
    /// Rows, the deleted ones among them.
    pub rows_read: u64,
    /// Deleted rows.
    pub deleted_read: u64,
    /// Bytes of their keys and values.
    pub bytes_read: u64,
}

impl Touched {
    #[inline]
    fn add(&mut self, encoding: Encoding, key: &[u8], value: &[u8]) {
        self.rows_read += 1;
        self.deleted_read += u64::from(is_deleted(encoding, value) == Some(true));
        self.bytes_read += (key.len() + value.len()) as u64;
    }
}

fn options(snapshot: Option<&Snapshot<'_>>) -> ReadOptions {
    let mut options = ReadOptions::default();
    if let Some(snapshot) = snapshot {
        options.set_snapshot(snapshot);
    }
    options
}

/// Key and value of a row.
pub type Entry<'a> = (&'a [u8], &'a [u8]);

/// The rows of a range, in the order of their keys.
pub struct Entries<'a> {
    iterator: DBRawIterator<'a>,
    encoding: Encoding,
    is_started: bool,
    touched: Touched,
}

impl<'a> Entries<'a> {
    /// Rows as of a snapshot, or as they are now; they do not change while they are read.
    pub fn new(db: &'a DB, snapshot: Option<&Snapshot<'_>>, range: &Range, encoding: Encoding) -> Self {
        let mut options = options(snapshot);
        options.set_iterate_upper_bound(range.upper.as_slice());
        let mut iterator = db.raw_iterator_opt(options);
        iterator.seek(&range.lower);
        Self { iterator, encoding, is_started: false, touched: Touched::default() }
    }

    /// Key and value of the next row; None behind the last.
    ///
    /// # Errors
    /// Of RocksDB.
    #[inline]
    pub fn next(&mut self) -> Result<Option<Entry<'_>>, rocksdb::Error> {
        if self.is_started {
            self.iterator.next();
        }
        self.is_started = true;
        match self.iterator.item() {
            Some((key, value)) => {
                self.touched.add(self.encoding, key, value);
                Ok(Some((key, value)))
            }
            None => self.iterator.status().map(|()| None),
        }
    }

    /// What was read so far.
    pub fn touched(&self) -> Touched {
        self.touched
    }
}

/// The value under a key, and what was read for it.
///
/// # Errors
/// Of RocksDB.
pub fn look_up<'a>(
    db: &'a DB,
    snapshot: Option<&Snapshot<'_>>,
    key: &[u8],
    encoding: Encoding,
) -> Result<(Option<DBPinnableSlice<'a>>, Touched), rocksdb::Error> {
    let found = db.get_pinned_opt(key, &options(snapshot))?;
    let mut touched = Touched::default();
    if let Some(value) = &found {
        touched.add(encoding, key, value);
    }
    Ok((found, touched))
}
