use std::fmt::{self, Display, Write};
use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, Int32Array, Int64Array, StringArray};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::DataType;

/// A column of int64.
pub(crate) fn int64(values: Vec<i64>) -> ArrayRef {
    Arc::new(Int64Array::new(ScalarBuffer::from(values), None))
}

/// A column of int32.
pub(crate) fn int32(values: Vec<i32>) -> ArrayRef {
    Arc::new(Int32Array::new(ScalarBuffer::from(values), None))
}

/// A column of days since 1970.
pub(crate) fn date(values: Vec<i32>) -> ArrayRef {
    Arc::new(Date32Array::new(ScalarBuffer::from(values), None))
}

/// A column of decimal128(15, 2), from hundredths.
pub(crate) fn money(values: Vec<i128>) -> ArrayRef {
    let array = Decimal128Array::new(ScalarBuffer::from(values), None);
    Arc::new(array.with_data_type(DataType::Decimal128(15, 2)))
}

/// A utf8 array of ASCII text cut at `offsets`, which begin with 0, never fall, and end with the length of the text.
pub(super) fn text_of_ascii(offsets: Vec<i32>, text: Vec<u8>) -> StringArray {
    debug_assert!(text.is_ascii());
    debug_assert_eq!(offsets.last().copied(), i32::try_from(text.len()).ok());
    // SAFETY: both callers append the length of the text at each step, so that offsets begin with 0, never fall and end at the length.
    let offsets = unsafe { OffsetBuffer::new_unchecked(ScalarBuffer::from(offsets)) };
    // SAFETY: text comes from `&str` (Text) or from words that were checked to be ASCII (Pool); every cut of ASCII is UTF-8, and
    // `Text` cuts only between whole `&str`.
    unsafe { StringArray::new_unchecked(offsets, Buffer::from_vec(text), None) }
}

/// A utf8 column being filled.
pub(crate) struct Text {
    offsets: Vec<i32>,
    text: Vec<u8>,
}

impl Text {
    /// Room for `rows` texts of `bytes` bytes each.
    pub(crate) fn new(rows: usize, bytes: usize) -> Self {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Self { offsets, text: Vec::with_capacity(rows * bytes) }
    }

    #[inline(always)]
    fn end(&mut self) {
        // Batches are limited so that their text stays below 2^31 bytes.
        self.offsets.push(self.text.len() as i32);
    }

    /// Appends a text.
    #[inline(always)]
    pub(crate) fn push(&mut self, value: &str) {
        self.text.extend_from_slice(value.as_bytes());
        self.end();
    }

    /// Appends what a value displays.
    #[inline(always)]
    pub(crate) fn display(&mut self, value: &impl Display) {
        // Writing to memory does not fail.
        let _ = write!(self, "{value}");
        self.end();
    }

    /// The column.
    pub(crate) fn finish(self) -> ArrayRef {
        Arc::new(text_of_ascii(self.offsets, self.text))
    }
}

impl Write for Text {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        self.text.extend_from_slice(part.as_bytes());
        Ok(())
    }
}
