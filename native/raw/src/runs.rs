//! Blocks that are wrong, put together to extents of the same kind.

use serde::{Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::block::{BLOCK_BYTES, Stamp};
use crate::content::{Content, Settings};

/// Largest number of bits by which a block counts as the right one with bits flipped.
const FEW_BITS: u32 = 64;

/// What stands there instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// Nothing but zeros: never written, or lost.
    Zeros,
    /// Whole blocks of this content that belong elsewhere.
    Misplaced {
        /// Where the first of them belongs.
        position: u64,
    },
    /// Whole blocks of another content: an older run's.
    OtherRun {
        /// Its settings.
        #[serde(flatten)]
        settings: Settings,
        /// Where the first of them belongs in it.
        position: u64,
    },
    /// The right blocks, with bits flipped.
    Bits {
        /// How many.
        flipped: u32,
    },
    /// Anything else.
    Other,
}

/// The first byte that is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Offset in the file.
    pub offset: u64,
    /// Byte that belongs there.
    pub expected: u8,
    /// Byte that stands there.
    pub actual: u8,
}

/// Blocks in a row that are wrong in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BadExtent {
    /// Offset of the first block.
    pub offset: u64,
    /// Bytes of all blocks.
    pub bytes: u64,
    /// Checksum of the bytes that belong there: XXH3-64 of each block, seeded with its offset, added up modulo 2^64.
    #[serde(serialize_with = "hexadecimal")]
    pub expected: u64,
    /// The same of the bytes that stand there.
    #[serde(serialize_with = "hexadecimal")]
    pub actual: u64,
    /// The first byte that is wrong.
    pub first: Difference,
    /// What stands there instead.
    #[serde(flatten)]
    pub kind: Kind,
}

/// Extents that a comparer remembers; the blocks of further ones are only counted.
const MOST_EXTENTS: usize = 100_000;

/// Compares what was read with what belongs there.
pub(crate) struct Comparer<'content> {
    content: &'content Content,
    pub extents: Vec<BadExtent>,
    pub bad_blocks: u64,
}

impl<'content> Comparer<'content> {
    pub fn new(content: &'content Content) -> Self {
        Self { content, extents: Vec::new(), bad_blocks: 0 }
    }

    /// Compares bytes at `offset`, a multiple of [`BLOCK_BYTES`]; only the last block of a file may be cut.
    pub fn compare(&mut self, offset: u64, bytes: &[u8]) {
        let mut expected = [0; BLOCK_BYTES];
        for (index, actual) in bytes.chunks(BLOCK_BYTES).enumerate() {
            let at = offset + (index * BLOCK_BYTES) as u64;
            self.content.stamp(at).fill(&mut expected);
            let expected = &expected[..actual.len()];
            if expected != actual {
                self.add(at, expected, actual);
            }
        }
    }

    fn add(&mut self, offset: u64, expected: &[u8], actual: &[u8]) {
        self.bad_blocks += 1;
        let differing = expected.iter().zip(actual).position(|(one, other)| one != other).unwrap_or_default();
        let block = BadExtent {
            offset,
            bytes: actual.len() as u64,
            expected: xxh3_64_with_seed(expected, offset),
            actual: xxh3_64_with_seed(actual, offset),
            first: Difference {
                offset: offset + differing as u64,
                expected: expected[differing],
                actual: actual[differing],
            },
            kind: self.kind(expected, actual),
        };
        let apart = self.extents.last_mut().is_none_or(|last| !last.take_in(&block));
        if apart && self.extents.len() < MOST_EXTENTS {
            self.extents.push(block);
        }
    }

    fn kind(&self, expected: &[u8], actual: &[u8]) -> Kind {
        if actual.iter().all(|byte| *byte == 0) {
            return Kind::Zeros;
        }
        if let Some(stamp) = Stamp::of(actual)
            && stamp.names(actual)
        {
            let Stamp { settings, position } = stamp;
            let ours = settings == self.content.settings();
            return if ours { Kind::Misplaced { position } } else { Kind::OtherRun { settings, position } };
        }
        let flipped = expected.iter().zip(actual).map(|(one, other)| (one ^ other).count_ones()).sum();
        if flipped <= FEW_BITS { Kind::Bits { flipped } } else { Kind::Other }
    }
}

impl BadExtent {
    /// Grows by the extent right behind it, if that is of the same kind.
    fn take_in(&mut self, next: &Self) -> bool {
        let (end, bytes) = (self.offset + self.bytes, self.bytes);
        let follows = |first: u64, position: u64| position == first + bytes;
        let same = match (&mut self.kind, next.kind) {
            _ if end != next.offset => false,
            (Kind::Misplaced { position: first }, Kind::Misplaced { position }) => follows(*first, position),
            (Kind::OtherRun { settings: one, position: first }, Kind::OtherRun { settings: other, position }) => {
                *one == other && follows(*first, position)
            }
            (Kind::Bits { flipped }, Kind::Bits { flipped: more }) => {
                *flipped += more;
                true
            }
            (Kind::Zeros, Kind::Zeros) | (Kind::Other, Kind::Other) => true,
            _ => false,
        };
        if same {
            self.bytes += next.bytes;
            self.expected = self.expected.wrapping_add(next.expected);
            self.actual = self.actual.wrapping_add(next.actual);
        }
        same
    }
}

/// Extents of several comparers in the order of the file, those that meet as one.
pub(crate) fn joined(mut extents: Vec<BadExtent>) -> Vec<BadExtent> {
    extents.sort_by_key(|extent| extent.offset);
    let mut joined: Vec<BadExtent> = Vec::with_capacity(extents.len());
    for extent in extents {
        if joined.last_mut().is_none_or(|last| !last.take_in(&extent)) {
            joined.push(extent);
        }
    }
    joined
}

fn hexadecimal<S: Serializer>(checksum: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format!("{checksum:016x}"))
}

#[cfg(test)]
mod tests {
    use xxhash_rust::xxh3::xxh3_64_with_seed;

    use super::{BadExtent, Comparer, Difference, Kind, joined};
    use crate::block::BLOCK_BYTES;
    use crate::content::{Content, Ratio, Settings};

    const BLOCK: u64 = BLOCK_BYTES as u64;
    const SETTINGS: Settings =
        Settings { seed: 5, size: 20 * BLOCK + 100, dedup_ratio: Ratio::ONE, compress_ratio: Ratio::ONE };

    fn bytes(settings: Settings) -> Vec<u8> {
        let mut bytes = vec![0; settings.size as usize];
        Content::new(settings).fill(0, &mut bytes);
        bytes
    }

    fn checksum(offset: usize, bytes: &[u8]) -> u64 {
        let blocks = bytes.chunks(BLOCK_BYTES).enumerate();
        blocks.fold(0, |sum, (index, block)| {
            sum.wrapping_add(xxh3_64_with_seed(block, (offset + index * BLOCK_BYTES) as u64))
        })
    }

    fn compared(actual: &[u8]) -> (Vec<BadExtent>, u64) {
        let content = Content::new(SETTINGS);
        let mut comparer = Comparer::new(&content);
        comparer.compare(0, actual);
        (comparer.extents, comparer.bad_blocks)
    }

    fn kinds(actual: &[u8]) -> Vec<(u64, u64, Kind)> {
        compared(actual).0.into_iter().map(|extent| (extent.offset, extent.bytes, extent.kind)).collect()
    }

    #[test]
    fn right_bytes_have_no_bad_extent() {
        assert_eq!(compared(&bytes(SETTINGS)), (vec![], 0));
    }

    #[test]
    fn one_flipped_bit_is_named_with_both_bytes_and_both_checksums() {
        let mut actual = bytes(SETTINGS);
        let right = actual.clone();
        actual[5000] ^= 0x10;
        let block = 4096..8192;
        let expected = BadExtent {
            offset: 4096,
            bytes: 4096,
            expected: checksum(4096, &right[block.clone()]),
            actual: checksum(4096, &actual[block]),
            first: Difference { offset: 5000, expected: right[5000], actual: right[5000] ^ 0x10 },
            kind: Kind::Bits { flipped: 1 },
        };
        assert_eq!(compared(&actual), (vec![expected], 1));
    }

    #[test]
    fn a_hole_is_one_extent_of_zeros_with_the_checksum_of_all_of_it() {
        let mut actual = bytes(SETTINGS);
        let right = actual.clone();
        actual[3 * BLOCK_BYTES..7 * BLOCK_BYTES].fill(0);
        let (extents, blocks) = compared(&actual);
        assert_eq!((extents.len(), blocks), (1, 4));
        assert_eq!((extents[0].offset, extents[0].bytes, extents[0].kind), (3 * BLOCK, 4 * BLOCK, Kind::Zeros));
        assert_eq!(extents[0].expected, checksum(3 * BLOCK_BYTES, &right[3 * BLOCK_BYTES..7 * BLOCK_BYTES]));
        assert_eq!(extents[0].actual, checksum(3 * BLOCK_BYTES, &[0; 4 * BLOCK_BYTES]));
    }

    #[test]
    fn blocks_from_elsewhere_say_where_they_belong() {
        let mut actual = bytes(SETTINGS);
        actual.copy_within(10 * BLOCK_BYTES..12 * BLOCK_BYTES, 2 * BLOCK_BYTES);
        assert_eq!(kinds(&actual), [(2 * BLOCK, 2 * BLOCK, Kind::Misplaced { position: 10 * BLOCK })]);
    }

    #[test]
    fn blocks_of_an_older_run_say_of_which() {
        let older = Settings { seed: 4, ..SETTINGS };
        let mut actual = bytes(SETTINGS);
        let stale = 5 * BLOCK_BYTES..8 * BLOCK_BYTES;
        actual[stale.clone()].copy_from_slice(&bytes(older)[stale]);
        let kind = Kind::OtherRun { settings: older, position: 5 * BLOCK };
        assert_eq!(kinds(&actual), [(5 * BLOCK, 3 * BLOCK, kind)]);
    }

    #[test]
    fn different_kinds_next_to_each_other_are_extents_of_their_own() {
        let mut actual = bytes(SETTINGS);
        actual[BLOCK_BYTES..2 * BLOCK_BYTES].fill(0);
        actual[2 * BLOCK_BYTES..3 * BLOCK_BYTES].fill(0xaa);
        let found = kinds(&actual);
        assert_eq!(found, [(BLOCK, BLOCK, Kind::Zeros), (2 * BLOCK, BLOCK, Kind::Other)]);
    }

    #[test]
    fn the_cut_last_block_is_compared_too() {
        let mut actual = bytes(SETTINGS);
        *actual.last_mut().expect("there are bytes") ^= 1;
        assert_eq!(kinds(&actual), [(20 * BLOCK, 100, Kind::Bits { flipped: 1 })]);
    }

    #[test]
    fn what_meets_is_joined_whoever_found_it() {
        let content = Content::new(SETTINGS);
        let mut actual = bytes(SETTINGS);
        actual[2 * BLOCK_BYTES..6 * BLOCK_BYTES].fill(0);
        let (mut one, mut other) = (Comparer::new(&content), Comparer::new(&content));
        one.compare(0, &actual[..4 * BLOCK_BYTES]);
        other.compare(4 * BLOCK, &actual[4 * BLOCK_BYTES..]);
        let both = joined([other.extents, one.extents].concat());
        assert_eq!(both, compared(&actual).0);
        assert_eq!(both.len(), 1);
    }
}
