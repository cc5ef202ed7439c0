//! Canonical bytes of nested values.

use crate::bytes::{ByteSource, FixedBinary, Offsets, Views};
use crate::column::ColumnState;
use crate::digester::Chunk;
use crate::error::Malformed;
use crate::layout::{Column, Values};
use crate::mix::bytes_hash;

/// Adds a chunk of a column that is nested, or of the null type.
pub(crate) fn update(column: &Column<'_>, chunk: &mut Chunk<'_>, state: &mut ColumnState) -> Result<(), Malformed> {
    let mut bytes = Vec::new();
    for (index, row) in chunk.rows.iter_mut().enumerate() {
        let hash = if is_null(column, chunk.start + index) {
            state.null_hash
        } else {
            bytes.clear();
            append(column, chunk.start + index, &mut bytes)?;
            state.bytes += bytes.len() as u64;
            bytes_hash(&bytes, state.seed)
        };
        *row = row.wrapping_add(hash);
        state.sum = state.sum.wrapping_add(u128::from(hash));
    }
    Ok(())
}

pub(crate) fn is_null(column: &Column<'_>, row: usize) -> bool {
    matches!(column.values, Values::Null) || column.nulls.as_ref().is_some_and(|nulls| nulls.is_null(row))
}

fn append_tagged(column: &Column<'_>, row: usize, out: &mut Vec<u8>) -> Result<(), Malformed> {
    if row >= column.length {
        return Err(Malformed(format!("a nested value points to element {row} of {}", column.length)));
    }
    if is_null(column, row) {
        out.push(0);
        return Ok(());
    }
    out.push(1);
    append(column, row, out)
}

fn append_bytes(source: &impl ByteSource, row: usize, out: &mut Vec<u8>) -> Result<(), Malformed> {
    let value = source.load(row).ok_or_else(|| Malformed::at("offsets of a nested value", row))?;
    out.extend_from_slice(&(value.length as u64).to_le_bytes());
    if value.length > 16 {
        out.extend_from_slice(value.long);
    } else {
        out.extend_from_slice(&value.padded.to_le_bytes()[..value.length]);
    }
    Ok(())
}

fn append_fixed(bytes: &[u8], stored: usize, canonical: usize, row: usize, out: &mut Vec<u8>) {
    let value = &bytes[row * stored..(row + 1) * stored];
    let sign = if value[stored - 1] >= 0x80 { 0xff } else { 0 };
    out.extend_from_slice(value);
    out.extend(std::iter::repeat_n(sign, canonical - stored));
}

/// Canonical bytes of a value that is not null, as they are behind its tag.
fn append(column: &Column<'_>, row: usize, out: &mut Vec<u8>) -> Result<(), Malformed> {
    match &column.values {
        Values::Boolean(values) => out.push(u8::from(values.value(row))),
        Values::Fixed { buffer, stored, canonical } => append_fixed(buffer, *stored, *canonical, row, out),
        Values::HeldFixed { bytes, stored, canonical } => append_fixed(bytes, *stored, *canonical, row, out),
        Values::List { ranges, child } => {
            let (start, count) = ranges.of(row).ok_or_else(|| Malformed::at("list offsets", row))?;
            out.extend_from_slice(&(count as u64).to_le_bytes());
            for element in start..start + count {
                append_tagged(child, element, out)?;
            }
        }
        Values::Struct(children) => {
            for child in children {
                append_tagged(child, row, out)?;
            }
        }
        Values::Union { type_ids, offsets, children } => {
            let id = type_ids[row];
            let element = match offsets {
                Some(offsets) => usize::try_from(offsets[row]).map_err(|_| Malformed::at("union offsets", row))?,
                None => row,
            };
            let (_, child) = children
                .iter()
                .find(|(candidate, _)| *candidate == id)
                .ok_or_else(|| Malformed(format!("union type id {id} is not declared")))?;
            out.extend_from_slice(&id.to_le_bytes());
            append_tagged(child, element, out)?;
        }
        Values::Offsets32 { offsets, data } => append_bytes(&Offsets { offsets, data }, row, out)?,
        Values::Offsets64 { offsets, data } => append_bytes(&Offsets { offsets, data }, row, out)?,
        Values::Views { views, data } => append_bytes(&Views { views, data }, row, out)?,
        Values::HeldBytes(values) => append_bytes(values, row, out)?,
        Values::FixedBinary { data, width } => append_bytes(&FixedBinary { data, width: *width }, row, out)?,
        // Always null, so that nothing is behind the tag.
        Values::Null => {}
    }
    Ok(())
}
