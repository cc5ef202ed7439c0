//! Page-aligned buffers, mapped once and used again and again.
//!
//! A [`Buffer`] is owned by whoever may touch it: the caller who fills it, then the write in flight. It comes back to the
//! pool when that write has completed, so a buffer cannot be filled while the kernel reads it.

use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::{io, slice};

/// Anonymous memory of one pool; unmapped when the pool and its last buffer are gone.
#[derive(Debug)]
struct Mapping {
    address: NonNull<u8>,
    bytes: usize,
}

// SAFETY: plain memory; which thread may touch which part is decided by who owns its `Buffer`.
unsafe impl Send for Mapping {}
// SAFETY: as above: a shared `Mapping` gives no access to the bytes.
unsafe impl Sync for Mapping {}

impl Mapping {
    fn new(bytes: usize) -> io::Result<Self> {
        let protection = libc::PROT_READ | libc::PROT_WRITE;
        let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
        // SAFETY: an anonymous mapping at an address of the kernel's choice touches no memory of ours.
        let address = unsafe { libc::mmap(ptr::null_mut(), bytes, protection, flags, -1, 0) };
        if address == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        // mmap gives no null page unless asked for it.
        let address = NonNull::new(address.cast()).ok_or_else(|| io::Error::from(io::ErrorKind::OutOfMemory))?;
        Ok(Self { address, bytes })
    }
}

impl Drop for Mapping {
    fn drop(&mut self) {
        // SAFETY: mapped by `new` with this size, and no buffer is left.
        unsafe { libc::munmap(self.address.as_ptr().cast(), self.bytes) };
    }
}

/// One buffer of a pool. Not `Clone`: there is one owner.
#[derive(Debug)]
pub struct Buffer {
    mapping: Arc<Mapping>,
    index: usize,
    bytes: usize,
}

impl Buffer {
    /// Number of the buffer in its pool.
    #[must_use]
    pub fn index(&self) -> usize {
        self.index
    }

    /// Its bytes.
    #[must_use]
    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: this part of the mapping is ours alone, lives as long as `mapping`, and mmap zeroed it.
        unsafe { slice::from_raw_parts(self.start(), self.bytes) }
    }

    /// Its bytes, to be filled.
    pub fn as_mut_slice(&mut self) -> &mut [u8] {
        // SAFETY: as for `as_slice`, and `&mut self` makes this the only reference.
        unsafe { slice::from_raw_parts_mut(self.start(), self.bytes) }
    }

    fn start(&self) -> *mut u8 {
        // SAFETY: the pool maps `bytes` for every index that it gives out.
        unsafe { self.mapping.address.as_ptr().add(self.index * self.bytes) }
    }
}

/// The free buffers.
#[derive(Debug)]
pub struct Pool {
    free: Vec<Buffer>,
}

impl Pool {
    /// Maps `count` buffers of `bytes` each, a multiple of the alignment that their user needs, at most a page's.
    ///
    /// # Errors
    /// When there is no memory for them.
    pub fn new(count: usize, bytes: usize) -> io::Result<Self> {
        let total = count.checked_mul(bytes).ok_or_else(|| io::Error::from(io::ErrorKind::OutOfMemory))?;
        let mapping = Arc::new(Mapping::new(total)?);
        let free = (0..count).rev().map(|index| Buffer { mapping: Arc::clone(&mapping), index, bytes }).collect();
        Ok(Self { free })
    }

    /// A buffer that nobody uses.
    pub fn take(&mut self) -> Option<Buffer> {
        self.free.pop()
    }

    /// Gives a buffer back.
    pub fn put(&mut self, buffer: Buffer) {
        self.free.push(buffer);
    }

    /// Binds each buffer, all of them free and none touched yet, to its NUMA node.
    ///
    /// # Errors
    /// When the kernel refuses a node.
    pub fn bind(&mut self, nodes: &[u32]) -> io::Result<()> {
        /// MPOL_BIND of `linux/mempolicy.h`.
        const BIND: libc::c_int = 2;
        for buffer in &self.free {
            let Some(node) = nodes.get(buffer.index) else { continue };
            let mut mask = [0 as libc::c_ulong; 16];
            let bits = libc::c_ulong::BITS;
            let Some(word) = mask.get_mut((node / bits) as usize) else {
                return Err(io::ErrorKind::InvalidInput.into());
            };
            *word = 1 << (node % bits);
            // SAFETY: the range is the buffer's, a part of a mapping of ours; the mask has as many bits as are said.
            let status = unsafe {
                let most = mask.len() * bits as usize;
                libc::syscall(libc::SYS_mbind, buffer.start(), buffer.bytes, BIND, mask.as_ptr(), most, 0)
            };
            if status != 0 {
                return Err(io::Error::last_os_error());
            }
        }
        Ok(())
    }

    /// Address and size of every buffer, by index, for registration while all are free.
    pub(crate) fn describe(&self) -> Vec<libc::iovec> {
        let mut list: Vec<_> = self.free.iter().collect();
        list.sort_by_key(|buffer| buffer.index);
        list.iter().map(|buffer| libc::iovec { iov_base: buffer.start().cast(), iov_len: buffer.bytes }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Pool;

    #[test]
    fn buffers_can_be_bound_to_a_node_that_there_is() {
        let mut pool = Pool::new(2, 8192).expect("16 KiB can be mapped");
        match pool.bind(&[0, 0]) {
            Ok(()) => {
                let mut buffer = pool.take().expect("two are free");
                buffer.as_mut_slice().fill(7);
                assert!(buffer.as_slice().iter().all(|byte| *byte == 7));
                pool.put(buffer);
                assert!(pool.bind(&[1000, 1000]).is_err());
            }
            // A kernel without NUMA, or a container that may not.
            Err(error) => assert!([Some(libc::ENOSYS), Some(libc::EPERM)].contains(&error.raw_os_error()), "{error}"),
        }
        assert!(pool.bind(&[u32::MAX, u32::MAX]).is_err());
    }

    #[test]
    fn buffers_are_aligned_apart_and_used_again() {
        let mut pool = Pool::new(3, 8192).expect("24 KiB can be mapped");
        let mut buffers: Vec<_> = std::iter::from_fn(|| pool.take()).collect();
        assert_eq!(buffers.iter().map(super::Buffer::index).collect::<Vec<_>>(), [0, 1, 2]);
        for (number, buffer) in (1_u8..).zip(&mut buffers) {
            assert_eq!(buffer.as_slice().as_ptr().align_offset(4096), 0);
            buffer.as_mut_slice().fill(number);
        }
        let seen: Vec<_> = buffers.iter().map(|buffer| (buffer.as_slice()[0], buffer.as_slice()[8191])).collect();
        assert_eq!(seen, [(1, 1), (2, 2), (3, 3)]);
        let address = buffers[1].as_slice().as_ptr();
        pool.put(buffers.remove(1));
        assert_eq!(pool.take().expect("one was given back").as_slice().as_ptr(), address);
    }
}
