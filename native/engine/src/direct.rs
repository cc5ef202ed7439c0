//! Was O_DIRECT in force? Seen from outside the writer: descriptor flags, STATX_DIOALIGN, pages resident after close.

use std::fs;
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::protocol::DirectProof;
use crate::target::{Tree, open_unfollowed};

/// Looks for O_DIRECT on open descriptors of files below a directory until it is seen.
#[derive(Debug)]
pub struct FlagWatch {
    directory: PathBuf,
    seen: Arc<AtomicBool>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl FlagWatch {
    /// Starts a thread that looks every millisecond.
    ///
    /// # Errors
    /// When the directory cannot be resolved.
    pub fn start(directory: &Path) -> io::Result<Self> {
        let directory = directory.canonicalize()?;
        let (seen, ended) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
        let thread = std::thread::spawn({
            let (directory, seen, ended) = (directory.clone(), Arc::clone(&seen), Arc::clone(&ended));
            move || {
                while !seen.load(Ordering::Relaxed) && !ended.load(Ordering::Relaxed) {
                    look(&directory, &seen);
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
        });
        Ok(Self { directory, seen, ended, thread: Some(thread) })
    }

    /// Looks once, on the caller's thread.
    pub fn look(&self) {
        if !self.seen.load(Ordering::Relaxed) {
            look(&self.directory, &self.seen);
        }
    }

    /// Ends the looking; whether the flag was seen.
    pub fn end(&self) -> bool {
        self.ended.store(true, Ordering::Relaxed);
        self.seen.load(Ordering::Relaxed)
    }
}

impl Drop for FlagWatch {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // The thread does not panic, and has nothing to give back.
            let _ = thread.join();
        }
    }
}

fn look(directory: &Path, seen: &AtomicBool) {
    let Ok(descriptors) = fs::read_dir("/proc/self/fd") else { return };
    let direct = descriptors.flatten().any(|descriptor| {
        fs::read_link(descriptor.path()).is_ok_and(|path| path.starts_with(directory))
            && fs::read_to_string(Path::new("/proc/self/fdinfo").join(descriptor.file_name()))
                .is_ok_and(|info| is_direct(&info))
    });
    if direct {
        seen.store(true, Ordering::Relaxed);
    }
}

/// Reads the octal `flags:` of a /proc/PID/fdinfo text.
fn is_direct(info: &str) -> bool {
    info.lines()
        .find_map(|line| line.strip_prefix("flags:"))
        .and_then(|flags| i64::from_str_radix(flags.trim(), 8).ok())
        .is_some_and(|flags| flags & i64::from(libc::O_DIRECT) != 0)
}

/// Inspects the files right after close, before anything reads or syncs them. Alignments are those of the largest file.
///
/// # Errors
/// When a file cannot be opened, mapped or inspected.
pub fn prove(directory: &Path, flag_seen: bool) -> io::Result<DirectProof> {
    let (mut pages, mut resident, mut largest) = (0, 0, None);
    for path in Tree::of(directory)?.regular_files() {
        let file = open_unfollowed(path)?;
        let bytes = file.metadata()?.len();
        let (of_file, of_those) = resident_pages(&file, bytes)?;
        pages += of_file;
        resident += of_those;
        if largest.as_ref().is_none_or(|&(most, _)| bytes > most) {
            largest = Some((bytes, file));
        }
    }
    let (dio_mem_align, dio_offset_align) = match largest {
        Some((_, file)) => alignment(&file)?,
        None => (0, 0),
    };
    let resident_share = if pages == 0 { 0.0 } else { resident as f64 / pages as f64 };
    Ok(DirectProof { flag_seen, dio_mem_align, dio_offset_align, resident_share })
}

/// Pages of a file, and how many of them are in the page cache.
fn resident_pages(file: &fs::File, bytes: u64) -> io::Result<(usize, usize)> {
    let bytes = usize::try_from(bytes).map_err(io::Error::other)?;
    if bytes == 0 {
        return Ok((0, 0));
    }
    // SAFETY: sysconf has no preconditions.
    let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or(4096);
    // SAFETY: a new read-only mapping, of which no byte is read.
    let mapping =
        unsafe { libc::mmap(std::ptr::null_mut(), bytes, libc::PROT_READ, libc::MAP_SHARED, file.as_raw_fd(), 0) };
    if mapping == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    let mut residency = vec![0_u8; bytes.div_ceil(page)];
    // SAFETY: `residency` has one byte a page of the mapping.
    let status = unsafe { libc::mincore(mapping, bytes, residency.as_mut_ptr()) };
    let result = if status == 0 { Ok(()) } else { Err(io::Error::last_os_error()) };
    // SAFETY: mapped above, and not used any more.
    unsafe { libc::munmap(mapping, bytes) };
    result.map(|()| (residency.len(), residency.iter().filter(|&&page| page & 1 == 1).count()))
}

fn alignment(file: &fs::File) -> io::Result<(u32, u32)> {
    let mut facts = std::mem::MaybeUninit::<libc::statx>::zeroed();
    // SAFETY: the path is empty, terminated text, and `facts` is valid for writing.
    let status = unsafe {
        libc::statx(file.as_raw_fd(), c"".as_ptr(), libc::AT_EMPTY_PATH, libc::STATX_DIOALIGN, facts.as_mut_ptr())
    };
    if status != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: zeroed above, and filled by statx.
    let facts = unsafe { facts.assume_init() };
    let known = facts.stx_mask & libc::STATX_DIOALIGN != 0;
    Ok(if known { (facts.stx_dio_mem_align, facts.stx_dio_offset_align) } else { (0, 0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_is_read_as_octal() {
        let with = format!("pos:\t0\nflags:\t0{:o}\nmnt_id:\t29\n", libc::O_DIRECT | libc::O_WRONLY | libc::O_CLOEXEC);
        let without = format!("pos:\t0\nflags:\t0{:o}\nmnt_id:\t29\n", libc::O_WRONLY | libc::O_CLOEXEC);
        assert!(is_direct(&with));
        assert!(!is_direct(&without));
        assert!(!is_direct("pos:\t0\n"));
    }

    #[test]
    fn a_file_just_written_through_the_page_cache_is_resident() {
        let path = std::env::temp_dir().join(format!("writeproof-resident-{}", std::process::id()));
        fs::write(&path, vec![1_u8; 10 * 4096 + 1]).expect("a writable temporary directory");
        let file = open_unfollowed(&path).expect("just written");
        let (pages, resident) = resident_pages(&file, 10 * 4096 + 1).expect("mincore works");
        fs::remove_file(&path).expect("our own file");
        assert_eq!((pages, resident), (11, 11));
    }
}
