//! Values of variable length, and binary of fixed size: hashes, sums and extremes of one chunk.

use crate::column::{ColumnState, Extremes, byte_key};
use crate::digester::{Chunk, Validity};
use crate::error::Malformed;
use crate::fixed::CHUNK_ROWS;
use crate::mix::{long_hash, short_hash};
use arrow::buffer::Buffer;

/// A value as the hash wants it.
pub(crate) struct Loaded<'a> {
    pub length: usize,
    /// The first 16 bytes, those that the value does not have zero.
    pub padded: u128,
    /// The whole value where it is longer than 16 bytes, else empty.
    pub long: &'a [u8],
}

/// Where the values of a column are. `None` where a value is outside of the data.
pub(crate) trait ByteSource {
    fn load(&self, row: usize) -> Option<Loaded<'_>>;
}

pub(crate) struct Offsets<'a, T> {
    pub offsets: &'a [T],
    pub data: &'a [u8],
}

pub(crate) struct Views<'a> {
    pub views: &'a [u128],
    pub data: &'a [Buffer],
}

pub(crate) struct FixedBinary<'a> {
    pub data: &'a [u8],
    pub width: usize,
}

static ALL_VALID: [bool; CHUNK_ROWS] = [true; CHUNK_ROWS];

/// Keeps the first n bytes of 16.
pub(crate) static MASKS: [u128; 17] = {
    let mut masks = [u128::MAX; 17];
    let mut length = 0;
    while length < 16 {
        masks[length] = (1 << (8 * length)) - 1;
        length += 1;
    }
    masks
};

#[inline(always)]
fn load(data: &[u8], start: usize, end: usize) -> Option<Loaded<'_>> {
    let length = end.wrapping_sub(start);
    let padded = match data.get(start..).and_then(|rest| rest.first_chunk::<16>()) {
        Some(window) => u128::from_le_bytes(*window) & MASKS[length.min(16)],
        None => near_end(data, start, end)?,
    };
    let long = if length > 16 { data.get(start..end)? } else { &[] };
    (start <= end && end <= data.len()).then_some(Loaded { length, padded, long })
}

/// Less than 16 bytes of data are left behind `start`.
#[cold]
fn near_end(data: &[u8], start: usize, end: usize) -> Option<u128> {
    let value = data.get(start..end)?;
    let mut padded = [0; 16];
    padded[..value.len()].copy_from_slice(value);
    Some(u128::from_le_bytes(padded))
}

impl<T: Copy + TryInto<usize>> ByteSource for Offsets<'_, T> {
    #[inline(always)]
    fn load(&self, row: usize) -> Option<Loaded<'_>> {
        load(self.data, self.offsets[row].try_into().ok()?, self.offsets[row + 1].try_into().ok()?)
    }
}

impl ByteSource for Views<'_> {
    #[inline(always)]
    fn load(&self, row: usize) -> Option<Loaded<'_>> {
        let view = self.views[row];
        let length = view as u32 as usize;
        if length <= 12 {
            return Some(Loaded { length, padded: (view >> 32) & MASKS[length], long: &[] });
        }
        let start = (view >> 96) as usize;
        load(self.data.get((view >> 64) as u32 as usize)?, start, start + length)
    }
}

impl ByteSource for FixedBinary<'_> {
    #[inline(always)]
    fn load(&self, row: usize) -> Option<Loaded<'_>> {
        load(self.data, row * self.width, (row + 1) * self.width)
    }
}

pub(crate) fn update(
    source: &impl ByteSource,
    chunk: &mut Chunk<'_>,
    state: &mut ColumnState,
) -> Result<(), Malformed> {
    let (seed, null_hash) = (state.seed, state.null_hash);
    let Extremes::Bytes(extremes) = &mut state.segments[chunk.segment].extremes else { return Ok(()) };
    let valid = match &chunk.validity {
        Validity::All => &ALL_VALID[..chunk.rows.len()],
        Validity::Some(valid) => valid,
    };
    // In locals, so that they stay in registers; a chunk of hashes does not overflow 128 bits.
    let (mut bytes, mut sum) = (0u64, 0u128);
    let mut bounds = extremes.bounds();
    for (index, (row, valid)) in chunk.rows.iter_mut().zip(valid).enumerate() {
        let mut hash = null_hash;
        if *valid {
            let Some(value) = source.load(chunk.start + index) else {
                return Err(Malformed::at("offsets", chunk.start + index));
            };
            let key = byte_key(value.padded, value.length);
            if bounds.concern(key) {
                let short = value.padded.to_le_bytes();
                bounds = extremes.observe(key, if value.length > 16 { value.long } else { &short[..value.length] });
            }
            bytes += value.length as u64;
            hash = if value.length > 16 {
                long_hash(value.long, seed)
            } else {
                short_hash(value.padded, value.length, seed)
            };
        }
        *row = row.wrapping_add(hash);
        sum += u128::from(hash);
    }
    state.bytes += bytes;
    state.sum = state.sum.wrapping_add(sum);
    Ok(())
}
