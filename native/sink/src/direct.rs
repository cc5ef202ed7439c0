//! O_DIRECT: whether a file has it, with which alignment, and how to refuse when it has not.

use std::fs::{self, File};
use std::os::fd::AsRawFd;
use std::path::Path;
use std::{io, mem};

use serde::{Deserialize, Serialize};

/// Of `linux/stat.h`; the libc crate names it for one other system only.
const STATX_DIOALIGN: libc::c_uint = 0x2000;

/// Smallest alignment used: a page, and the sector of every common disk. statx often says 512, which some devices
/// emulate by reading and writing back a whole sector.
pub(crate) const BLOCK_BYTES: usize = 4096;

/// STATX_DIOALIGN of a file, bytes; 0 where the file system has no direct I/O or does not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Alignment {
    /// Of addresses in memory.
    pub memory_bytes: u32,
    /// Of offsets and lengths in the file.
    pub offset_bytes: u32,
}

/// Asks statx.
pub(crate) fn alignment(file: &File) -> io::Result<Alignment> {
    // SAFETY: all zeros is a valid statx.
    let mut answer: libc::statx = unsafe { mem::zeroed() };
    let empty = c"".as_ptr();
    // SAFETY: the descriptor is open, the path is NUL-terminated, and `answer` is writable.
    let status = unsafe { libc::statx(file.as_raw_fd(), empty, libc::AT_EMPTY_PATH, STATX_DIOALIGN, &raw mut answer) };
    if status != 0 {
        return Err(io::Error::last_os_error());
    }
    if answer.stx_mask & STATX_DIOALIGN == 0 {
        return Ok(Alignment { memory_bytes: 0, offset_bytes: 0 });
    }
    Ok(Alignment { memory_bytes: answer.stx_dio_mem_align, offset_bytes: answer.stx_dio_offset_align })
}

/// Switches an open file to O_DIRECT and returns the block to write in.
///
/// # Errors
/// A sentence where the file system has none. tmpfs accepts the flag and ignores it, so the flag alone proves nothing.
pub(crate) fn enable(file: &File) -> io::Result<usize> {
    let refuse = |why: String| {
        let name = file_system(file);
        let advice = "choose a directory on a local ext4, xfs or f2fs (Linux 6.1 or newer), or write buffered";
        io::Error::new(
            io::ErrorKind::Unsupported,
            format!("no direct I/O on this file system ({name}): {why}; {advice}"),
        )
    };
    let Alignment { memory_bytes, offset_bytes } = alignment(file)?;
    if memory_bytes == 0 || offset_bytes == 0 {
        return Err(refuse("statx reports no alignment for it (STATX_DIOALIGN is 0)".to_owned()));
    }
    // Setting the flag on an open file, unlike open(O_CREAT | O_DIRECT), leaves no stray file when it is refused.
    // SAFETY: the descriptor is open; both commands take and return integers.
    let status = unsafe {
        let flags = libc::fcntl(file.as_raw_fd(), libc::F_GETFL);
        if flags < 0 { flags } else { libc::fcntl(file.as_raw_fd(), libc::F_SETFL, flags | libc::O_DIRECT) }
    };
    if status != 0 {
        return Err(refuse(format!("O_DIRECT is refused with {}", io::Error::last_os_error())));
    }
    let block = BLOCK_BYTES.max(memory_bytes as usize).max(offset_bytes as usize);
    // SAFETY: takes and returns integers.
    let page = unsafe { libc::sysconf(libc::_SC_PAGESIZE) } as usize;
    if memory_bytes as usize > page {
        return Err(refuse(format!("it wants memory aligned to {memory_bytes} bytes, and pages have {page}")));
    }
    Ok(block)
}

/// A new file, to be written in whole blocks past the page cache.
///
/// # Errors
/// When it exists or cannot be made, and a sentence where the file system has no direct I/O. No file is left then.
pub fn direct_file(path: &Path) -> io::Result<File> {
    let file = File::create_new(path)?;
    match enable(&file) {
        Ok(_) => Ok(file),
        Err(error) => {
            // Ours, and empty. That it cannot be removed is the smaller trouble of the two.
            let _ = fs::remove_file(path);
            Err(error)
        }
    }
}

/// For a file that was opened with O_DIRECT, to be read: whether that means anything here.
///
/// # Errors
/// A sentence where the file system has no direct I/O.
pub fn require_direct(file: &File) -> io::Result<()> {
    enable(file).map(|_| ())
}

/// Name of the file system, or its magic number where the name is not a common one.
pub(crate) fn file_system(file: &File) -> String {
    // SAFETY: all zeros is a valid statfs.
    let mut answer: libc::statfs = unsafe { mem::zeroed() };
    // SAFETY: the descriptor is open and `answer` is writable.
    if unsafe { libc::fstatfs(file.as_raw_fd(), &raw mut answer) } != 0 {
        return "unknown".to_owned();
    }
    // Magic numbers of statfs(2).
    match answer.f_type as u32 {
        0xef53 => "ext4".to_owned(),
        0x5846_5342 => "xfs".to_owned(),
        0x9123_683e => "btrfs".to_owned(),
        0xf2f5_2010 => "f2fs".to_owned(),
        0x2fc1_2fc1 => "zfs".to_owned(),
        0x0102_1994 => "tmpfs".to_owned(),
        0x8584_58f6 => "ramfs".to_owned(),
        0x794c_7630 => "overlayfs".to_owned(),
        0x6969 => "nfs".to_owned(),
        0x6573_5546 => "fuse".to_owned(),
        0x0102_1997 => "9p".to_owned(),
        magic => format!("magic number {magic:#x}"),
    }
}
