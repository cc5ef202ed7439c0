//! The mixing function and constants of DIGEST.md.

/// 2⁶⁴ divided by the golden ratio.
pub(crate) const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
const NULL: u64 = 0xbb67_ae85_84ca_a73b;
const ROW: u64 = 0x6a09_e667_f3bc_c908;

/// The finaliser of SplitMix64.
#[inline(always)]
pub(crate) fn mix(mut x: u64) -> u64 {
    x ^= x >> 30;
    x = x.wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x ^= x >> 27;
    x = x.wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

/// Seed of the column at `position`.
pub(crate) fn column_seed(position: usize) -> u64 {
    mix((position as u64 + 1).wrapping_mul(GOLDEN))
}

pub(crate) fn null_hash(seed: u64) -> u64 {
    mix(seed ^ NULL)
}

/// Hash of a fixed width value of at most 8 bytes.
#[inline(always)]
pub(crate) fn word_hash(word: u64, seed: u64) -> u64 {
    mix(word.wrapping_add(seed))
}

/// Hash of a fixed width value of 16 bytes.
#[inline(always)]
pub(crate) fn wide_hash(value: u128, seed: u64) -> u64 {
    mix(((value >> 64) as u64).wrapping_add(mix((value as u64).wrapping_add(seed))))
}

/// Hash of at most 16 bytes of variable length, padded with zeros.
#[inline(always)]
pub(crate) fn short_hash(padded: u128, length: usize, seed: u64) -> u64 {
    wide_hash(padded, seed.wrapping_add((length as u64).wrapping_mul(GOLDEN)))
}

/// Hash of more than 16 bytes.
#[inline(always)]
pub(crate) fn long_hash(bytes: &[u8], seed: u64) -> u64 {
    mix(xxhash_rust::xxh3::xxh3_64(bytes).wrapping_add(seed))
}

/// Hash of bytes of any length.
pub(crate) fn bytes_hash(bytes: &[u8], seed: u64) -> u64 {
    if bytes.len() > 16 {
        return long_hash(bytes, seed);
    }
    let mut padded = [0; 16];
    padded[..bytes.len()].copy_from_slice(bytes);
    short_hash(u128::from_le_bytes(padded), bytes.len(), seed)
}

/// Terms of M and of O for a row, from the sum of its value hashes.
#[inline(always)]
pub(crate) fn row_terms(row: u64, index: u64) -> (u64, u64) {
    let multiset = mix(row.wrapping_add(ROW));
    (multiset, mix(multiset.wrapping_add(index.wrapping_add(1).wrapping_mul(GOLDEN))))
}
