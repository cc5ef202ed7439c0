//! Did fsync write? Seen from outside whoever called it: pages of the files that are still to be written to the disk.

use std::fs::File;
use std::io;
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;
use std::path::Path;

use crate::target::{Tree, open_unfollowed};

/// The same number on every architecture; since Linux 6.5.
const CACHESTAT: libc::c_long = 451;
const RAMFS_MAGIC: libc::c_long = 0x8584_58f6;

#[repr(C)]
struct Range {
    offset: u64,
    /// 0: to the end of the file.
    length: u64,
}

#[repr(C)]
#[derive(Default)]
struct CacheStatistics {
    cached: u64,
    dirty: u64,
    writeback: u64,
    evicted: u64,
    recently_evicted: u64,
}

/// Pages of all files below the directory that are dirty or being written. None where the kernel does not say, and where files
/// lie in memory only: their pages are never written.
///
/// # Errors
/// When the directory or a file cannot be looked at.
pub fn unwritten_pages(directory: &Path) -> io::Result<Option<u64>> {
    let mut pages = 0;
    for path in Tree::of(directory)?.data_files(&[]) {
        match unwritten_of(&open_unfollowed(path)?)? {
            Some(of_file) => pages += of_file,
            None => return Ok(None),
        }
    }
    Ok(Some(pages))
}

fn unwritten_of(file: &File) -> io::Result<Option<u64>> {
    if in_memory(file)? {
        return Ok(None);
    }
    let range = Range { offset: 0, length: 0 };
    let mut found = CacheStatistics::default();
    // SAFETY: the descriptor is open, and both structs have the kernel's layout.
    let status = unsafe { libc::syscall(CACHESTAT, file.as_raw_fd(), &raw const range, &raw mut found, 0) };
    if status == 0 {
        return Ok(Some(found.dirty + found.writeback));
    }
    match io::Error::last_os_error() {
        error if [Some(libc::ENOSYS), Some(libc::EOPNOTSUPP), Some(libc::EPERM)].contains(&error.raw_os_error()) => {
            Ok(None)
        }
        error => Err(error),
    }
}

fn in_memory(file: &File) -> io::Result<bool> {
    let mut facts = MaybeUninit::<libc::statfs>::zeroed();
    // SAFETY: the descriptor is open, and `facts` is valid for writing.
    if unsafe { libc::fstatfs(file.as_raw_fd(), facts.as_mut_ptr()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: zeroed above, and filled by fstatfs.
    let kind = unsafe { facts.assume_init() }.f_type;
    Ok(kind == libc::TMPFS_MAGIC || kind == RAMFS_MAGIC)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn pages_are_unwritten_until_fsync() {
        let folder = std::env::temp_dir().join(format!("writeproof-unwritten-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a writable temporary directory");
        fs::write(folder.join("file"), vec![1_u8; 10 * 4096 + 1]).expect("room");
        let before = unwritten_pages(&folder).expect("looked at");
        File::open(folder.join("file")).and_then(|file| file.sync_all()).expect("synced");
        let after = unwritten_pages(&folder).expect("looked at");
        fs::remove_dir_all(&folder).expect("our own folder");
        // None on an old kernel, or where temporary files lie in memory.
        assert!([(Some(11), Some(0)), (None, None)].contains(&(before, after)), "{before:?}, {after:?}");
    }
}
