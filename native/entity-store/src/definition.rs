//! The rows as ENTITIES.md defines them, from seed, row and column alone.

use std::fmt::Write;

use serde::{Deserialize, Serialize};

use crate::columns::{COLUMNS, COUNTS, Column};
use crate::error::Error;
use crate::mix::mix;

/// Groups of rows, each of one prefix of keys.
pub const GROUPS: u64 = 64;

/// Ids lie so far apart.
pub const ID_STEP: i64 = 1000;

/// Digits of an id in a key.
const KEY_DIGITS: usize = 16;

const MOST_ROWS: u64 = 1 << 40;

const WORDS: [&str; 32] = [
    "amber",
    "birch",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "grove",
    "haven",
    "inlet",
    "jade",
    "knoll",
    "linen",
    "maple",
    "north",
    "ochre",
    "pearl",
    "quartz",
    "ridge",
    "slate",
    "thorn",
    "umber",
    "violet",
    "willow",
    "xenon",
    "yarrow",
    "zephyr",
    "Zoë",
    "Ångström",
    "naïve",
    "façade",
    "東京",
    "Привет",
];

/// What JSON has to escape.
const ODD_WORDS: [&str; 4] = ["say \"hi\"", "back\\slash", "tab\there", "two\nlines"];

const CATEGORIES: [&str; 8] = ["book", "music", "garden", "kitchen", "travel", "sport", "office", "pet"];

const REGIONS: [&str; 5] = ["north", "south", "east", "west", "centre"];

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// No value.
    Null,
    /// Of int64, int32, timestamp and date32.
    Integer(i64),
    /// Of float64.
    Float(f64),
    /// Of bool.
    Boolean(bool),
    /// Of utf8.
    Text(String),
}

/// A row of a store.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Whether it counts as deleted.
    pub deleted: bool,
    /// One value for each column.
    pub items: Vec<Item>,
}

/// What all rows of a store are made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Rows, the deleted ones among them.
    pub rows: u64,
    /// Columns: 10 or 20.
    pub columns: usize,
    /// Any number below 2^53.
    pub seed: u64,
}

impl Definition {
    /// A definition that can be.
    ///
    /// # Errors
    /// Where rows, columns or seed are none of theirs.
    pub fn checked(self) -> Result<Self, Error> {
        if self.rows == 0 || self.rows > MOST_ROWS {
            return Err(Error::misuse(format!("rows is {}; expected 1 to {MOST_ROWS}", self.rows)));
        }
        if !COUNTS.contains(&self.columns) {
            return Err(Error::misuse(format!("columns is {}; expected 10 or 20", self.columns)));
        }
        if self.seed >= 1 << 53 {
            return Err(Error::misuse(format!("seed is {}; expected a number below 2^53", self.seed)));
        }
        Ok(self)
    }

    /// b of ENTITIES.md: what all chance of a row begins with.
    fn base(&self, row: u64) -> u64 {
        mix(self.seed ^ mix(row))
    }

    /// Whether a row counts as deleted.
    #[must_use]
    pub fn is_deleted(&self, row: u64) -> bool {
        row == mix(self.seed) % 10 || mix(self.base(row).wrapping_add(128)).is_multiple_of(20)
    }

    /// The id of a row.
    #[must_use]
    pub fn id(&self, row: u64) -> i64 {
        // Rows are at most 2^40, so that ids stay below 2^50.
        row as i64 * ID_STEP + (mix(self.base(row)) % ID_STEP as u64) as i64
    }

    /// The group of whatever row has this id: 0 to 63.
    #[must_use]
    pub fn group_of(&self, id: i64) -> u64 {
        let row = u64::try_from(id / ID_STEP).unwrap_or(0);
        (row.saturating_mul(GROUPS) / self.rows).min(GROUPS - 1)
    }

    /// The key under which the row of this id lies; it says so also where there is no such row. None for an id below 0 or of
    /// more than 16 digits.
    #[must_use]
    pub fn key_of(&self, id: i64) -> Option<String> {
        (0..10_i64.pow(KEY_DIGITS as u32))
            .contains(&id)
            .then(|| format!("g{:02}/{id:0width$}", self.group_of(id), width = KEY_DIGITS))
    }

    /// A row.
    #[must_use]
    pub fn row(&self, row: u64) -> Row {
        self.row_with_id(row, self.id(row))
    }

    /// As [`Self::row`], with another id, and the group that belongs to it.
    #[must_use]
    pub fn row_with_id(&self, row: u64, id: i64) -> Row {
        let base = self.base(row);
        let item = |(index, column): (usize, &Column)| {
            let index = index as u64;
            let is_null = column.null_in > 0 && mix(base.wrapping_add(64 + index)).is_multiple_of(column.null_in);
            if is_null { Item::Null } else { self.item(index, row, id, mix(base.wrapping_add(index))) }
        };
        Row { deleted: self.is_deleted(row), items: COLUMNS[..self.columns].iter().enumerate().map(item).collect() }
    }

    /// A value that is not null, from its draw.
    fn item(&self, column: u64, row: u64, id: i64, draw: u64) -> Item {
        let below = |limit: u64| (draw % limit) as i64;
        match column {
            0 => Item::Integer(id),
            1 => Item::Text(format!("g{:02}", self.group_of(id))),
            2 => Item::Text(name(draw)),
            3 => Item::Float((below(1 << 24) - (1 << 23)) as f64 / 8.0),
            4 => Item::Integer(below(2000) - 1000),
            6 => Item::Integer(1_600_000_000_000_000 + row as i64 * 1_000_000 + below(1_000_000)),
            7 => Item::Integer(18_000 + below(3_650)),
            8 => Item::Text(CATEGORIES[(draw % 8) as usize].to_owned()),
            9 => Item::Integer(below(1 << 53) - (1 << 52)),
            10 => Item::Text(note(draw)),
            11 => Item::Float(below(1_000_000) as f64 / 4.0),
            12 => Item::Float(below(1 << 20) as f64 / 64.0),
            13 => Item::Integer(i64::from(draw as u32 as i32)),
            14 => Item::Integer(below(1_000_000_000_000)),
            16 => Item::Integer(1_600_000_000_000_000 + below(100_000_000_000_000)),
            17 => Item::Integer(15_000 + below(10_000)),
            18 => Item::Text(REGIONS[(draw % 5) as usize].to_owned()),
            19 => Item::Text(format!("{:012x}", draw >> 16)),
            // active and verified.
            _ => Item::Boolean(draw % 2 == 1),
        }
    }
}

fn name(draw: u64) -> String {
    let mut text = String::with_capacity(32);
    let (first, second) = (WORDS[(draw % 32) as usize], WORDS[(draw / 32 % 32) as usize]);
    // Writing to a string does not fail.
    let _ = write!(text, "{first} {second} {}", draw / 1024 % 1000);
    if (draw >> 20).is_multiple_of(50) {
        text.push(' ');
        text.push_str(ODD_WORDS[((draw >> 26) % 4) as usize]);
    }
    text
}

fn note(draw: u64) -> String {
    let words = 4 + draw % 6;
    let mut text = String::with_capacity(64);
    for place in 1..=words {
        if place > 1 {
            text.push(' ');
        }
        // The 26 plain ones.
        text.push_str(WORDS[((draw >> (5 * place)) % 26) as usize]);
    }
    text
}
