//! Says to the outside where a writer is, for those who end it there: one store in a shared mapping a step, so that it
//! is known after a SIGKILL too. Absent, as in every measurement, it is one comparison a step.

use std::ffi::c_void;
use std::fs::OpenOptions;
use std::io;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};

/// Steps of a repetition. The numbers are those of harness/crash/phases.ts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Phase {
    /// `create`.
    Create = 1,
    /// The loop over the batches.
    Write = 2,
    /// `flush`.
    Flush = 3,
    /// `close`.
    Close = 4,
    /// The engine's fsync.
    Sync = 5,
    /// All is durable.
    Durable = 6,
}

/// Bytes of the file: the phase, and how often `flush` has returned, little-endian.
pub const FILE_BYTES: usize = 16;

/// The mapped file, where the job names one.
#[derive(Debug)]
pub struct PhaseFile(Option<NonNull<[AtomicU64; 2]>>);

impl PhaseFile {
    /// Maps the file, which has its length already.
    ///
    /// # Errors
    /// Those of open and mmap; the length is another.
    pub fn open(path: Option<&Path>) -> io::Result<Self> {
        let Some(path) = path else { return Ok(Self(None)) };
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        let length = file.metadata()?.len();
        if length != FILE_BYTES as u64 {
            return Err(io::Error::other(format!("it has {length} bytes, expected {FILE_BYTES}")));
        }
        let access = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new mapping at an address of the kernel's choice, of a file that is open.
        let mapped =
            unsafe { libc::mmap(std::ptr::null_mut(), FILE_BYTES, access, libc::MAP_SHARED, file.as_raw_fd(), 0) };
        if mapped == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(Self(NonNull::new(mapped.cast())))
    }

    /// The writer is in this phase from now on.
    pub fn enter(&self, phase: Phase) {
        if let Some(words) = self.words() {
            words[0].store((phase as u64).to_le(), Ordering::Release);
        }
    }

    /// One more flush has returned.
    pub fn flushed(&self, flushes: u64) {
        if let Some(words) = self.words() {
            words[1].store(flushes.to_le(), Ordering::Release);
        }
    }

    fn words(&self) -> Option<&[AtomicU64; 2]> {
        // SAFETY: mapped until we are dropped, page-aligned, and as long as two words.
        self.0.map(|words| unsafe { words.as_ref() })
    }
}

impl Drop for PhaseFile {
    fn drop(&mut self) {
        if let Some(words) = self.0 {
            // SAFETY: our own mapping, of that length; nobody borrows from it any more.
            unsafe { libc::munmap(words.as_ptr().cast::<c_void>(), FILE_BYTES) };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FILE_BYTES, Phase, PhaseFile};

    #[test]
    fn phase_and_flushes_stand_in_the_file() {
        let path = std::env::temp_dir().join(format!("writeproof-phase-{}", std::process::id()));
        fs::write(&path, [0; FILE_BYTES]).expect("written");
        let file = PhaseFile::open(Some(&path)).expect("mapped");
        file.enter(Phase::Close);
        file.flushed(300);
        let read = fs::read(&path).expect("readable");
        fs::write(&path, [0; 3]).expect("written");
        let refused = PhaseFile::open(Some(&path)).expect_err("too short").to_string();
        drop(file);
        fs::remove_file(&path).expect("removable");
        assert_eq!(read, [4, 0, 0, 0, 0, 0, 0, 0, 44, 1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(refused, "it has 3 bytes, expected 16");
    }

    #[test]
    fn without_a_file_nothing_happens() {
        let none = PhaseFile::open(None).expect("nothing to open");
        none.enter(Phase::Sync);
        assert!(none.words().is_none());
    }
}
