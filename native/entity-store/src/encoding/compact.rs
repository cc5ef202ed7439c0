//! The compact form: mark, number of columns, nulls, a slot for each column, texts.

use crate::columns::{COLUMNS, Kind, MOST};
use crate::definition::{self, Item};
use crate::row::{Cell, Row, Wanted, mismatch, wants};

const LIVE: u8 = 0xE0;
const DELETED: u8 = 0xE1;

const fn slot_bytes(kind: Kind) -> usize {
    match kind {
        Kind::Int64 | Kind::Float64 | Kind::Timestamp => 8,
        Kind::Int32 | Kind::Date32 | Kind::Text => 4,
        Kind::Boolean => 1,
    }
}

/// Where the slot of each column begins, counted from the first slot, and where the last ends.
const SLOTS: [usize; MOST + 1] = {
    let mut slots = [0; MOST + 1];
    let mut index = 0;
    while index < MOST {
        slots[index + 1] = slots[index] + slot_bytes(COLUMNS[index].kind);
        index += 1;
    }
    slots
};

/// The text column before each, whose end is where this one's text begins; the column itself where there is none.
const TEXT_BEFORE: [usize; MOST] = {
    let mut before = [0; MOST];
    let mut index = 0;
    let mut last = MOST;
    while index < MOST {
        before[index] = if last == MOST { index } else { last };
        if matches!(COLUMNS[index].kind, Kind::Text) {
            last = index;
        }
        index += 1;
    }
    before
};

/// Bytes in front of the slots.
const fn head(columns: usize) -> usize {
    2 + columns.div_ceil(8)
}

pub fn encode(row: &definition::Row, into: &mut Vec<u8>) {
    let columns = row.items.len();
    into.extend([if row.deleted { DELETED } else { LIVE }, columns as u8]);
    let nulls = into.len();
    into.resize(nulls + columns.div_ceil(8), 0);
    let mut end = 0u32;
    for (index, item) in row.items.iter().enumerate() {
        match item {
            Item::Null => into[nulls + index / 8] |= 1 << (index % 8),
            // A text is short, so that its length fits.
            Item::Text(text) => end += text.len() as u32,
            _ => {}
        }
        match (COLUMNS[index].kind, item) {
            (Kind::Text, _) => into.extend(end.to_le_bytes()),
            (kind, Item::Integer(value)) if kind.is_narrow() => into.extend((*value as i32).to_le_bytes()),
            (_, Item::Integer(value)) => into.extend(value.to_le_bytes()),
            (_, Item::Float(value)) => into.extend(value.to_le_bytes()),
            (_, Item::Boolean(value)) => into.push(u8::from(*value)),
            (kind, _) => into.resize(into.len() + slot_bytes(kind), 0),
        }
    }
    for item in &row.items {
        if let Item::Text(text) = item {
            into.extend(text.as_bytes());
        }
    }
}

pub fn is_deleted(value: &[u8]) -> Option<bool> {
    match value.first() {
        Some(&LIVE) => Some(false),
        Some(&DELETED) => Some(true),
        _ => None,
    }
}

/// The `N` bytes at `at`, which lie within the slots.
fn bytes<const N: usize>(slots: &[u8], at: usize) -> [u8; N] {
    let mut copy = [0; N];
    copy.copy_from_slice(&slots[at..at + N]);
    copy
}

/// Only the wanted columns are looked at, and whether the value is as long as it says.
#[inline]
pub fn in_place(value: &[u8], wanted: Wanted, columns: usize) -> Result<Row<'_>, String> {
    let deleted = is_deleted(value)
        .ok_or_else(|| format!("it begins with {:02x?}; expected e0 or e1", value.first().copied().unwrap_or(0)))?;
    let text_start = head(columns) + SLOTS[columns];
    if value.len() < text_start || usize::from(value[1]) != columns {
        return Err(format!(
            "it has {} bytes for {} columns; expected {columns} columns, of at least {text_start} bytes",
            value.len(),
            value.get(1).copied().unwrap_or(0),
        ));
    }
    let (nulls, slots, texts) = (&value[2..head(columns)], &value[head(columns)..text_start], &value[text_start..]);
    let end_of = |column: usize| u32::from_le_bytes(bytes(slots, SLOTS[column])) as usize;
    let mut row = Row::empty(deleted);
    let mut left = wanted;
    while left != 0 {
        let index = left.trailing_zeros() as usize;
        left &= left - 1;
        let column = &COLUMNS[index];
        if nulls[index / 8] & 1 << (index % 8) != 0 {
            if !column.nullable() {
                return Err(mismatch(column, &Cell::Null).unwrap_or_default());
            }
            continue;
        }
        let at = SLOTS[index];
        row.cells[index] = match column.kind {
            Kind::Int64 | Kind::Timestamp => Cell::Integer(i64::from_le_bytes(bytes(slots, at))),
            Kind::Int32 | Kind::Date32 => Cell::Integer(i32::from_le_bytes(bytes(slots, at)).into()),
            Kind::Float64 => Cell::Float(f64::from_le_bytes(bytes(slots, at))),
            Kind::Boolean => match slots[at] {
                0 => Cell::Boolean(false),
                1 => Cell::Boolean(true),
                other => return Err(format!("column {} holds the byte {other:02x}; expected 00 or 01", column.name)),
            },
            Kind::Text => {
                let before = TEXT_BEFORE[index];
                let start = if before == index { 0 } else { end_of(before) };
                let text = texts.get(start..end_of(index)).ok_or_else(|| {
                    format!(
                        "column {} has its text at {start} to {}; expected within {} bytes",
                        column.name,
                        end_of(index),
                        texts.len()
                    )
                })?;
                Cell::Text(std::str::from_utf8(text).map_err(|_| format!("column {} is not UTF-8", column.name))?)
            }
        };
    }
    // The last text column of 10 is category, of 20 code: where it ends, the value ends.
    let last = (0..columns).rev().find(|index| COLUMNS[*index].kind == Kind::Text).unwrap_or(0);
    if end_of(last) != texts.len() {
        return Err(format!("its texts end at {}; expected {}", texts.len(), end_of(last)));
    }
    debug_assert!((0..MOST).all(|index| wants(wanted, index) || row.cells[index] == Cell::Null));
    Ok(row)
}
