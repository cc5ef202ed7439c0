//! What can be wrong with a batch that is to be digested.

use arrow::datatypes::DataType;
use std::fmt;

/// Why a batch could not be digested or digests could not be merged. After an error of `update` the digester holds no whole table.
#[derive(Debug, Clone, PartialEq)]
pub enum DigestError {
    /// A type that the specification does not define.
    UnsupportedType {
        /// Column's name.
        column: String,
        /// Type declared for it.
        declared: DataType,
    },
    /// A batch has another number of columns than the schema.
    ColumnCount {
        /// Columns in the schema.
        expected: usize,
        /// Columns in the batch.
        actual: usize,
    },
    /// A column came in a type that is no layout of the declared one.
    TypeMismatch {
        /// Column's name.
        column: String,
        /// Type declared for it.
        expected: DataType,
        /// Type that it came in.
        actual: DataType,
    },
    /// Offsets, keys or buffers point outside of their data.
    Malformed {
        /// Column's name.
        column: String,
        /// What points where.
        detail: String,
    },
    /// Digests of different tables or versions, or one that was read from JSON and has no typed values any more.
    CannotMerge(String),
}

impl fmt::Display for DigestError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnsupportedType { column, declared } => {
                write!(
                    formatter,
                    "column {column}: type {declared} has no canonical bytes in digest {}",
                    crate::VERSION
                )
            }
            Self::ColumnCount { expected, actual } => {
                write!(formatter, "batch has {actual} columns, the declared schema {expected}")
            }
            Self::TypeMismatch { column, expected, actual } => {
                write!(
                    formatter,
                    "column {column}: declared {expected}, but the batch holds {actual}, which is no layout of it"
                )
            }
            Self::Malformed { column, detail } => write!(formatter, "column {column}: malformed Arrow data: {detail}"),
            Self::CannotMerge(reason) => write!(formatter, "digests cannot be merged: {reason}"),
        }
    }
}

impl std::error::Error for DigestError {}

/// A column's data point outside of their buffers; the caller adds the column's name.
#[derive(Debug)]
pub(crate) struct Malformed(pub String);

impl Malformed {
    #[cold]
    pub(crate) fn at(what: &str, row: usize) -> Self {
        Self(format!("{what} of row {row} of the batch point outside of the data"))
    }
}
