//! Every byte of a file read from the disk and compared with what belongs there.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use writeproof_sink::Pool;

use crate::block::{BLOCK_BYTES, Stamp};
use crate::content::{Content, Ratio, Settings};
use crate::control::Control;
use crate::error::RawError;
use crate::pages;
use crate::runs::{BadExtent, Comparer, joined};

/// Places of a file that are asked what the file holds, where the caller does not say.
const WITNESSES: u64 = 64;

/// What is expected of a file, and how it is read.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadOptions {
    /// Bytes; null: as the file's blocks say.
    pub size: Option<u64>,
    /// The same.
    pub seed: Option<u64>,
    /// The same.
    pub dedup_ratio: Option<Ratio>,
    /// The same.
    pub compress_ratio: Option<Ratio>,
    /// O_DIRECT where the file system has it; otherwise, and for false, the file's pages are dropped first.
    pub direct: bool,
    /// Bytes of one read.
    pub buffer_size: usize,
    /// Threads that read and compare, each with a buffer.
    pub threads: usize,
    /// Bad extents that are named.
    pub most_extents: usize,
}

/// Where the bytes came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cold {
    /// Read with O_DIRECT, past the page cache.
    Direct,
    /// Read through the page cache, from which its pages had been dropped.
    DroppedPages,
    /// More than a hundredth of its pages stayed in the page cache: not read from the disk.
    PageCache,
}

/// What was found.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Validation {
    /// What belongs in the file.
    pub expected: Settings,
    /// Some of it was not given, and is what blocks of the file say.
    pub by_its_own_word: bool,
    /// Bytes that the file has.
    pub size: u64,
    /// Bytes compared.
    pub compared: u64,
    /// Blocks that are wrong.
    pub bad_blocks: u64,
    /// Extents of them, as far as they are remembered.
    pub bad_extents: u64,
    /// The first of these.
    pub extents: Vec<BadExtent>,
    /// Where the bytes came from.
    pub cold: Cold,
    /// Why not past the page cache, where that was asked for.
    pub note: Option<String>,
    /// From open to the last comparison, nanoseconds.
    pub read_ns: u64,
}

impl Validation {
    /// Whether every byte is there and right, and no other.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.size == self.expected.size && self.compared == self.size && self.bad_blocks == 0
    }
}

/// Reads the whole file and compares it.
///
/// # Errors
/// When an option cannot be, the file cannot be read, changes meanwhile, does not say what it should hold, or the caller
/// stops it. What is wrong in the file is no error: it is what is returned.
pub fn read_and_validate(path: &Path, options: &ReadOptions, control: &Control) -> Result<Validation, RawError> {
    check(options)?;
    let began = Instant::now();
    let plain = File::open(path).map_err(|error| RawError::system("open", path, &error))?;
    let metadata = plain.metadata().map_err(|error| RawError::system("fstat", path, &error))?;
    if !metadata.is_file() {
        return Err(RawError::misuse(format!("{} is no ordinary file", path.display())));
    }
    let size = metadata.len();
    let (file, cold, note) = open_cold(path, plain, size, options.direct)?;
    let (expected, by_its_own_word) = expectation(path, &file, size, options)?;
    let content = Content::new(expected);
    let compared = size.min(expected.size);
    let reader = Reader { path, file: &file, content: &content, compared, buffer: options.buffer_size, control };
    let (extents, bad_blocks) = reader.all(options.threads)?;
    let after = file.metadata().map_err(|error| RawError::system("fstat", path, &error))?.len();
    if after != size {
        return Err(changed(path, size, &format!("{after} bytes after")));
    }
    Ok(Validation {
        expected,
        by_its_own_word,
        size,
        compared,
        bad_blocks,
        bad_extents: extents.len() as u64,
        extents: extents.into_iter().take(options.most_extents).collect(),
        cold,
        note,
        read_ns: began.elapsed().as_nanos() as u64,
    })
}

fn check(options: &ReadOptions) -> Result<(), RawError> {
    let ReadOptions { buffer_size, threads, .. } = options;
    if *buffer_size == 0 || buffer_size % BLOCK_BYTES != 0 {
        return Err(RawError::misuse(format!(
            "the buffer size must be a multiple of {BLOCK_BYTES} bytes, not {buffer_size}"
        )));
    }
    if *threads == 0 {
        return Err(RawError::misuse("threads must be at least 1, not 0"));
    }
    Ok(())
}

fn changed(path: &Path, size: u64, found: &str) -> RawError {
    RawError::Changed(format!("{} changed while it was read: {size} bytes before, {found}", path.display()))
}

/// The file as it is to be read, and where its bytes will come from.
fn open_cold(path: &Path, plain: File, size: u64, direct: bool) -> Result<(File, Cold, Option<String>), RawError> {
    let mut note = None;
    if direct {
        let opened = OpenOptions::new().read(true).custom_flags(libc::O_DIRECT).open(path);
        match opened.and_then(|file| writeproof_sink::require_direct(&file).map(|()| file)) {
            Ok(file) => {
                // What was written through the page cache has to be on disk before it can be read past it.
                plain.sync_data().map_err(|error| RawError::system("fsync", path, &error))?;
                return Ok((file, Cold::Direct, None));
            }
            Err(error) => note = Some(format!("not read with O_DIRECT: {error}")),
        }
    }
    pages::drop_pages(&plain).map_err(|error| RawError::system("dropping its pages", path, &error))?;
    let resident =
        pages::resident_share(&plain, size).map_err(|error| RawError::system("looking for its pages", path, &error))?;
    let cold = if resident > 0.01 { Cold::PageCache } else { Cold::DroppedPages };
    Ok((plain, cold, note))
}

/// What belongs in the file: what the caller says, and for the rest what most blocks that were asked say of themselves.
fn expectation(path: &Path, file: &File, size: u64, options: &ReadOptions) -> Result<(Settings, bool), RawError> {
    let given = |said: Settings| Settings {
        seed: options.seed.unwrap_or(said.seed),
        size: options.size.unwrap_or(said.size),
        dedup_ratio: options.dedup_ratio.unwrap_or(said.dedup_ratio),
        compress_ratio: options.compress_ratio.unwrap_or(said.compress_ratio),
    };
    if let ReadOptions { size: Some(size), seed: Some(seed), .. } = *options {
        let plain = Settings { seed, size, dedup_ratio: Ratio::ONE, compress_ratio: Ratio::ONE };
        // Ratios are 1 unless they are given, as they are when a file is written.
        return Ok((given(plain), false));
    }
    let mut pool = Pool::new(1, BLOCK_BYTES).map_err(|error| RawError::system("mapping a buffer", path, &error))?;
    let mut said: Vec<(Settings, usize)> = Vec::new();
    let blocks = size.div_ceil(BLOCK_BYTES as u64);
    let Some(mut buffer) = pool.take() else { return Err(RawError::misuse("a pool of one buffer has none")) };
    for witness in 0..WITNESSES.min(blocks) {
        let block = witness * blocks / WITNESSES.min(blocks);
        let bytes = buffer.as_mut_slice();
        let length = read_at(file, bytes, block * BLOCK_BYTES as u64)
            .map_err(|error| RawError::system("reading", path, &error))?;
        let Some(stamp) = Stamp::of(&bytes[..length]).filter(|stamp| stamp.names(&bytes[..length])) else { continue };
        match said.iter_mut().find(|(settings, _)| *settings == stamp.settings) {
            Some((_, count)) => *count += 1,
            None => said.push((stamp.settings, 1)),
        }
    }
    said.iter().rev().max_by_key(|(_, count)| *count).map(|(settings, _)| (given(*settings), true)).ok_or_else(|| {
        RawError::misuse(format!(
            "{} does not say what it should hold: none of {} blocks asked is one that write-file makes; give the size and \
             the seed",
            path.display(),
            WITNESSES.min(blocks)
        ))
    })
}

/// Reads until the buffer is full or the file ends.
fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<usize> {
    let mut done = 0;
    while done < bytes.len() {
        match file.read_at(&mut bytes[done..], offset + done as u64) {
            Ok(0) => break,
            Ok(length) => {
                done += length;
                // O_DIRECT reads from whole blocks on only; a length that is none is that of the file's end.
                if length % BLOCK_BYTES != 0 {
                    break;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

struct Reader<'a> {
    path: &'a Path,
    file: &'a File,
    content: &'a Content,
    /// Bytes to compare, from the start.
    compared: u64,
    buffer: usize,
    control: &'a Control,
}

impl Reader<'_> {
    /// Bad extents in the order of the file, and how many blocks are bad.
    fn all(&self, threads: usize) -> Result<(Vec<BadExtent>, u64), RawError> {
        let next = AtomicU64::new(0);
        let parts = thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(|| self.some(&next))).collect();
            let ended = threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
            ended.collect::<Vec<_>>()
        });
        let (mut extents, mut bad_blocks) = (Vec::new(), 0);
        for part in parts {
            let part = part?;
            bad_blocks += part.bad_blocks;
            extents.extend(part.extents);
        }
        Ok((joined(extents), bad_blocks))
    }

    /// Takes one buffer's worth after the other, as long as there are any.
    fn some(&self, next: &AtomicU64) -> Result<Comparer<'_>, RawError> {
        let mut pool =
            Pool::new(1, self.buffer).map_err(|error| RawError::system("mapping a buffer", self.path, &error))?;
        let mut comparer = Comparer::new(self.content);
        let Some(mut buffer) = pool.take() else { return Err(RawError::misuse("a pool of one buffer has none")) };
        loop {
            let offset = next.fetch_add(self.buffer as u64, Ordering::Relaxed);
            if offset >= self.compared {
                return Ok(comparer);
            }
            if self.control.is_stopped() {
                // The others see it too.
                return Err(RawError::stopped());
            }
            let wanted = (self.compared - offset).min(self.buffer as u64) as usize;
            let bytes = buffer.as_mut_slice();
            // Whole blocks, as O_DIRECT asks for.
            let length = read_at(self.file, &mut bytes[..wanted.next_multiple_of(BLOCK_BYTES)], offset)
                .map_err(|error| RawError::system(&format!("reading at byte {offset}"), self.path, &error))?;
            if length < wanted {
                let found = format!("it ended at byte {}", offset + length as u64);
                return Err(changed(self.path, self.compared, &found));
            }
            comparer.compare(offset, &bytes[..wanted]);
            self.control.add(wanted as u64);
        }
    }
}
