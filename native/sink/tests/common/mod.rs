//! What the tests of the sink share: directories on the real disk, a pattern, and the ways that this machine has.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::fs;
use std::path::{Path, PathBuf};

use writeproof_sink::{Io, Mode, Options, Probe, Queue, Sink, probe};

/// An empty directory on the disk that the build is on, removed at the end.
pub struct Directory(PathBuf);

impl Directory {
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("sink-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("the build's directory is writable");
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Names of what is in it.
    pub fn entries(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("the directory is there");
        entries.map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Bytes of which every 8 say where they stand, so that no two places of a file are alike.
pub fn pattern(bytes: usize) -> Vec<u8> {
    let words = (0..bytes.div_ceil(8) as u64).map(|word| (word + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    let mut content: Vec<u8> = words.flat_map(u64::to_le_bytes).collect();
    content.truncate(bytes);
    content
}

/// Where `found` first differs from the pattern; `None` when it is the pattern, of this length.
pub fn first_difference(found: &[u8], bytes: usize) -> Option<usize> {
    let expected = pattern(bytes);
    if found == expected {
        return None;
    }
    Some(found.iter().zip(&expected).position(|(left, right)| left != right).unwrap_or(found.len().min(bytes)))
}

/// The ways to the disk that this machine has, with small buffers. Where a way is missing, that it is refused is checked instead.
pub fn ways(directory: &Directory) -> Vec<(Mode, Options)> {
    let small = Options { buffer_bytes: 16_384, buffers: 3, ..Options::default() };
    let pwrite = Options { io: Io::Direct, queue: Queue::Pwrite, ..small.clone() };
    let ring = Options { io: Io::Direct, queue: Queue::IoUring, ..small.clone() };
    let found = probe(directory.path());
    let mut ways = vec![(Mode::Buffered, small)];
    ways.extend(way(&found, found.direct, directory, Mode::DirectPwrite, pwrite));
    ways.extend(way(&found, found.direct && found.io_uring, directory, Mode::DirectIoUring, ring));
    ways
}

fn way(found: &Probe, there: bool, directory: &Directory, mode: Mode, options: Options) -> Option<(Mode, Options)> {
    if there {
        return Some((mode, options));
    }
    let refused = Sink::create(&directory.file("refused"), &options).map(drop);
    assert!(refused.is_err(), "{mode:?} was not refused, although the probe found {found:?}");
    None
}
