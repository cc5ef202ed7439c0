use serde::{Deserialize, Serialize};

use crate::definition::Definition;
use crate::encoding::Encoding;

/// Version of ENTITIES.md.
pub const FORMAT: u64 = 1;

/// Key of the facts record: in front of those of rows.
pub const KEY: &[u8] = b"!facts";

/// What a store says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// [`FORMAT`] of its maker.
    pub format: u64,
    /// Rows it was made with, the deleted ones among them.
    pub rows: u64,
    /// Columns: 10 or 20.
    pub columns: usize,
    /// Form of its values.
    pub encoding: Encoding,
    /// Seed of its rows.
    pub seed: u64,
    /// Whether a flush has had it changed, so that its rows are no longer those of the definition.
    pub changed: bool,
}

impl Facts {
    /// Of a store as it is made.
    #[must_use]
    pub fn of(definition: Definition, encoding: Encoding) -> Self {
        let Definition { rows, columns, seed } = definition;
        Self { format: FORMAT, rows, columns, encoding, seed, changed: false }
    }

    /// What its rows were made from.
    #[must_use]
    pub fn definition(&self) -> Definition {
        Definition { rows: self.rows, columns: self.columns, seed: self.seed }
    }
}
