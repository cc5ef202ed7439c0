//! Values of fixed width: hashes, sums and extremes of at most [`CHUNK_ROWS`] rows.

use crate::column::{ColumnState, Extremes};
use crate::digester::{Chunk, Validity};
use crate::logical::{Logical, Order};
use crate::mix::{bytes_hash, wide_hash, word_hash};
use arrow::array::ArrowPrimitiveType;
use arrow::buffer::BooleanBuffer;
use arrow::datatypes::{Float16Type, i256};

/// Rows that are digested column by column before the next ones: 8 KiB of row hashes, which stay in the first cache.
pub(crate) const CHUNK_ROWS: usize = 1024;

pub(crate) fn update_booleans(values: &BooleanBuffer, chunk: &mut Chunk<'_>, state: &mut ColumnState) {
    let mut bytes = [[0u8; 1]; CHUNK_ROWS];
    for (row, byte) in bytes[..chunk.rows.len()].iter_mut().enumerate() {
        *byte = [u8::from(values.value(chunk.start + row))];
    }
    let count = chunk.rows.len();
    words(&bytes[..count], chunk, state);
}

/// `buffer` holds all values of the batch, `stored` bytes each.
pub(crate) fn update(buffer: &[u8], stored: usize, canonical: usize, chunk: &mut Chunk<'_>, state: &mut ColumnState) {
    let values = &buffer[chunk.start * stored..(chunk.start + chunk.rows.len()) * stored];
    match (stored, canonical) {
        (1, 1) => words::<1>(values.as_chunks().0, chunk, state),
        (2, 2) => words::<2>(values.as_chunks().0, chunk, state),
        (4, 4) => words::<4>(values.as_chunks().0, chunk, state),
        (8, 8) => words::<8>(values.as_chunks().0, chunk, state),
        (2, 16) => wide(values.as_chunks().0, |value| i128::from(i16::from_le_bytes(*value)), chunk, state),
        (4, 16) => wide(values.as_chunks().0, |value| i128::from(i32::from_le_bytes(*value)), chunk, state),
        (8, 16) => wide(values.as_chunks().0, |value| i128::from(i64::from_le_bytes(*value)), chunk, state),
        (_, 16) => wide(values.as_chunks().0, |value| i128::from_le_bytes(*value), chunk, state),
        (4, _) => huge(values.as_chunks().0, |value| i256::from_i128(i32::from_le_bytes(*value).into()), chunk, state),
        (8, _) => huge(values.as_chunks().0, |value| i256::from_i128(i64::from_le_bytes(*value).into()), chunk, state),
        (16, _) => huge(values.as_chunks().0, |value| i256::from_i128(i128::from_le_bytes(*value)), chunk, state),
        _ => huge(values.as_chunks().0, |value| i256::from_le_bytes(*value), chunk, state),
    }
}

#[inline(always)]
fn load<const WIDTH: usize>(value: &[u8; WIDTH]) -> u64 {
    let mut padded = [0; 8];
    padded[..WIDTH].copy_from_slice(value);
    u64::from_le_bytes(padded)
}

fn words<const WIDTH: usize>(values: &[[u8; WIDTH]], chunk: &mut Chunk<'_>, state: &mut ColumnState) {
    let seed = state.seed;
    sums(values, |value| word_hash(load(value), seed), WIDTH, chunk, state);
    let Logical::Fixed { order, .. } = state.logical else { return };
    let Extremes::Word { min, max } = &mut state.segments[chunk.segment].extremes else { return };
    let found = match order {
        Order::Float => extremes(values, &chunk.validity, |value| float_key(load(value), WIDTH)),
        Order::Boolean | Order::Unsigned if WIDTH < 8 => {
            extremes(values, &chunk.validity, |value| Some(load(value) as i64))
        }
        Order::Boolean | Order::Unsigned => {
            extremes(values, &chunk.validity, |value| Some(load(value) as i64 ^ i64::MIN))
        }
        _ => extremes(values, &chunk.validity, |value| Some(signed(load(value), WIDTH))),
    };
    (*min, *max) = ((*min).min(found.0), (*max).max(found.1));
}

fn wide<const WIDTH: usize>(
    values: &[[u8; WIDTH]],
    value_of: impl Fn(&[u8; WIDTH]) -> i128 + Copy,
    chunk: &mut Chunk<'_>,
    state: &mut ColumnState,
) {
    let seed = state.seed;
    sums(values, |value| wide_hash(value_of(value) as u128, seed), 16, chunk, state);
    let Extremes::Wide { min, max } = &mut state.segments[chunk.segment].extremes else { return };
    each_valid(values, &chunk.validity, |value| {
        let value = value_of(value);
        (*min, *max) = ((*min).min(value), (*max).max(value));
    });
}

fn huge<const WIDTH: usize>(
    values: &[[u8; WIDTH]],
    value_of: impl Fn(&[u8; WIDTH]) -> i256 + Copy,
    chunk: &mut Chunk<'_>,
    state: &mut ColumnState,
) {
    let seed = state.seed;
    sums(values, |value| bytes_hash(&value_of(value).to_le_bytes(), seed), 32, chunk, state);
    let Extremes::Huge { min, max } = &mut state.segments[chunk.segment].extremes else { return };
    each_valid(values, &chunk.validity, |value| {
        let value = value_of(value);
        (*min, *max) = ((*min).min(value), (*max).max(value));
    });
}

/// Adds the hashes of a chunk to the rows' sums and to the column's.
#[inline(always)]
fn sums<T>(values: &[T], hash: impl Fn(&T) -> u64, width: usize, chunk: &mut Chunk<'_>, state: &mut ColumnState) {
    // Halves of the hashes are summed apart: 1,024 of them do not overflow, and the loop needs no carry.
    let (mut low, mut high) = (0u64, 0u64);
    match &chunk.validity {
        Validity::All => {
            for (row, value) in chunk.rows.iter_mut().zip(values) {
                let hash = hash(value);
                *row = row.wrapping_add(hash);
                low += hash & 0xffff_ffff;
                high += hash >> 32;
            }
            state.bytes += (values.len() * width) as u64;
        }
        Validity::Some(valid) => {
            let mut present = 0u64;
            for ((row, value), valid) in chunk.rows.iter_mut().zip(values).zip(valid.iter()) {
                let hash = if *valid { hash(value) } else { state.null_hash };
                *row = row.wrapping_add(hash);
                low += hash & 0xffff_ffff;
                high += hash >> 32;
                present += u64::from(*valid);
            }
            state.bytes += present * width as u64;
        }
    }
    state.sum = state.sum.wrapping_add(u128::from(low)).wrapping_add(u128::from(high) << 32);
}

#[inline(always)]
fn extremes<T>(values: &[T], validity: &Validity<'_>, key: impl Fn(&T) -> Option<i64>) -> (i64, i64) {
    let (mut min, mut max) = (i64::MAX, i64::MIN);
    each_valid(values, validity, |value| {
        let key = key(value);
        min = min.min(key.unwrap_or(i64::MAX));
        max = max.max(key.unwrap_or(i64::MIN));
    });
    (min, max)
}

#[inline(always)]
fn each_valid<T>(values: &[T], validity: &Validity<'_>, mut visit: impl FnMut(&T)) {
    match validity {
        Validity::All => values.iter().for_each(visit),
        Validity::Some(valid) => {
            for (value, _) in values.iter().zip(valid.iter()).filter(|(_, valid)| **valid) {
                visit(value);
            }
        }
    }
}

#[inline(always)]
fn signed(word: u64, width: usize) -> i64 {
    let unused = 64 - 8 * width as u32;
    (word << unused) as i64 >> unused
}

/// Sign and magnitude turned into two's complement, so that keys order as the numbers do; `None` for NaN.
#[inline(always)]
fn float_key(bits: u64, width: usize) -> Option<i64> {
    let (sign, infinity) = match width {
        2 => (1u64 << 15, 0x7c00),
        4 => (1 << 31, 0x7f80_0000),
        _ => (1 << 63, 0x7ff0_0000_0000_0000),
    };
    let magnitude = (bits & (sign - 1)) as i64;
    let key = if bits & sign == 0 { magnitude } else { !magnitude };
    (magnitude <= infinity).then_some(key)
}

/// The float that has the key, as a double.
pub(crate) fn float_of_key(key: i64, width: usize) -> f64 {
    let (magnitude, negative) = if key < 0 { (!key as u64, true) } else { (key as u64, false) };
    let value = match width {
        2 => <Float16Type as ArrowPrimitiveType>::Native::from_bits(magnitude as u16).to_f64(),
        4 => f64::from(f32::from_bits(magnitude as u32)),
        _ => f64::from_bits(magnitude),
    };
    if negative { -value } else { value }
}
