//! What a sink is asked for.

/// How bytes reach the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Io {
    /// Through the page cache.
    #[default]
    Buffered,
    /// O_DIRECT, past the page cache. Never falls back to [`Io::Buffered`].
    Direct,
}

/// How writes under [`Io::Direct`] are given to the kernel; without meaning for [`Io::Buffered`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Queue {
    /// io_uring, or pwrite with a note where the kernel refuses io_uring.
    #[default]
    Auto,
    /// io_uring, or an error.
    IoUring,
    /// One pwrite at a time.
    Pwrite,
}

/// Options of [`crate::Sink::create`].
#[derive(Clone, Debug)]
pub struct Options {
    /// How bytes reach the disk.
    pub io: Io,
    /// How direct writes are given to the kernel.
    pub queue: Queue,
    /// Bytes of one buffer, and of one write; rounded up to the file system's block for [`Io::Direct`].
    pub buffer_bytes: usize,
    /// Buffers in flight with io_uring. The other two ways write one at a time, and use one buffer unless more are lent
    /// ([`crate::Sink::lend`]).
    pub buffers: usize,
    /// Bytes to reserve on disk first; 0 reserves none. What was reserved in excess is given back at the end.
    pub preallocate_bytes: u64,
    /// NUMA node of each buffer; empty leaves it to the kernel.
    pub nodes: Vec<u32>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            io: Io::Buffered,
            queue: Queue::Auto,
            buffer_bytes: 1 << 20,
            buffers: 8,
            preallocate_bytes: 0,
            nodes: Vec::new(),
        }
    }
}

/// One write must stay below the kernel's limit of 2 GiB - 4 KiB.
const MAX_BUFFER_BYTES: usize = 1 << 30;
/// Far beyond any queue depth that helps, and below the kernel's limit of ring entries.
const MAX_BUFFERS: usize = 4096;

impl Options {
    /// A sentence about the first option that cannot be.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.buffer_bytes == 0 || self.buffer_bytes > MAX_BUFFER_BYTES {
            return Err(format!("buffer_bytes must be 1 to {MAX_BUFFER_BYTES}, not {}", self.buffer_bytes));
        }
        if self.buffers == 0 || self.buffers > MAX_BUFFERS {
            return Err(format!("buffers must be 1 to {MAX_BUFFERS}, not {}", self.buffers));
        }
        Ok(())
    }
}
