//! The two forms of a value: JSON, and a compact one in which every column has a place of its own.

mod compact;
mod json;
mod owned;
#[cfg(test)]
mod tests;
mod text;

use serde::{Deserialize, Serialize};

use crate::definition;
use crate::row::{OwnedRow, Row, Wanted, owned};

/// Form of the values of a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// An object.
    Json,
    /// ENTITIES.md, "Compact".
    Compact,
}

/// Writes a row's value behind what `into` holds.
pub fn encode(encoding: Encoding, row: &definition::Row, into: &mut Vec<u8>) {
    match encoding {
        Encoding::Json => json::encode(row, into),
        Encoding::Compact => compact::encode(row, into),
    }
}

/// Whether a value is that of a deleted row, by its first bytes alone; None where these are not those of a value.
#[inline]
pub fn is_deleted(encoding: Encoding, value: &[u8]) -> Option<bool> {
    match encoding {
        Encoding::Json => json::is_deleted(value),
        Encoding::Compact => compact::is_deleted(value),
    }
}

/// Reads values of one store.
#[derive(Clone, Debug)]
pub struct Decoder {
    encoding: Encoding,
    columns: usize,
}

impl Decoder {
    /// For values of this form and number of columns.
    pub fn new(encoding: Encoding, columns: usize) -> Self {
        Self { encoding, columns }
    }

    /// As [`is_deleted`].
    #[inline]
    pub fn is_deleted(&self, value: &[u8]) -> Option<bool> {
        is_deleted(self.encoding, value)
    }

    /// The wanted columns in place; texts that JSON escapes are put into `unescaped`.
    ///
    /// # Errors
    /// A clause on what does not parse, among what had to be read.
    #[inline]
    pub fn in_place<'a>(&self, value: &'a [u8], wanted: Wanted, unescaped: &'a mut String) -> Result<Row<'a>, String> {
        match self.encoding {
            Encoding::Json => json::in_place(value, wanted, self.columns, unescaped),
            Encoding::Compact => compact::in_place(value, wanted, self.columns),
        }
    }

    /// The wanted columns as an owned row. All columns of JSON are parsed by serde_json, into its own map.
    ///
    /// # Errors
    /// As [`Self::in_place`].
    pub fn owned(&self, value: &[u8], wanted: Wanted) -> Result<OwnedRow, String> {
        let all: Wanted = (1 << self.columns) - 1;
        if self.encoding == Encoding::Json && wanted == all {
            return owned::parse(value, self.columns).map_err(|error| error.to_string());
        }
        let mut unescaped = String::new();
        self.in_place(value, wanted, &mut unescaped).map(|row| owned(&row, wanted))
    }
}
