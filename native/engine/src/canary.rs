//! A fixed piece of work: its times say what else the machine had to do, and are the measure of a night's history.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::clock::now_ns;

/// Of the work. It never changes under one number: times of two versions say nothing of each other.
pub const VERSION: u32 = 1;

const WRITTEN_BYTES: usize = 16 << 20;
const PIECE_BYTES: usize = 1 << 20;
const VALUES: usize = 1 << 18;
const PASSES: usize = 24;

/// What the work took.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Canary {
    /// Of the work.
    pub version: u32,
    /// Writing 16 MiB in pieces of 1 MiB through the page cache, and fsync.
    pub write_ns: u64,
    /// Encoding 256 Ki numbers 24 times.
    pub encode_ns: u64,
}

/// Does the work; the file that it writes below `directory` is removed.
///
/// # Errors
/// When the file cannot be written.
pub fn sing(directory: &Path) -> io::Result<Canary> {
    let values = values();
    // Once before the clock runs: the first pass pays for fresh memory.
    let mut encoded = Vec::with_capacity(10 * VALUES);
    encode(&values, &mut encoded);
    let begun = now_ns();
    for _ in 0..PASSES {
        encode(std::hint::black_box(&values), &mut encoded);
        std::hint::black_box(&encoded);
    }
    let encode_ns = now_ns() - begun;

    let piece = vec![0x5a_u8; PIECE_BYTES];
    let path = directory.join(format!(".writeproof-canary-{}", std::process::id()));
    let begun = now_ns();
    let written = write(&path, &piece);
    let write_ns = now_ns() - begun;
    // Removed whatever became of it.
    let removed = fs::remove_file(&path);
    written.and(removed)?;
    Ok(Canary { version: VERSION, write_ns, encode_ns })
}

/// Numbers that rise by steps of one to four bytes (xorshift64, Marsaglia 2003).
fn values() -> Vec<u64> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut value = 0_u64;
    (0..VALUES)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            value += (state >> 32) >> ((state & 3) * 8);
            value
        })
        .collect()
}

/// Differences as variable-length bytes: branches, shifts and stores, as encoders of columns have them.
fn encode(values: &[u64], into: &mut Vec<u8>) {
    into.clear();
    let mut before = 0;
    for &value in values {
        let mut rest = value - before;
        before = value;
        while rest >= 0x80 {
            into.push(rest as u8 | 0x80);
            rest >>= 7;
        }
        into.push(rest as u8);
    }
}

fn write(path: &Path, piece: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    for _ in 0..WRITTEN_BYTES / piece.len() {
        file.write_all(piece)?;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Version 1 is these bytes: whoever changes them gives the work another number.
    #[test]
    fn the_work_of_version_1_is_what_it_was() {
        let mut encoded = Vec::new();
        encode(&values(), &mut encoded);
        let sum = encoded
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |sum, &byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        assert_eq!((VERSION, VALUES, PASSES, WRITTEN_BYTES, PIECE_BYTES), (1, 262_144, 24, 16_777_216, 1_048_576));
        assert_eq!((encoded.len(), sum), (856_421, 14_649_444_082_758_952_910));
    }
}
