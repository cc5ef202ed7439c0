//! One block of 4096 bytes: a stamp that says which block of which content it is, random bytes, and zeros as far as it is
//! to be compressible. What a stamp says is enough to make the block again, so a block of another run is known for one.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use crate::content::{Ratio, Settings};

/// Bytes of a block: a page, and what O_DIRECT writes in.
pub const BLOCK_BYTES: usize = 4096;

const MAGIC: [u8; 8] = *b"wp-raw1\n";
/// Magic, seed, position and size of 8 bytes each, then the two ratios of 4.
const STAMP_BYTES: usize = 40;

/// What a block says of itself, in little-endian bytes at its start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Of the content that it belongs to.
    pub settings: Settings,
    /// Offset of the first block with these bytes; copies of it say the same.
    pub position: u64,
}

impl Stamp {
    /// The stamp at the start of `bytes`, if there is one.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..STAMP_BYTES)?;
        let long = |at: usize| Some(u64::from_le_bytes(bytes[at..at + 8].try_into().ok()?));
        let ratio = |at: usize| Ratio::of_thousandths(u32::from_le_bytes(bytes[at..at + 4].try_into().ok()?));
        if bytes[..8] != MAGIC {
            return None;
        }
        let settings =
            Settings { seed: long(8)?, size: long(24)?, dedup_ratio: ratio(32)?, compress_ratio: ratio(36)? };
        Some(Self { settings, position: long(16)? })
    }

    /// Makes the block.
    pub fn fill(&self, block: &mut [u8; BLOCK_BYTES]) {
        let Settings { seed, size, dedup_ratio, compress_ratio } = self.settings;
        block[..8].copy_from_slice(&MAGIC);
        block[8..16].copy_from_slice(&seed.to_le_bytes());
        block[16..24].copy_from_slice(&self.position.to_le_bytes());
        block[24..32].copy_from_slice(&size.to_le_bytes());
        block[32..36].copy_from_slice(&dedup_ratio.thousandths().to_le_bytes());
        block[36..40].copy_from_slice(&compress_ratio.thousandths().to_le_bytes());
        // Whole numbers of 8 bytes.
        let random = (compress_ratio.share_of(BLOCK_BYTES) / 8 * 8).max(STAMP_BYTES);
        let state = mixed(seed ^ mixed(self.position / BLOCK_BYTES as u64));
        Xoshiro256PlusPlus::seed_from_u64(state).fill_bytes(&mut block[STAMP_BYTES..random]);
        block[random..].fill(0);
    }

    /// Whether `bytes` are those of the block that is named, as far as they go.
    #[must_use]
    pub fn names(&self, bytes: &[u8]) -> bool {
        let mut block = [0; BLOCK_BYTES];
        self.fill(&mut block);
        block.get(..bytes.len()) == Some(bytes)
    }
}

/// Neighbours become unlike each other (the finaliser of SplitMix64).
const fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::{BLOCK_BYTES, Stamp};
    use crate::content::{Ratio, Settings};

    const SETTINGS: Settings = Settings { seed: 7, size: 1 << 30, dedup_ratio: Ratio::ONE, compress_ratio: Ratio::ONE };
    const STAMP: Stamp = Stamp { settings: SETTINGS, position: 3 * BLOCK_BYTES as u64 };

    fn block(stamp: Stamp) -> [u8; BLOCK_BYTES] {
        let mut block = [1; BLOCK_BYTES];
        stamp.fill(&mut block);
        block
    }

    #[test]
    fn a_block_says_what_it_is() {
        assert_eq!(Stamp::of(&block(STAMP)), Some(STAMP));
        assert_eq!(Stamp::of(&block(STAMP)[..39]), None);
        let mut other = block(STAMP);
        other[0] ^= 1;
        assert_eq!(Stamp::of(&other), None);
    }

    #[test]
    fn seeds_and_positions_make_different_bytes() {
        let other_seed = Stamp { settings: Settings { seed: 8, ..SETTINGS }, ..STAMP };
        let blocks = [STAMP, other_seed, Stamp { position: 4 * BLOCK_BYTES as u64, ..STAMP }];
        let tails = blocks.map(|stamp| block(stamp)[40..].to_vec());
        assert!(tails[0] != tails[1] && tails[0] != tails[2] && tails[1] != tails[2]);
        assert!(STAMP.names(&block(STAMP)) && !STAMP.names(&block(other_seed)));
    }

    #[test]
    fn the_compressible_share_is_zeros() {
        let compress_ratio = Ratio::of(4.0).expect("a ratio");
        let block = block(Stamp { settings: Settings { compress_ratio, ..SETTINGS }, ..STAMP });
        assert!(block[1024..].iter().all(|byte| *byte == 0));
        assert!(block[960..1024].iter().any(|byte| *byte != 0));
    }
}
