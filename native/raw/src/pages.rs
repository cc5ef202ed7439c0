//! Pages of a file in the page cache.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

/// Has what was written put on disk and its pages dropped, so that reading begins at the disk.
pub(crate) fn drop_pages(file: &File) -> io::Result<()> {
    file.sync_data()?;
    // SAFETY: the descriptor is open.
    let status = unsafe { libc::posix_fadvise(file.as_raw_fd(), 0, 0, libc::POSIX_FADV_DONTNEED) };
    if status == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(status)) }
}

/// Share of the first `bytes` bytes that lies in the page cache; 0 of none.
pub(crate) fn resident_share(file: &File, bytes: u64) -> io::Result<f64> {
    const PAGE: u64 = 4096;
    /// Asked of at a time, so that the answer needs little memory.
    const STRETCH: u64 = 1 << 32;
    let (mut resident, mut offset) = (0_u64, 0);
    while offset < bytes {
        let length = (bytes - offset).min(STRETCH) as usize;
        let (protection, descriptor) = (libc::PROT_READ, file.as_raw_fd());
        // SAFETY: a new mapping at an address of the kernel's choice; nothing reads it, mincore only looks at its pages.
        unsafe {
            let address = libc::mmap(
                std::ptr::null_mut(),
                length,
                protection,
                libc::MAP_SHARED,
                descriptor,
                offset as libc::off_t,
            );
            if address == libc::MAP_FAILED {
                return Err(io::Error::last_os_error());
            }
            let mut pages = vec![0_u8; (length as u64).div_ceil(PAGE) as usize];
            let status = libc::mincore(address, length, pages.as_mut_ptr());
            let error = io::Error::last_os_error();
            libc::munmap(address, length);
            if status != 0 {
                return Err(error);
            }
            resident += pages.iter().filter(|page| **page & 1 == 1).count() as u64;
        }
        offset += STRETCH;
    }
    Ok(if bytes == 0 { 0.0 } else { resident as f64 / bytes.div_ceil(PAGE) as f64 })
}
