use std::hint::black_box;

use super::vocabulary::SLOT;
use super::{INDEX_SHIFT, INSIDE_BITS, POOL_BYTES, Pool};

/// Bytes of the pool: from `start`, `length` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slice {
    pub(crate) start: u32,
    pub(crate) length: u32,
}

/// Slices decoded together. Each lies on cache lines of its own somewhere in 60 MiB: looking at all their first bytes before any
/// is needed lets the processor fetch them side by side.
const GROUP: usize = 256;

impl Pool {
    /// The text of slices one after the other, for texts of `bytes` bytes in all.
    pub(crate) fn decode(&self, slices: &[Slice], bytes: usize) -> Vec<u8> {
        // A slot may be written beyond the last byte.
        let mut text = vec![0; bytes + SLOT];
        let mut at = 0;
        let mut found = [0; GROUP];
        for group in slices.chunks(GROUP) {
            for (slice, entry) in group.iter().zip(&mut found) {
                *entry = self.index[(slice.start as usize + 1) >> INDEX_SHIFT];
            }
            let touched = found[..group.len()].iter().fold(0_u8, |sum, entry| {
                let word = (entry >> INSIDE_BITS) as usize;
                sum ^ self.words[word] ^ self.words.get(word + 32).copied().unwrap_or(0)
            });
            black_box(touched);
            for (slice, &entry) in group.iter().zip(&found) {
                at = self.decode_one(*slice, entry, &mut text, at);
            }
        }
        text.truncate(bytes);
        text
    }

    /// Writes one slice at `at`; returns its end.
    #[inline(always)]
    fn decode_one(&self, slice: Slice, entry: u32, text: &mut [u8], at: usize) -> usize {
        debug_assert!((slice.start + slice.length) as usize <= POOL_BYTES);
        // The words' text has a space before the pool's first byte.
        let wanted = slice.start as usize + 1;
        let mut word = (entry >> INSIDE_BITS) as usize;
        let mut position = (wanted >> INDEX_SHIFT << INDEX_SHIFT) - (entry & ((1 << INSIDE_BITS) - 1)) as usize;
        let mut number = self.words[word];
        let mut after = position + self.vocabulary.length(number);
        while after <= wanted {
            position = after;
            word += 1;
            number = self.words[word];
            after = position + self.vocabulary.length(number);
        }
        let end = at + slice.length as usize;
        let mut out = at;
        let mut skip = wanted - position;
        while out < end {
            text[out..out + SLOT].copy_from_slice(self.vocabulary.text(number, skip));
            out += self.vocabulary.length(number) - skip;
            skip = 0;
            word += 1;
            number = self.words[word];
        }
        end
    }
}

#[cfg(test)]
mod tests {
    use tpchgen::distribution::Distributions;
    use tpchgen::text::TextPool;

    use super::{POOL_BYTES, Pool, Slice};

    /// Slices of `length` bytes from `from` to `to`.
    fn slices(from: usize, to: usize, length: usize) -> Vec<Slice> {
        (from..to)
            .step_by(length)
            .map(|start| Slice { start: start as u32, length: length.min(to - start) as u32 })
            .collect()
    }

    #[test]
    fn the_beginning_is_that_of_the_generator() {
        let bytes = 1 << 20;
        let expected = TextPool::new(bytes as i32, Distributions::static_default());
        let pool = Pool::shared(2).expect("pool");
        for length in [1, 2, 3, 27, 198] {
            let decoded = pool.decode(&slices(0, bytes, length), bytes);
            assert!(decoded == expected.text(0, bytes as i32).as_bytes(), "slices of {length} bytes differ");
        }
    }

    #[test]
    #[ignore = "long: run by npm run test:long"]
    fn the_whole_is_that_of_the_generator() {
        let expected = TextPool::new(POOL_BYTES as i32, Distributions::static_default());
        let pool = Pool::build(1).expect("pool");
        for length in [61, 127] {
            let step = 1_000 * length;
            let mut compared = 0;
            for from in (0..POOL_BYTES).step_by(step) {
                let to = (from + step).min(POOL_BYTES);
                let decoded = pool.decode(&slices(from, to, length), to - from);
                assert!(decoded == expected.text(from as i32, to as i32).as_bytes(), "bytes {from} to {to} differ");
                compared += decoded.len();
            }
            assert_eq!(compared, POOL_BYTES);
        }
    }
}
