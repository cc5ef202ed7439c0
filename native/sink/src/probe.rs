//! What a directory's file system and the kernel offer, tried rather than asked.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

use io_uring::IoUring;
use serde::{Deserialize, Serialize};

use crate::direct::{self, Alignment};
use crate::options::{Io, Options, Queue};
use crate::pool::Pool;
use crate::sink::Sink;

/// Largest registration that is tried: enough for any sensible pool, little enough to be quick.
const LARGEST_TRIED_BYTES: usize = 64 << 20;

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Probe {
    /// File system of the directory.
    pub file_system: String,
    /// A block was written under O_DIRECT.
    pub direct: bool,
    /// Why not.
    pub direct_reason: Option<String>,
    /// STATX_DIOALIGN of a new file; `None` where no file could be made.
    pub alignment: Option<Alignment>,
    /// A block was written by io_uring under O_DIRECT; where O_DIRECT does not work, that the kernel gives a ring.
    pub io_uring: bool,
    /// Why not.
    pub io_uring_reason: Option<String>,
    /// Largest total of buffers, of those tried, that could be registered with a ring.
    pub registrable_bytes: u64,
    /// Why the next larger total could not.
    pub registrable_reason: Option<String>,
    /// RLIMIT_MEMLOCK; `None` is unlimited.
    pub memory_lock_limit_bytes: Option<u64>,
}

/// Tries a directory, with files of its own that it removes again.
#[must_use]
pub fn probe(directory: &Path) -> Probe {
    let facts = inspect(directory);
    let direct = write_block(directory, Queue::Pwrite);
    let (registrable_bytes, registrable_reason) = largest_registration();
    let ring = match IoUring::new(1) {
        Err(error) => Err(format!("the kernel refuses a ring: {error}")),
        // Without O_DIRECT here, a ring is all that can be shown.
        Ok(_) if direct.is_err() => Ok(()),
        Ok(_) => write_block(directory, Queue::IoUring),
    };
    Probe {
        file_system: facts.as_ref().map_or_else(|_| "unknown".to_owned(), |(name, _)| name.clone()),
        direct: direct.is_ok(),
        direct_reason: direct.err(),
        alignment: facts.ok().and_then(|(_, alignment)| alignment.ok()),
        io_uring: ring.is_ok(),
        io_uring_reason: ring.err(),
        registrable_bytes,
        registrable_reason,
        memory_lock_limit_bytes: memory_lock_limit(),
    }
}

/// RLIMIT_MEMLOCK, bytes; `None` is unlimited.
pub(crate) fn memory_lock_limit() -> Option<u64> {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `limit` is writable.
    let known = unsafe { libc::getrlimit(libc::RLIMIT_MEMLOCK, &raw mut limit) } == 0;
    (known && limit.rlim_cur != libc::RLIM_INFINITY).then_some(limit.rlim_cur)
}

/// A path that no other probe uses, in this process or another.
fn fresh_path(directory: &Path) -> std::path::PathBuf {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    directory.join(format!(".writeproof-probe-{}-{number}", process::id()))
}

fn inspect(directory: &Path) -> io::Result<(String, io::Result<Alignment>)> {
    let path = fresh_path(directory);
    let file: File = OpenOptions::new().write(true).create_new(true).open(&path)?;
    let facts = (direct::file_system(&file), direct::alignment(&file));
    fs::remove_file(&path)?;
    Ok(facts)
}

fn write_block(directory: &Path, queue: Queue) -> Result<(), String> {
    let options =
        Options { io: Io::Direct, queue, buffer_bytes: direct::BLOCK_BYTES, buffers: 1, ..Options::default() };
    let path = fresh_path(directory);
    let mut sink = Sink::create(&path, &options).map_err(|error| error.source.to_string())?;
    sink.write_all(&[1; direct::BLOCK_BYTES]).map_err(|error| error.to_string())?;
    sink.finish().map_err(|error| error.to_string())?;
    fs::remove_file(&path).map_err(|error| error.to_string())
}

fn largest_registration() -> (u64, Option<String>) {
    let mut largest = 0;
    let mut bytes = 1 << 20;
    while bytes <= LARGEST_TRIED_BYTES {
        if let Err(error) = register(bytes) {
            return (largest, Some(format!("{bytes} bytes: {error}")));
        }
        largest = bytes as u64;
        bytes *= 2;
    }
    (largest, None)
}

fn register(bytes: usize) -> io::Result<()> {
    let ring = IoUring::new(1)?;
    let pool = Pool::new(1, bytes)?;
    // SAFETY: unregistered below, before the pool is unmapped.
    unsafe { ring.submitter().register_buffers(&pool.describe()) }?;
    ring.submitter().unregister_buffers()
}
