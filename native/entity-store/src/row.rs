//! Rows as they are read: in place, or owned.

use std::collections::HashMap;

use serde_json::Value;

use crate::columns::{COLUMNS, Column, Kind, MOST};

/// A value of a row, in place: it lives as long as what RocksDB holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cell<'a> {
    /// No value, or one that nobody asked for.
    Null,
    /// Of int64, int32, timestamp and date32.
    Integer(i64),
    /// Of float64.
    Float(f64),
    /// Of bool.
    Boolean(bool),
    /// Of utf8.
    Text(&'a str),
}

/// A row in place.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Whether it counts as deleted.
    pub deleted: bool,
    /// By column; null for those that were not asked for.
    pub cells: [Cell<'a>; MOST],
}

impl Row<'_> {
    /// A row without values.
    pub fn empty(deleted: bool) -> Self {
        Self { deleted, cells: [Cell::Null; MOST] }
    }
}

/// Columns to be read, as bits: 1 << index.
pub type Wanted = u32;

/// The bits of these columns.
pub fn wanted(columns: impl IntoIterator<Item = usize>) -> Wanted {
    columns.into_iter().fold(0, |bits, column| bits | 1 << column)
}

/// Whether the column is among them.
pub fn wants(bits: Wanted, column: usize) -> bool {
    bits & 1 << column != 0
}

/// An owned row: what stands in JSON, by name, and `_deleted` with it.
pub type OwnedRow = HashMap<String, Value>;

/// Name of the flag of deleted rows.
pub const DELETED: &str = "_deleted";

/// Whether a cell can stand in a column; None where it can.
pub fn mismatch(column: &Column, cell: &Cell<'_>) -> Option<String> {
    let fits = match (column.kind, cell) {
        (_, Cell::Null) => column.nullable(),
        (Kind::Int64 | Kind::Timestamp, Cell::Integer(_))
        | (Kind::Float64, Cell::Float(_))
        | (Kind::Boolean, Cell::Boolean(_))
        | (Kind::Text, Cell::Text(_)) => true,
        (Kind::Int32 | Kind::Date32, Cell::Integer(value)) => i32::try_from(*value).is_ok(),
        _ => false,
    };
    (!fits).then(|| format!("column {} holds {}; expected {}", column.name, shown(cell), expected(column)))
}

fn shown(cell: &Cell<'_>) -> String {
    match cell {
        Cell::Null => "null".to_owned(),
        Cell::Integer(value) => value.to_string(),
        Cell::Float(value) => format!("{value:?}"),
        Cell::Boolean(value) => value.to_string(),
        Cell::Text(value) => format!("{value:?}"),
    }
}

/// What is wrong with a value of an owned row; None where it can stand in its column.
pub fn wrong(column: &Column, value: &Value) -> Option<String> {
    match cell_of(column.kind, Some(value)) {
        Some(Cell::Null) => mismatch(column, &Cell::Null),
        Some(_) => None,
        None => Some(format!("column {} holds {value}; expected {}", column.name, expected(column))),
    }
}

/// What is wrong with a row in which these columns are missing; None where all of them may be.
pub fn missing(columns: Wanted) -> Option<String> {
    let absent = COLUMNS.iter().enumerate().filter(|(index, _)| wants(columns, *index));
    absent.into_iter().find_map(|(_, column)| mismatch(column, &Cell::Null))
}

/// What is wrong with a row that does not say whether it is deleted.
pub fn undecided() -> String {
    format!("it has no {DELETED} that is true or false")
}

/// What a column holds, in words.
pub fn expected(column: &Column) -> String {
    let kind = match column.kind {
        Kind::Int64 => "a whole number of 64 bits",
        Kind::Int32 => "a whole number of 32 bits",
        Kind::Float64 => "a number",
        Kind::Boolean => "true or false",
        Kind::Timestamp => "a whole number of microseconds",
        Kind::Date32 => "a whole number of days",
        Kind::Text => "text",
    };
    if column.nullable() { format!("{kind}, or null") } else { kind.to_owned() }
}

/// A value of an owned row as a cell of its column; None where it is of another type.
pub fn cell_of(kind: Kind, value: Option<&Value>) -> Option<Cell<'_>> {
    Some(match (kind, value) {
        (_, None | Some(Value::Null)) => Cell::Null,
        (Kind::Text, Some(Value::String(text))) => Cell::Text(text),
        (Kind::Boolean, Some(Value::Bool(value))) => Cell::Boolean(*value),
        (Kind::Float64, Some(Value::Number(number))) => Cell::Float(number.as_f64()?),
        (Kind::Int32 | Kind::Date32, Some(Value::Number(number))) => {
            Cell::Integer(number.as_i64().filter(|value| i32::try_from(*value).is_ok())?)
        }
        (Kind::Int64 | Kind::Timestamp, Some(Value::Number(number))) => Cell::Integer(number.as_i64()?),
        _ => return None,
    })
}

/// An owned copy of the wanted cells.
pub fn owned(row: &Row<'_>, bits: Wanted) -> OwnedRow {
    let mut copy = OwnedRow::with_capacity(bits.count_ones() as usize + 1);
    copy.insert(DELETED.to_owned(), Value::Bool(row.deleted));
    for (index, column) in COLUMNS.iter().enumerate().filter(|(index, _)| wants(bits, *index)) {
        let value = match row.cells[index] {
            Cell::Null => Value::Null,
            Cell::Integer(value) => Value::from(value),
            Cell::Float(value) => Value::from(value),
            Cell::Boolean(value) => Value::Bool(value),
            Cell::Text(text) => Value::String(text.to_owned()),
        };
        copy.insert(column.name.to_owned(), value);
    }
    copy
}

/// Whether an owned row counts as deleted; None where it does not say.
pub fn is_deleted(row: &OwnedRow) -> Option<bool> {
    row.get(DELETED).and_then(Value::as_bool)
}
