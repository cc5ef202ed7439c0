//! The digest of a table as it is written to JSON (`Digest` in harness/types.ts), and the statistics of segments.

use crate::error::DigestError;
use crate::scalar::Scalar;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// Digest of a table, or of a part of one that starts at its true first row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TableDigest {
    /// Version of the specification, [`crate::VERSION`].
    pub version: String,
    /// Rows digested.
    pub rows: u64,
    /// M, whatever the order of rows.
    #[serde(with = "hexadecimal")]
    pub multiset: u128,
    /// O, keyed with the row's index.
    #[serde(with = "hexadecimal")]
    pub order: u128,
    /// In the schema's order.
    pub columns: Vec<ColumnDigest>,
    /// Rows 65,536 · index and on; blocks before a part's first row have no rows.
    pub blocks: Vec<BlockDigest>,
}

/// Digest of one column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnDigest {
    /// As the schema has it.
    pub name: String,
    /// C: sum of the hashes of its values.
    #[serde(with = "hexadecimal")]
    pub sum: u128,
    /// Null values.
    pub nulls: u64,
    /// Canonical bytes of the values that are not null.
    pub bytes: u64,
    /// Smallest value; `None` where there is none, or the type has no order.
    pub min: Option<Extreme>,
    /// Largest value.
    pub max: Option<Extreme>,
}

/// Rows and M of 65,536 rows.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BlockDigest {
    /// Rows digested.
    pub rows: u64,
    /// M of these rows.
    #[serde(with = "hexadecimal")]
    pub multiset: u128,
}

/// Statistics of the rows of one segment, such as a row group.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SegmentStatistics {
    /// Rows that came; fewer than the segment was declared with where the table ended early.
    pub rows: u64,
    /// In the schema's order.
    pub columns: Vec<ColumnStatistics>,
}

/// Statistics of one column in one segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ColumnStatistics {
    /// Null values.
    pub nulls: u64,
    /// Smallest value; `None` where there is none, or the type has no order.
    pub min: Option<Extreme>,
    /// Largest value.
    pub max: Option<Extreme>,
}

/// A minimum or maximum: text in JSON, typed until then. Equal when the texts are.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Extreme {
    text: String,
    value: Option<Scalar>,
}

impl Extreme {
    /// The value as DIGEST.md writes it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The typed value; `None` where the digest was read from JSON.
    pub fn value(&self) -> Option<&Scalar> {
        self.value.as_ref()
    }
}

impl PartialEq for Extreme {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl From<Scalar> for Extreme {
    fn from(value: Scalar) -> Self {
        Self { text: value.to_text(), value: Some(value) }
    }
}

impl From<String> for Extreme {
    fn from(text: String) -> Self {
        Self { text, value: None }
    }
}

impl From<Extreme> for String {
    fn from(extreme: Extreme) -> Self {
        extreme.text
    }
}

impl TableDigest {
    /// Digest of the rows of both, each digested with its true first row.
    ///
    /// # Errors
    /// [`DigestError::CannotMerge`] where columns differ, or a minimum has no typed value because it was read from JSON.
    pub fn merge(mut self, other: Self) -> Result<Self, DigestError> {
        let names = |digest: &Self| digest.columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
        if self.version != other.version || names(&self) != names(&other) {
            return Err(DigestError::CannotMerge(format!(
                "version {} of columns {:?} and version {} of columns {:?}",
                self.version,
                names(&self),
                other.version,
                names(&other)
            )));
        }
        self.rows += other.rows;
        self.multiset = self.multiset.wrapping_add(other.multiset);
        self.order = self.order.wrapping_add(other.order);
        for (column, added) in self.columns.iter_mut().zip(other.columns) {
            column.sum = column.sum.wrapping_add(added.sum);
            column.nulls += added.nulls;
            column.bytes += added.bytes;
            column.min = choose(&column.name, column.min.take(), added.min, Ordering::Less)?;
            column.max = choose(&column.name, column.max.take(), added.max, Ordering::Greater)?;
        }
        if self.blocks.len() < other.blocks.len() {
            self.blocks.resize(other.blocks.len(), BlockDigest::default());
        }
        for (block, added) in self.blocks.iter_mut().zip(other.blocks) {
            block.rows += added.rows;
            block.multiset = block.multiset.wrapping_add(added.multiset);
        }
        Ok(self)
    }
}

/// `right` where it compares to `left` as wanted, else `left`.
fn choose(
    name: &str,
    left: Option<Extreme>,
    right: Option<Extreme>,
    wanted: Ordering,
) -> Result<Option<Extreme>, DigestError> {
    let (left, right) = match (left, right) {
        (Some(left), Some(right)) => (left, right),
        (left, right) => return Ok(left.or(right)),
    };
    let (Some(left_value), Some(right_value)) = (&left.value, &right.value) else {
        return Err(DigestError::CannotMerge(format!(
            "minimum or maximum of column {name} was read from JSON and has no type; merge before writing"
        )));
    };
    match right_value.compare(left_value) {
        Some(order) => Ok(Some(if order == wanted { right } else { left })),
        None => Err(DigestError::CannotMerge(format!("column {name} has different types in the two digests"))),
    }
}

/// 128-bit sums as 32 lower-case hexadecimal digits.
mod hexadecimal {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(value: &u128, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{value:032x}"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        if text.len() != 32 || !digits {
            return Err(D::Error::custom(format!("a sum has 32 lower-case hexadecimal digits, not {text:?}")));
        }
        u128::from_str_radix(&text, 16).map_err(D::Error::custom)
    }
}
