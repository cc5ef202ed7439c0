//! A fixed piece of work, repeated: how far its times scatter says how noisy the machine is.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use serde::Serialize;

use crate::clock::now_ns;

const REPETITIONS: usize = 10;
const HASHED_BYTES: usize = 64 << 20;
const PASSES: usize = 3;
const WRITTEN_BYTES: usize = 32 << 20;

/// Durations of every repetition, in order.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Canary {
    /// Hashing 64 MiB three times.
    pub cpu_ns: Vec<u64>,
    /// Writing 32 MiB through the page cache, and fsync.
    pub write_ns: Vec<u64>,
}

/// Does the work; the file that it writes below `directory` is removed.
///
/// # Errors
/// When the file cannot be written.
pub fn sing(directory: &Path) -> io::Result<Canary> {
    // Touched before the first repetition, so that none of them pays for fresh memory.
    let words: Vec<u64> = (0..HASHED_BYTES as u64 / 8).collect();
    let block = vec![0x5a_u8; 1 << 20];
    let path = directory.join(format!(".writeproof-canary-{}", std::process::id()));
    let mut canary = Canary { cpu_ns: Vec::new(), write_ns: Vec::new() };
    for _ in 0..REPETITIONS {
        let begun = now_ns();
        for _ in 0..PASSES {
            std::hint::black_box(hash(std::hint::black_box(&words)));
        }
        canary.cpu_ns.push(now_ns() - begun);
        let begun = now_ns();
        let written = write(&path, &block);
        canary.write_ns.push(now_ns() - begun);
        // Removed whatever became of it; the next repetition makes a new file.
        let removed = fs::remove_file(&path);
        written.and(removed)?;
    }
    Ok(canary)
}

/// One multiplication and one rotation a word, each waiting for the one before: bound by the core, not by memory.
fn hash(words: &[u64]) -> u64 {
    words.iter().fold(0, |sum: u64, word| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29))
}

fn write(path: &Path, block: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    for _ in 0..WRITTEN_BYTES / block.len() {
        file.write_all(block)?;
    }
    file.sync_all()
}
