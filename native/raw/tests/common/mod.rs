//! What the tests share: a directory on the real disk, options, and the ways to the disk that this machine has.

#![allow(dead_code, reason = "each test file uses its own part of this")]

use std::fs;
use std::path::{Path, PathBuf};

use writeproof_raw::{Content, Control, Ratio, ReadOptions, Settings, Validation, WriteOptions, read_and_validate};
use writeproof_sink::{Mode, probe};

/// An empty directory on the disk that the build is on, removed at the end.
pub struct Directory(PathBuf);

impl Directory {
    pub fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("raw-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("the build's directory is writable");
        Self(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Names of what is in it, in order.
    pub fn entries(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.0).expect("the directory is there");
        let mut names: Vec<_> =
            entries.map(|entry| entry.expect("readable").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub fn settings(size: u64) -> Settings {
    Settings { seed: 11, size, dedup_ratio: Ratio::ONE, compress_ratio: Ratio::ONE }
}

/// Small buffers, so that a small file needs many.
pub fn options(size: u64) -> WriteOptions {
    WriteOptions {
        settings: settings(size),
        buffer_size: 16_384,
        buffer_count: 3,
        round_buffer: false,
        direct: false,
        io_uring: true,
        preallocate: false,
        threads: 2,
        overwrite: false,
        keep_partial: false,
    }
}

/// The ways that this machine has; of the others the sink's own tests check that they are refused.
pub fn ways(directory: &Directory, size: u64) -> Vec<(Mode, WriteOptions)> {
    let found = probe(directory.path());
    let mut ways = vec![(Mode::Buffered, options(size))];
    if found.direct {
        ways.push((Mode::DirectPwrite, WriteOptions { direct: true, io_uring: false, ..options(size) }));
    }
    if found.direct && found.io_uring {
        ways.push((Mode::DirectIoUring, WriteOptions { direct: true, ..options(size) }));
    }
    ways
}

pub fn bytes(settings: Settings) -> Vec<u8> {
    let mut bytes = vec![0; settings.size as usize];
    Content::new(settings).fill(0, &mut bytes);
    bytes
}

pub fn read_options(settings: Settings) -> ReadOptions {
    ReadOptions {
        size: Some(settings.size),
        seed: Some(settings.seed),
        dedup_ratio: Some(settings.dedup_ratio),
        compress_ratio: Some(settings.compress_ratio),
        direct: true,
        buffer_size: 65_536,
        threads: 3,
        most_extents: 8,
    }
}

pub fn validated(path: &Path, options: &ReadOptions) -> Validation {
    read_and_validate(path, options, &Control::default()).expect("it can be read")
}
