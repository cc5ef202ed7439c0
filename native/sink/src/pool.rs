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
pub(crate) struct Buffer {
    mapping: Arc<Mapping>,
    index: usize,
    bytes: usize,
}

impl Buffer {
    /// Number of the buffer in its pool.
    pub fn index(&self) -> usize {
        self.index
    }

    /// Bytes that it holds.
    pub fn len(&self) -> usize {
        self.bytes
    }

    pub fn as_slice(&self) -> &[u8] {
        // SAFETY: this part of the mapping is ours alone, lives as long as `mapping`, and mmap zeroed it.
        unsafe { slice::from_raw_parts(self.start(), self.bytes) }
    }

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
pub(crate) struct Pool {
    free: Vec<Buffer>,
}

impl Pool {
    /// Maps `count` buffers of `bytes` each, a multiple of the alignment that their user needs, at most a page's.
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

    /// Address and size of every buffer, by index, for registration while all are free.
    pub fn describe(&self) -> Vec<libc::iovec> {
        let mut list: Vec<_> = self.free.iter().collect();
        list.sort_by_key(|buffer| buffer.index);
        list.iter().map(|buffer| libc::iovec { iov_base: buffer.start().cast(), iov_len: buffer.bytes }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Pool;

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
