//! Values where another program holds them, in the layout that DuckDB's vectors have, so that they are digested without a copy.

use crate::bytes::{ByteSource, Loaded, MASKS};
use crate::error::Malformed;
use crate::layout::{Column, Values};
use crate::logical::{Logical, Order};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer};
use std::ffi::c_void;

/// Bytes of up to this length are in the entry itself.
const MOST_INLINE: usize = 12;

/// An entry of a column of strings or binary: a length, and the bytes or a pointer to them.
#[derive(Debug)]
#[repr(C, align(8))]
pub struct PointedBytes {
    length: u32,
    /// Up to 12 bytes of the value; of a longer one the first 4, and then its address.
    rest: [u8; MOST_INLINE],
}

/// A column of rows that somebody else holds.
#[derive(Debug)]
pub struct HeldColumn<'a> {
    /// One bit for each row, the lowest first, 1 where there is a value; `None` where no row is null.
    pub valid: Option<&'a [u64]>,
    /// One for each row; what is at a null is not looked at.
    pub values: HeldValues<'a>,
}

/// The values of a [`HeldColumn`].
#[derive(Debug)]
pub enum HeldValues<'a> {
    /// `stored` bytes a value: as many as the type's canonical bytes, or fewer where it is a decimal. A bool is one byte, 0 or 1.
    Fixed {
        /// All values, one after the other.
        bytes: &'a [u8],
        /// Bytes of one.
        stored: usize,
    },
    /// Strings and binary.
    Bytes(&'a [PointedBytes]),
}

impl PointedBytes {
    /// The `count` entries at `entries`.
    ///
    /// # Safety
    /// For all of `'a` there are so many entries, aligned to 8 bytes, and nobody changes them; those of more than 12 bytes
    /// end in the address of as many bytes, of which the same is true. Entries of nulls may hold anything that is initialised,
    /// as long as they are declared null.
    pub unsafe fn entries<'a>(entries: *const c_void, count: usize) -> &'a [Self] {
        // SAFETY: the caller's promise.
        unsafe { std::slice::from_raw_parts(entries.cast(), count) }
    }

    /// The first 16 bytes behind the pointer, and all of them where they are more.
    #[inline(always)]
    fn load(&self) -> Loaded<'_> {
        let length = self.length as usize;
        let mut inline = [0; 16];
        inline[..MOST_INLINE].copy_from_slice(&self.rest);
        let inline = u128::from_le_bytes(inline);
        if length <= MOST_INLINE {
            return Loaded { length, padded: inline & MASKS[length], long: &[] };
        }
        let start = std::ptr::with_exposed_provenance::<u8>((inline >> 32) as u64 as usize);
        // SAFETY: `entries` was promised that a longer value's bytes are at its address.
        let long = unsafe { std::slice::from_raw_parts(start, length) };
        let padded = match long.first_chunk::<16>() {
            Some(first) => u128::from_le_bytes(*first),
            None => two_halves(long),
        };
        Loaded { length, padded, long: if length > 16 { long } else { &[] } }
    }
}

/// 13 to 15 bytes padded with zeros, by two loads that overlap: what is behind the value may not be read.
#[inline(always)]
fn two_halves(value: &[u8]) -> u128 {
    let (Some(first), Some(last)) = (value.first_chunk::<8>(), value.last_chunk::<8>()) else { return 0 };
    let last = u128::from(u64::from_le_bytes(*last)) << (8 * (value.len() - 8));
    u128::from(u64::from_le_bytes(*first)) | last
}

impl ByteSource for &[PointedBytes] {
    #[inline(always)]
    fn load(&self, row: usize) -> Option<Loaded<'_>> {
        self.get(row).map(PointedBytes::load)
    }
}

/// Whether values of `stored` bytes are a layout of `logical`, and its canonical bytes.
fn canonical_width(logical: &Logical, stored: usize) -> Option<usize> {
    match logical {
        Logical::Fixed { width: 16, order: Order::Decimal { .. }, .. } if [2, 4, 8, 16].contains(&stored) => Some(16),
        Logical::Fixed { width, .. } if *width == stored => Some(stored),
        _ => None,
    }
}

pub(crate) fn resolve<'a>(logical: &Logical, column: &HeldColumn<'a>, rows: usize) -> Result<Column<'a>, Malformed> {
    let (values, held_rows) = match &column.values {
        HeldValues::Fixed { bytes, stored } => {
            let canonical = canonical_width(logical, *stored)
                .ok_or_else(|| Malformed(format!("values of {stored} bytes are no layout of the declared type")))?;
            (Values::HeldFixed { bytes, stored: *stored, canonical }, bytes.len() / stored)
        }
        HeldValues::Bytes(entries) if matches!(logical, Logical::Utf8 | Logical::Binary | Logical::FixedBinary(_)) => {
            (Values::HeldBytes(entries), entries.len())
        }
        HeldValues::Bytes(_) => return Err(Malformed("strings are no layout of the declared type".to_string())),
    };
    let held_validity = column.valid.map_or(usize::MAX, |words| words.len() * 64);
    if held_rows != rows || held_validity < rows {
        let validity = held_validity.min(rows);
        return Err(Malformed(format!(
            "{rows} rows were announced, {held_rows} values came with {validity} validities"
        )));
    }
    let nulls = column.valid.map(|words| NullBuffer::new(BooleanBuffer::new(Buffer::from_slice_ref(words), 0, rows)));
    Ok(Column { length: rows, nulls, values })
}

#[cfg(test)]
mod tests {
    use super::{HeldColumn, HeldValues, PointedBytes};
    use crate::{DigestError, Digester, TableDigest};
    use arrow::array::{ArrayRef, BooleanArray, Decimal128Array, Int32Array, RecordBatch, StringArray};
    use arrow::datatypes::{DataType, Field, Schema};
    use std::sync::Arc;

    const ROWS: usize = 2_500;

    fn is_valid(row: usize) -> bool {
        row % 5 != 2
    }

    fn validity() -> Vec<u64> {
        let mut words = vec![0; ROWS.div_ceil(64)];
        (0..ROWS).filter(|row| is_valid(*row)).for_each(|row| words[row / 64] |= 1 << (row % 64));
        words
    }

    fn of_arrow(array: ArrayRef) -> TableDigest {
        let batch = RecordBatch::try_from_iter([("x", array)]).expect("one column");
        let mut digester = Digester::new(&batch.schema(), 7).expect("a type with canonical bytes");
        digester.update(&batch).expect("a well-formed batch");
        digester.finish()
    }

    fn of_held(declared: DataType, values: HeldValues<'_>) -> Result<TableDigest, DigestError> {
        let schema = Schema::new(vec![Field::new("x", declared, true)]);
        let mut digester = Digester::new(&schema, 7).expect("a type with canonical bytes");
        let valid = validity();
        digester.update_held(&[HeldColumn { valid: Some(&valid), values }], ROWS)?;
        Ok(digester.finish())
    }

    /// Inline up to 12 bytes, with rubbish behind shorter ones; nulls point nowhere.
    fn entry(value: &str, row: usize) -> PointedBytes {
        let mut rest = [0xee; 12];
        let length = if is_valid(row) { value.len() } else { 99 };
        if length <= 12 {
            rest[..length].copy_from_slice(value.as_bytes());
        } else if is_valid(row) {
            rest[..4].copy_from_slice(&value.as_bytes()[..4]);
            rest[4..].copy_from_slice(&(value.as_ptr().expose_provenance() as u64).to_le_bytes());
        }
        PointedBytes { length: length as u32, rest }
    }

    #[test]
    fn strings_of_all_lengths_are_those_of_arrow() {
        let texts: Vec<String> =
            (0..ROWS).map(|row| "zyxwvutsrqponmlkjihgfedcba".repeat(20)[..row % 270].into()).collect();
        let entries: Vec<_> = texts.iter().enumerate().map(|(row, text)| entry(text, row)).collect();
        let values = texts.iter().enumerate().map(|(row, text)| is_valid(row).then_some(text));
        let expected = of_arrow(Arc::new(StringArray::from_iter(values)));
        // SAFETY: entries and texts live to the end of this function.
        let entries = unsafe { PointedBytes::entries(entries.as_ptr().cast(), ROWS) };
        assert_eq!(of_held(DataType::Utf8, HeldValues::Bytes(entries)).expect("strings"), expected);
    }

    #[test]
    fn decimals_of_every_width_are_those_of_arrow() {
        let number = |row: usize| row as i128 - 1_200;
        let values = (0..ROWS).map(|row| is_valid(row).then(|| number(row)));
        let array = Decimal128Array::from_iter(values).with_precision_and_scale(4, 1).expect("four digits");
        let expected = of_arrow(Arc::new(array));
        for stored in [2, 4, 8, 16] {
            let bytes: Vec<u8> = (0..ROWS).flat_map(|row| number(row).to_le_bytes()[..stored].to_vec()).collect();
            let held = of_held(DataType::Decimal128(4, 1), HeldValues::Fixed { bytes: &bytes, stored });
            assert_eq!(held.expect("a layout of decimals"), expected, "{stored} bytes");
        }
    }

    #[test]
    fn numbers_and_bools_are_those_of_arrow() {
        let numbers: Vec<u8> = (0..ROWS as i32).flat_map(|row| (row * -77).to_le_bytes()).collect();
        let values = (0..ROWS).map(|row| is_valid(row).then_some(row as i32 * -77));
        let held = of_held(DataType::Int32, HeldValues::Fixed { bytes: &numbers, stored: 4 });
        assert_eq!(held.expect("int32"), of_arrow(Arc::new(Int32Array::from_iter(values))));
        let bools: Vec<u8> = (0..ROWS).map(|row| u8::from(row % 3 == 0)).collect();
        let values = (0..ROWS).map(|row| is_valid(row).then_some(row % 3 == 0));
        let held = of_held(DataType::Boolean, HeldValues::Fixed { bytes: &bools, stored: 1 });
        assert_eq!(held.expect("bool"), of_arrow(Arc::new(BooleanArray::from_iter(values))));
    }

    #[test]
    fn other_widths_and_counts_are_refused() {
        let bytes = vec![0; 4 * ROWS];
        for (declared, stored) in
            [(DataType::Int64, 4), (DataType::Utf8, 4), (DataType::Int32, 8), (DataType::Int32, 0)]
        {
            let refused = of_held(declared, HeldValues::Fixed { bytes: &bytes, stored });
            assert!(matches!(refused, Err(DigestError::Malformed { .. })), "{refused:?}");
        }
        let refused = of_held(DataType::Int32, HeldValues::Fixed { bytes: &bytes[4..], stored: 4 });
        assert!(matches!(refused, Err(DigestError::Malformed { .. })), "{refused:?}");
    }
}
