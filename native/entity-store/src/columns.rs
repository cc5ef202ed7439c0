//! The columns of an entity, and the Arrow schema of any of them.

use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};

/// Type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// int64.
    Int64,
    /// int32.
    Int32,
    /// float64.
    Float64,
    /// bool.
    Boolean,
    /// timestamp[us, UTC], as a number of microseconds.
    Timestamp,
    /// date32, as a number of days.
    Date32,
    /// utf8.
    Text,
}

impl Kind {
    /// The Arrow type.
    #[must_use]
    pub fn data_type(self) -> DataType {
        match self {
            Self::Int64 => DataType::Int64,
            Self::Int32 => DataType::Int32,
            Self::Float64 => DataType::Float64,
            Self::Boolean => DataType::Boolean,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some(Arc::from("UTC"))),
            Self::Date32 => DataType::Date32,
            Self::Text => DataType::Utf8,
        }
    }

    /// Whether it is kept in 32 bits.
    #[must_use]
    pub fn is_narrow(self) -> bool {
        matches!(self, Self::Int32 | Self::Date32)
    }
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, also in JSON.
    pub name: &'static str,
    /// Its type.
    pub kind: Kind,
    /// One value of so many is null; 0 where none may be.
    pub null_in: u64,
    /// Bytes of a text as a first guess; 0 for other types.
    pub usual_bytes: usize,
}

impl Column {
    /// Whether nulls are allowed.
    #[must_use]
    pub fn nullable(&self) -> bool {
        self.null_in > 0
    }
}

const fn column(name: &'static str, kind: Kind, null_in: u64, usual_bytes: usize) -> Column {
    Column { name, kind, null_in, usual_bytes }
}

/// Most columns that an entity has.
pub const MOST: usize = 20;

/// Numbers of columns that there are: the first ten, or all.
pub const COUNTS: [usize; 2] = [10, MOST];

/// Index of the unique column.
pub const ID: usize = 0;

/// Every column, in the order of ENTITIES.md.
pub const COLUMNS: [Column; MOST] = [
    column("id", Kind::Int64, 0, 0),
    column("group", Kind::Text, 0, 3),
    column("name", Kind::Text, 16, 22),
    column("amount", Kind::Float64, 10, 0),
    column("quantity", Kind::Int32, 0, 0),
    column("active", Kind::Boolean, 7, 0),
    column("created", Kind::Timestamp, 0, 0),
    column("day", Kind::Date32, 12, 0),
    column("category", Kind::Text, 0, 8),
    column("count", Kind::Int64, 5, 0),
    column("note", Kind::Text, 3, 48),
    column("price", Kind::Float64, 0, 0),
    column("weight", Kind::Float64, 9, 0),
    column("rank", Kind::Int32, 20, 0),
    column("score", Kind::Int64, 0, 0),
    column("verified", Kind::Boolean, 0, 0),
    column("updated", Kind::Timestamp, 4, 0),
    column("due", Kind::Date32, 0, 0),
    column("region", Kind::Text, 8, 6),
    column("code", Kind::Text, 0, 12),
];

/// Index of the column of this name among the first `count`.
#[must_use]
pub fn find(name: &str, count: usize) -> Option<usize> {
    COLUMNS[..count].iter().position(|column| column.name == name)
}

/// Schema of these columns, by index.
#[must_use]
pub fn schema_of(columns: &[usize]) -> SchemaRef {
    let field = |index: &usize| {
        let column = COLUMNS[*index];
        Field::new(column.name, column.kind.data_type(), column.nullable())
    };
    Arc::new(Schema::new(columns.iter().map(field).collect::<Vec<_>>()))
}
