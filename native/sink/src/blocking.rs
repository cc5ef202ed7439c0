//! One pwrite at a time, through the page cache or under O_DIRECT.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd};

use crate::error::Failure;
use crate::fault::Fault;
use crate::pool::{Buffer, Pool};
use crate::progress::{Next, Progress};

/// Asked of one call at most; the kernel would cut at 2 GiB - 4 KiB, which then looked like a short write.
const CALL_BYTES: usize = 1 << 30;

const OPERATION: &str = "pwrite";

#[derive(Debug)]
pub(crate) struct Blocking {
    pool: Pool,
    alignment: usize,
    fault: Fault,
    pub operations: u64,
    pub short_writes: u64,
}

impl Blocking {
    pub fn new(pool: Pool, alignment: usize, fault: Fault) -> Self {
        Self { pool, alignment, fault, operations: 0, short_writes: 0 }
    }

    /// The one buffer; it is free between two writes.
    pub fn take(&mut self) -> Option<Buffer> {
        self.pool.take()
    }

    /// Writes the first `length` bytes of the buffer and frees it.
    pub fn submit(&mut self, file: BorrowedFd<'_>, buffer: Buffer, length: usize, offset: u64) -> Result<(), Failure> {
        let written = self.write(file, &buffer.as_slice()[..length], offset);
        self.pool.put(buffer);
        written
    }

    /// Writes all of `data` at `offset`.
    pub fn write(&mut self, file: BorrowedFd<'_>, data: &[u8], offset: u64) -> Result<(), Failure> {
        let mut progress = Progress::new(offset, data.len());
        while progress.remaining() > 0 {
            let asked = progress.remaining().min(CALL_BYTES);
            let result = self.call(file, &data[progress.done()..][..asked], progress.position());
            if progress.take(result, asked, self.alignment, OPERATION)? == Next::Continue {
                self.short_writes += 1;
            }
        }
        Ok(())
    }

    /// One call; its result is the number of bytes, or -errno.
    fn call(&mut self, file: BorrowedFd<'_>, data: &[u8], offset: u64) -> i32 {
        self.operations += 1;
        let plan = self.fault.plan(offset, data.len(), self.alignment);
        if plan.transfer == 0 {
            return plan.result.unwrap_or(0);
        }
        // SAFETY: `data` is valid for `transfer` bytes, which is at most its length.
        let result =
            unsafe { libc::pwrite(file.as_raw_fd(), data.as_ptr().cast(), plan.transfer, offset as libc::off_t) };
        if result < 0 {
            return -io::Error::last_os_error().raw_os_error().unwrap_or(libc::EIO);
        }
        // At most CALL_BYTES, so the cast loses nothing.
        plan.result.unwrap_or(result as i32)
    }
}
