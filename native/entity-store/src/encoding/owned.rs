//! The JSON form as an owned row, by serde_json: each value is parsed once, into a map.

use std::fmt;

use serde::Deserializer as _;
use serde::de::{Error as _, MapAccess, Visitor};
use serde_json::{Deserializer, Error, Value};

use crate::columns::{COLUMNS, find};
use crate::row::{DELETED, OwnedRow, Wanted, missing, undecided, wrong};

/// All members of an object; those that are columns are checked.
pub fn parse(value: &[u8], columns: usize) -> Result<OwnedRow, Error> {
    let mut text = Deserializer::from_slice(value);
    let row = text.deserialize_map(Members { columns })?;
    text.end()?;
    Ok(row)
}

struct Members {
    columns: usize,
}

impl<'de> Visitor<'de> for Members {
    type Value = OwnedRow;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<OwnedRow, A::Error> {
        let mut row = OwnedRow::with_capacity(self.columns + 1);
        let mut seen: Wanted = 0;
        // Columns mostly come in their order.
        let mut guess = 0;
        while let Some((name, value)) = members.next_entry::<String, Value>()? {
            if name == DELETED {
                if !value.is_boolean() {
                    return Err(A::Error::custom(undecided()));
                }
                row.insert(name, value);
                continue;
            }
            let index = if guess < self.columns && COLUMNS[guess].name == name {
                Some(guess)
            } else {
                find(&name, self.columns)
            };
            if let Some(index) = index {
                if let Some(clause) = wrong(&COLUMNS[index], &value) {
                    return Err(A::Error::custom(clause));
                }
                seen |= 1 << index;
                guess = index + 1;
            }
            row.insert(name, value);
        }
        if !row.contains_key(DELETED) {
            return Err(A::Error::custom(undecided()));
        }
        let all: Wanted = (1 << self.columns) - 1;
        match missing(all & !seen) {
            Some(clause) => Err(A::Error::custom(clause)),
            None => Ok(row),
        }
    }
}
