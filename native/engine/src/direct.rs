//! Was O_DIRECT in force? Seen from outside the writer: descriptor flags, STATX_DIOALIGN, pages resident after close.

use std::fs;
use std::io;
use std::os::fd::AsRawFd;
use std::path::Path;

use crate::flag_watch::{Identity, Watched};
use crate::protocol::DirectProof;
use crate::target::{Tree, open_unfollowed};

/// Inspects the files right after close, before anything reads or syncs them. `watched` has those that were open for writing
/// with O_DIRECT: the flag is proved when every file that batches are written to is one of them. Alignments are those of the largest file.
///
/// # Errors
/// When a file cannot be opened, mapped or inspected.
pub fn prove(directory: &Path, watched: &Watched) -> io::Result<DirectProof> {
    let (mut files, mut direct, mut pages, mut resident, mut largest) = (0, 0, 0, 0, None);
    for path in Tree::of(directory)?.data_files(watched.metadata_folders) {
        let file = open_unfollowed(path)?;
        let metadata = file.metadata()?;
        let bytes = metadata.len();
        files += 1;
        direct += usize::from(watched.seen.contains(&Identity::of(&metadata)));
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
    let flag_seen = files > 0 && direct == files;
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
    fn a_file_just_written_through_the_page_cache_is_resident() {
        let path = std::env::temp_dir().join(format!("writeproof-resident-{}", std::process::id()));
        fs::write(&path, vec![1_u8; 10 * 4096 + 1]).expect("a writable temporary directory");
        let file = open_unfollowed(&path).expect("just written");
        let (pages, resident) = resident_pages(&file, 10 * 4096 + 1).expect("mincore works");
        fs::remove_file(&path).expect("our own file");
        assert_eq!((pages, resident), (11, 11));
    }
}
