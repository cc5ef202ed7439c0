//! The bytes of a file as a pure function of settings and offset: any part can be made, and checked, alone.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::block::{BLOCK_BYTES, Stamp};
use crate::error::RawError;

/// Copies lie so many blocks apart, or a multiple of it, where there are as many: whoever removes duplicates in chunks of
/// up to 1 MiB finds whole chunks.
const CHUNK_BLOCKS: u64 = (1 << 20) / BLOCK_BYTES as u64;

/// A ratio of at least 1, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Ratio(u32);

impl Ratio {
    /// 1:1.
    pub const ONE: Self = Self(1000);

    /// From a number of 1 to 1000.
    ///
    /// # Errors
    /// A sentence about any other.
    pub fn of(ratio: f64) -> Result<Self, RawError> {
        if (1.0..=1000.0).contains(&ratio) {
            return Ok(Self((ratio * 1000.0).round() as u32));
        }
        Err(RawError::misuse(format!("a ratio must be a number from 1 to 1000, not {ratio}")))
    }

    pub(crate) fn of_thousandths(thousandths: u32) -> Option<Self> {
        (1000..=1_000_000).contains(&thousandths).then_some(Self(thousandths))
    }

    pub(crate) const fn thousandths(self) -> u32 {
        self.0
    }

    /// What is left of `whole`, rounded.
    pub(crate) fn share_of(self, whole: usize) -> usize {
        let ratio = self.0 as usize;
        (whole * 1000 + ratio / 2) / ratio
    }
}

impl TryFrom<f64> for Ratio {
    type Error = RawError;

    fn try_from(ratio: f64) -> Result<Self, RawError> {
        Self::of(ratio)
    }
}

impl From<Ratio> for f64 {
    fn from(ratio: Ratio) -> Self {
        Self::from(ratio.0) / 1000.0
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", f64::from(*self))
    }
}

/// What a content is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Contents of different seeds have no block in common.
    pub seed: u64,
    /// Bytes.
    pub size: u64,
    /// Blocks to different blocks.
    pub dedup_ratio: Ratio,
    /// Bytes to bytes that are random, in every block.
    pub compress_ratio: Ratio,
}

/// The bytes of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    settings: Settings,
    /// Blocks that differ; all others are copies of these, in order, over and over.
    different_blocks: u64,
}

impl Content {
    /// Of these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let blocks = settings.size.div_ceil(BLOCK_BYTES as u64).max(1);
        let ratio = u128::from(settings.dedup_ratio.thousandths());
        // At most `blocks`, because a ratio is at least 1.
        let different = (u128::from(blocks) * 1000).div_ceil(ratio) as u64;
        let different_blocks =
            if different < blocks { different.next_multiple_of(CHUNK_BLOCKS).min(blocks) } else { blocks };
        Self { settings, different_blocks }
    }

    /// What it is made from.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.settings
    }

    /// The stamp of the block at `offset`, a multiple of [`BLOCK_BYTES`].
    #[must_use]
    pub fn stamp(&self, offset: u64) -> Stamp {
        let block = offset / BLOCK_BYTES as u64 % self.different_blocks;
        Stamp { settings: self.settings, position: block * BLOCK_BYTES as u64 }
    }

    /// Fills `bytes` with what stands at `offset`, whatever either's alignment.
    pub fn fill(&self, offset: u64, bytes: &mut [u8]) {
        let mut done = 0;
        while done < bytes.len() {
            let at = offset + done as u64;
            // Below BLOCK_BYTES, so nothing is lost.
            let within = (at % BLOCK_BYTES as u64) as usize;
            let stamp = self.stamp(at - within as u64);
            let rest = &mut bytes[done..];
            if within == 0
                && let Some(block) = rest.first_chunk_mut::<BLOCK_BYTES>()
            {
                stamp.fill(block);
                done += BLOCK_BYTES;
                continue;
            }
            let mut block = [0; BLOCK_BYTES];
            stamp.fill(&mut block);
            let length = rest.len().min(BLOCK_BYTES - within);
            rest[..length].copy_from_slice(&block[within..within + length]);
            done += length;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{BLOCK_BYTES, Content, Ratio, Settings};

    fn content(size: u64, dedup: f64, compress: f64) -> Content {
        let ratio = |ratio| Ratio::of(ratio).expect("a ratio");
        Content::new(Settings { seed: 42, size, dedup_ratio: ratio(dedup), compress_ratio: ratio(compress) })
    }

    fn whole(content: &Content) -> Vec<u8> {
        let mut bytes = vec![0; content.settings().size as usize];
        content.fill(0, &mut bytes);
        bytes
    }

    #[test]
    fn any_part_can_be_made_alone() {
        let content = content(100_000, 1.0, 1.5);
        let whole = whole(&content);
        for (offset, length) in [(0, 100_000), (1, 1), (4095, 2), (4096, 4096), (12_289, 9000), (99_999, 1), (5000, 0)]
        {
            let mut part = vec![0; length];
            content.fill(offset as u64, &mut part);
            assert_eq!(part, whole[offset..offset + length], "{offset} {length}");
        }
    }

    #[test]
    fn as_many_blocks_differ_as_the_ratio_says() {
        for (ratio, expected) in [(1.0, 4096), (2.0, 2048), (4.0, 1024), (3.0, 1536), (1000.0, 256)] {
            let bytes = whole(&content(16 << 20, ratio, 1.0));
            let different: HashSet<_> = bytes.chunks(BLOCK_BYTES).collect();
            assert_eq!(different.len(), expected, "{ratio}");
        }
    }

    #[test]
    fn whole_chunks_of_a_mebibyte_are_copies_too() {
        let bytes = whole(&content(16 << 20, 4.0, 1.0));
        let different: HashSet<_> = bytes.chunks(1 << 20).collect();
        assert_eq!(different.len(), 4);
    }

    #[test]
    fn zstd_finds_the_ratio() {
        for ratio in [1.0, 1.5, 2.0, 4.0] {
            let bytes = whole(&content(8 << 20, 1.0, ratio));
            let packed = zstd::bulk::compress(&bytes, 3).expect("memory for it");
            let found = bytes.len() as f64 / packed.len() as f64;
            assert!((found / ratio - 1.0).abs() < 0.05, "{ratio}: {found}");
        }
    }

    #[test]
    fn contents_of_two_seeds_have_no_block_in_common() {
        let one = content(1 << 20, 1.0, 1.0);
        let other = Content::new(Settings { seed: 43, ..one.settings() });
        let (one, other) = (whole(&one), whole(&other));
        let blocks: HashSet<_> = one.chunks(BLOCK_BYTES).collect();
        assert!(other.chunks(BLOCK_BYTES).all(|block| !blocks.contains(block)));
    }

    #[test]
    fn a_ratio_below_one_is_refused() {
        for ratio in [0.0, 0.99, -1.0, 1001.0, f64::NAN] {
            let error = Ratio::of(ratio).expect_err("no ratio").to_string();
            assert!(error.contains("from 1 to 1000"), "{error}");
        }
    }
}
