//! The JSON form: an object, `_deleted` first, then the columns in their order.

use std::io::Write;

use crate::columns::{COLUMNS, Column, Kind, MOST};
use crate::definition::{self, Item};
use crate::encoding::text::{Quoted, Text, unescape};
use crate::row::{Cell, DELETED, Row, Wanted, expected, mismatch, missing, undecided, wants};

pub fn encode(row: &definition::Row, into: &mut Vec<u8>) {
    // Writing to memory does not fail, here and below.
    let _ = write!(into, "{{\"{DELETED}\":{}", row.deleted);
    for (item, column) in row.items.iter().zip(&COLUMNS) {
        let _ = write!(into, ",\"{}\":", column.name);
        match item {
            Item::Null => into.extend(b"null"),
            Item::Integer(value) => drop(write!(into, "{value}")),
            // The fewest digits that give the same number, with a point.
            Item::Float(value) => drop(write!(into, "{value:?}")),
            Item::Boolean(value) => drop(write!(into, "{value}")),
            Item::Text(text) => encode_text(text, into),
        }
    }
    into.push(b'}');
}

fn encode_text(text: &str, into: &mut Vec<u8>) {
    into.push(b'"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => into.extend([b'\\', letter as u8]),
            '\0'..='\x1f' => drop(write!(into, "\\u{:04x}", u32::from(letter))),
            _ => into.extend(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    into.push(b'"');
}

pub fn is_deleted(value: &[u8]) -> Option<bool> {
    let rest = value.strip_prefix(b"{\"_deleted\":")?;
    if rest.starts_with(b"false") { Some(false) } else { rest.starts_with(b"true").then_some(true) }
}

/// A value of the column's type.
fn cell<'a>(text: &mut Text<'a>, column: &Column) -> Result<(Cell<'a>, Option<Quoted<'a>>), String> {
    let first = text.peek();
    let other = || format!("column {} holds another type; expected {}", column.name, expected(column));
    let cell = match (column.kind, first) {
        (_, b'n') => {
            text.literal("null")?;
            Cell::Null
        }
        (Kind::Text, b'"') => {
            let quoted = text.string()?;
            if quoted.is_escaped {
                return Ok((Cell::Null, Some(quoted)));
            }
            Cell::Text(quoted.raw)
        }
        (Kind::Boolean, b't' | b'f') => Cell::Boolean(text.boolean()?),
        (Kind::Text | Kind::Boolean, _) => return Err(other()),
        (kind, b'-' | b'0'..=b'9') => {
            let number = text.number()?;
            if kind == Kind::Float64 {
                let value: f64 = number.parse().map_err(|_| other())?;
                Cell::Float(if value.is_finite() { value } else { return Err(other()) })
            } else if number == "-0" {
                return Err(other());
            } else {
                Cell::Integer(number.parse().map_err(|_| other())?)
            }
        }
        _ => return Err(other()),
    };
    match mismatch(column, &cell) {
        Some(clause) => Err(clause),
        None => Ok((cell, None)),
    }
}

/// The column that a name is of; `guess` is tried first.
#[inline]
fn column_of(name: &Quoted<'_>, guess: usize, columns: usize) -> Result<Option<usize>, String> {
    if !name.is_escaped {
        if guess < columns && COLUMNS[guess].name == name.raw {
            return Ok(Some(guess));
        }
        return Ok(crate::columns::find(name.raw, columns));
    }
    let mut plain = String::new();
    unescape(name.raw, &mut plain)?;
    Ok(crate::columns::find(&plain, columns))
}

/// Reads from left to right, and no further than the last wanted column, unless all are wanted.
#[inline]
pub fn in_place<'a>(
    value: &'a [u8],
    wanted: Wanted,
    columns: usize,
    unescaped: &'a mut String,
) -> Result<Row<'a>, String> {
    unescaped.clear();
    let all: Wanted = (1 << columns) - 1;
    let mut text = Text::new(value);
    let mut row = Row::empty(false);
    let (mut seen, mut escaped): (Wanted, Wanted) = (0, 0);
    let mut ends = [0; MOST];
    let mut order = [0; MOST];
    let mut count = 0;
    let mut has_deleted = false;
    let mut guess = 0;
    text.take(b'{', "{")?;
    let mut is_open = !text.takes(b'}');
    while is_open {
        let name = text.string()?;
        text.take(b':', "\":\"")?;
        if name.raw == DELETED {
            row.deleted = text.boolean()?;
            has_deleted = true;
        } else {
            match column_of(&name, guess, columns)? {
                Some(index) if wants(wanted, index) => {
                    guess = index + 1;
                    let (cell, quoted) = cell(&mut text, &COLUMNS[index])?;
                    row.cells[index] = cell;
                    seen |= 1 << index;
                    escaped &= !(1 << index);
                    if let Some(quoted) = quoted {
                        unescape(quoted.raw, unescaped)?;
                        escaped |= 1 << index;
                        // A name that comes more often than there are columns is no entity's.
                        *order.get_mut(count).ok_or("a column comes twice in it")? = index;
                        ends[count] = unescaped.len();
                        count += 1;
                    }
                }
                Some(index) => {
                    guess = index + 1;
                    text.skip()?;
                }
                None => text.skip()?,
            }
        }
        is_open = !text.takes(b'}');
        if is_open {
            if wanted != all && seen == wanted && has_deleted {
                break;
            }
            text.take(b',', "\",\"")?;
        }
    }
    if wanted == all {
        text.end()?;
    }
    if !has_deleted {
        return Err(undecided());
    }
    // Most rows have every column.
    if seen != wanted
        && let Some(clause) = missing(wanted & !seen)
    {
        return Err(clause);
    }
    let unescaped: &'a str = unescaped;
    let mut start = 0;
    for (index, end) in order[..count].iter().zip(&ends[..count]) {
        if wants(escaped, *index) {
            row.cells[*index] = Cell::Text(&unescaped[start..*end]);
        }
        start = *end;
    }
    Ok(row)
}
