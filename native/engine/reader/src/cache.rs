//! The page cache: what of a file lies in it, and making it forget the file.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::Path;

/// Asks the kernel to drop a file's clean pages. Pages that are dirty or mapped stay: measure with [`resident_share`].
pub fn drop_from_cache(path: &Path) -> io::Result<()> {
    let file = File::open(path)?;
    // SAFETY: the descriptor is open for the length of the call; a length of 0 means the whole file.
    let code = unsafe { libc::posix_fadvise(file.as_raw_fd(), 0, 0, libc::POSIX_FADV_DONTNEED) };
    if code == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(code)) }
}

/// Share of a file's pages that lie in the page cache, 0 to 1; 0 for an empty file.
pub fn resident_share(path: &Path) -> io::Result<f64> {
    let file = File::open(path)?;
    let bytes = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    if bytes == 0 {
        return Ok(0.0);
    }
    // SAFETY: sysconf only reads a constant of the system.
    let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).map_err(io::Error::other)?;
    // SAFETY: a new shared, unreadable mapping of an open file; nothing in this process points into it.
    let mapping =
        unsafe { libc::mmap(std::ptr::null_mut(), bytes, libc::PROT_NONE, libc::MAP_SHARED, file.as_raw_fd(), 0) };
    if mapping == libc::MAP_FAILED {
        return Err(io::Error::last_os_error());
    }
    let mut pages = vec![0u8; bytes.div_ceil(page)];
    // SAFETY: the mapping is `bytes` long and `pages` has one byte for each of its pages.
    let code = unsafe { libc::mincore(mapping, bytes, pages.as_mut_ptr()) };
    let failure = io::Error::last_os_error();
    // SAFETY: exactly the mapping made above, which nothing uses any more.
    unsafe { libc::munmap(mapping, bytes) };
    if code != 0 {
        return Err(failure);
    }
    let resident = pages.iter().filter(|page| **page & 1 == 1).count();
    Ok(resident as f64 / pages.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::{drop_from_cache, resident_share};

    #[test]
    fn a_file_just_written_is_resident() {
        let path = std::env::temp_dir().join(format!("writeproof-cache-{}", std::process::id()));
        std::fs::write(&path, vec![1u8; 100_000]).expect("the temporary folder is writable");
        let before = resident_share(&path).expect("a plain file can be mapped");
        let dropped = drop_from_cache(&path);
        std::fs::remove_file(&path).expect("the file was just written");
        assert_eq!(before, 1.0);
        assert!(dropped.is_ok());
    }
}
