//! What is kept of a column while its rows pass.

use crate::logical::{Logical, Order};
use crate::mix::{column_seed, null_hash};
use crate::scalar::Scalar;
use arrow::datatypes::i256;

/// Smallest and largest value so far, by keys that order as the type does. Nothing was seen where `min > max`.
#[derive(Debug, Clone)]
pub(crate) enum Extremes {
    Unordered,
    Word { min: i64, max: i64 },
    Wide { min: i128, max: i128 },
    Huge { min: i256, max: i256 },
    Bytes(ByteExtremes),
}

/// Strings are compared by a key first, which decides nearly always; the bytes are looked at only where it does not.
#[derive(Debug, Clone)]
pub(crate) struct ByteExtremes {
    bounds: KeyBounds,
    found: Option<(Vec<u8>, Vec<u8>)>,
}

/// Keys of the smallest and the largest bytes so far.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyBounds {
    min: u128,
    max: u128,
}

impl KeyBounds {
    /// Whether bytes of this key could be a new extreme.
    #[inline(always)]
    pub(crate) fn concern(&self, key: u128) -> bool {
        let undecided = ((key == self.min) | (key == self.max)) & (key as u8 == 16);
        (key < self.min) | (key > self.max) | undecided
    }
}

/// Key of bytes, from their first 16 padded with zeros: 15 of them big-endian, then the length or 16 where it is more.
/// Keys order as the bytes do, and equal keys of less than 16 bytes are equal bytes.
#[inline(always)]
pub(crate) fn byte_key(padded: u128, length: usize) -> u128 {
    (padded.swap_bytes() & !0xff) | length.min(16) as u128
}

impl ByteExtremes {
    pub(crate) fn bounds(&self) -> KeyBounds {
        self.bounds
    }

    #[inline(never)]
    pub(crate) fn observe(&mut self, key: u128, bytes: &[u8]) -> KeyBounds {
        let bounds = &mut self.bounds;
        let Some((min, max)) = &mut self.found else {
            *bounds = KeyBounds { min: key, max: key };
            self.found = Some((bytes.to_vec(), bytes.to_vec()));
            return self.bounds;
        };
        if key < bounds.min || (key == bounds.min && bytes < min.as_slice()) {
            bounds.min = key;
            min.clear();
            min.extend_from_slice(bytes);
        }
        if key > bounds.max || (key == bounds.max && bytes > max.as_slice()) {
            bounds.max = key;
            max.clear();
            max.extend_from_slice(bytes);
        }
        self.bounds
    }
}

impl Extremes {
    fn new(logical: &Logical) -> Self {
        match logical {
            Logical::Fixed { order: Order::Unordered, .. } => Self::Unordered,
            Logical::Fixed { width: 16, .. } => Self::Wide { min: i128::MAX, max: i128::MIN },
            Logical::Fixed { width: 32, .. } => Self::Huge { min: i256::MAX, max: i256::MIN },
            Logical::Fixed { .. } => Self::Word { min: i64::MAX, max: i64::MIN },
            Logical::Utf8 | Logical::Binary | Logical::FixedBinary(_) => {
                Self::Bytes(ByteExtremes { bounds: KeyBounds { min: u128::MAX, max: 0 }, found: None })
            }
            Logical::Null | Logical::List(_) | Logical::Struct(_) | Logical::Union(_) => Self::Unordered,
        }
    }

    /// Minimum and maximum as values of the type.
    fn scalars(self, logical: &Logical) -> Option<(Scalar, Scalar)> {
        match (self, logical) {
            (Self::Word { min, max }, Logical::Fixed { width, order, .. }) if min <= max => {
                Some((word_scalar(min, *width, *order), word_scalar(max, *width, *order)))
            }
            (Self::Wide { min, max }, Logical::Fixed { order: Order::Decimal { scale }, .. }) if min <= max => {
                let scalar = |unscaled| Scalar::Decimal { unscaled, scale: *scale };
                Some((scalar(min), scalar(max)))
            }
            (Self::Huge { min, max }, Logical::Fixed { order: Order::Decimal { scale }, .. }) if min <= max => {
                let scalar = |unscaled| Scalar::Decimal256 { unscaled, scale: *scale };
                Some((scalar(min), scalar(max)))
            }
            (Self::Bytes(extremes), Logical::Utf8) => {
                extremes.found.map(|(min, max)| (Scalar::Utf8(min), Scalar::Utf8(max)))
            }
            (Self::Bytes(extremes), _) => extremes.found.map(|(min, max)| (Scalar::Binary(min), Scalar::Binary(max))),
            _ => None,
        }
    }
}

fn word_scalar(key: i64, width: usize, order: Order) -> Scalar {
    match order {
        Order::Boolean => Scalar::Boolean(key != 0),
        Order::Unsigned => Scalar::Unsigned(if width == 8 { (key ^ i64::MIN) as u64 } else { key as u64 }),
        Order::Float => Scalar::Float(crate::fixed::float_of_key(key, width)),
        // A date32 was sign-extended from 32 bits.
        Order::Date32 => Scalar::Date32(key as i32),
        Order::Date64 => Scalar::Date64(key),
        Order::Signed | Order::Decimal { .. } | Order::Unordered => Scalar::Signed(key),
    }
}

/// Statistics of one column in one segment.
#[derive(Debug, Clone)]
pub(crate) struct SegmentColumn {
    pub nulls: u64,
    pub extremes: Extremes,
}

/// Sums of one column, and its statistics by segment.
#[derive(Debug)]
pub(crate) struct ColumnState {
    pub logical: Logical,
    pub seed: u64,
    pub null_hash: u64,
    pub sum: u128,
    pub bytes: u64,
    pub segments: Vec<SegmentColumn>,
}

impl ColumnState {
    pub(crate) fn new(logical: Logical, position: usize, segments: usize) -> Self {
        let seed = column_seed(position);
        let empty = SegmentColumn { nulls: 0, extremes: Extremes::new(&logical) };
        Self { logical, seed, null_hash: null_hash(seed), sum: 0, bytes: 0, segments: vec![empty; segments] }
    }

    /// Nulls, minimum and maximum of each segment.
    pub(crate) fn statistics(&mut self) -> Vec<(u64, Option<(Scalar, Scalar)>)> {
        let logical = &self.logical;
        std::mem::take(&mut self.segments)
            .into_iter()
            .map(|segment| (segment.nulls, segment.extremes.scalars(logical)))
            .collect()
    }
}
