use std::sync::Arc;

use arrow::array::ArrayRef;

use super::columns::text_of_ascii;
use crate::SourceError;
use crate::lcg::{Lcg, power};
use crate::pool::{POOL_BYTES, Pool, Slice};

/// How dbgen draws a table's comments: the constants of its row generator.
pub(crate) struct CommentStream {
    pub(crate) seed: u64,
    pub(crate) average_length: f64,
    /// Comments that a unit has at most; each takes two numbers, and those of missing ones are passed over.
    pub(crate) of_unit: usize,
}

/// Draws where in the pool each comment lies, beside the generator's rows, and makes the column of a batch.
///
/// The generator draws from the same numbers, so every comment's length is known twice: a generator with other constants is an error.
pub(crate) struct Comments {
    pool: &'static Pool,
    table: &'static str,
    stream: Lcg,
    shortest: u64,
    lengths: u64,
    starts: f64,
    /// Numbers used of the unit, and the multiplier that passes over the rest of it for each such count.
    used: usize,
    rest: Vec<u64>,
    slices: Vec<Slice>,
    bytes: usize,
    wrong_length: Option<(usize, usize)>,
}

impl Comments {
    /// The comments from unit `unit` (from 0) on.
    pub(crate) fn new(table: &'static str, constants: &CommentStream, unit: u64, pool: &'static Pool) -> Self {
        let numbers = 2 * constants.of_unit;
        let shortest = (constants.average_length * 0.4) as u64;
        let longest = (constants.average_length * 1.6) as u64;
        Self {
            pool,
            table,
            stream: Lcg::new(constants.seed).multiplied(power(numbers as u64 * unit)),
            shortest,
            lengths: longest - shortest + 1,
            starts: (POOL_BYTES as u64 - longest + 1) as f64,
            used: 0,
            rest: (0..=numbers).map(|used| if used == 0 { 1 } else { power((numbers - used) as u64) }).collect(),
            slices: Vec::new(),
            bytes: 0,
            wrong_length: None,
        }
    }

    /// Ends the unit.
    #[inline(always)]
    pub(crate) fn end_unit(&mut self) {
        self.stream = self.stream.multiplied(self.rest[self.used]);
        self.used = 0;
    }

    /// Draws one comment, which the generator says has `length` bytes.
    #[inline(always)]
    pub(crate) fn draw(&mut self, length: usize) {
        let start = self.stream.next();
        self.stream = start.next();
        self.used += 2;
        let slice = Slice {
            start: start.below_in_doubles(self.starts) as u32,
            length: (self.shortest + self.stream.below(self.lengths)) as u32,
        };
        if slice.length as usize != length {
            self.wrong_length = Some((slice.length as usize, length));
        }
        self.bytes += slice.length as usize;
        self.slices.push(slice);
    }

    /// Passes over comments of a unit.
    pub(crate) fn skip(&mut self, comments: u64) {
        self.stream = self.stream.multiplied(power(2 * comments));
        self.used += 2 * comments as usize;
    }

    /// The column of the comments drawn since the last batch.
    pub(crate) fn column(&mut self) -> Result<ArrayRef, SourceError> {
        self.column_with(&[])
    }

    /// The same, with ASCII texts written over it: the comment, and the texts with their places in it.
    pub(crate) fn column_with(&mut self, patches: &[(usize, [(usize, &str); 2])]) -> Result<ArrayRef, SourceError> {
        if let Some((ours, theirs)) = self.wrong_length {
            return Err(SourceError::new(format!(
                "{}: a comment of {theirs} bytes came from the crate tpchgen, expected {ours}; it is not version 4.0.0",
                self.table
            )));
        }
        let mut text = self.pool.decode(&self.slices, self.bytes);
        let mut offsets = Vec::with_capacity(self.slices.len() + 1);
        let mut end = 0;
        offsets.push(0);
        offsets.extend(self.slices.iter().map(|slice| {
            end += slice.length as i32;
            end
        }));
        for (comment, texts) in patches {
            for (place, patch) in texts {
                text[offsets[*comment] as usize + place..][..patch.len()].copy_from_slice(patch.as_bytes());
            }
        }
        self.slices.clear();
        self.bytes = 0;
        Ok(Arc::new(text_of_ascii(offsets, text)))
    }
}
