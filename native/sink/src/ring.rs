//! Several writes in flight under O_DIRECT, by io_uring.

use std::os::fd::{AsRawFd, BorrowedFd};
use std::thread::sleep;
use std::time::Duration;
use std::{io, mem};

use io_uring::{IoUring, opcode, squeue, types};

use crate::error::Failure;
use crate::fault::Fault;
use crate::pool::{Buffer, Pool};
use crate::progress::{Next, Progress};

const OPERATION: &str = "io_uring write";

/// Refusals in a row of io_uring_enter for want of kernel memory that are waited out, a millisecond each.
const PATIENCE: u32 = 1000;

/// A write that the kernel may be working on. It owns its buffer.
#[derive(Debug)]
struct Request {
    buffer: Buffer,
    progress: Progress,
    asked: usize,
    /// Result that a test wants to see in place of the kernel's.
    forced: Option<i32>,
}

pub(crate) struct Ring {
    ring: IoUring,
    file: i32,
    pool: Pool,
    /// By the buffer's index, which is also the `user_data` of its entry.
    in_flight: Vec<Option<Request>>,
    /// Entries among them.
    flying: usize,
    /// The first failure; nothing is submitted after it.
    failure: Option<Failure>,
    lost_from: Option<u64>,
    alignment: usize,
    fault: Fault,
    pub registered: bool,
    pub operations: u64,
    pub short_writes: u64,
}

impl Ring {
    /// Sets up a ring for `buffers` writes in flight. `file` must stay open until [`Ring::drain`] has returned or the ring is dropped.
    pub fn new(file: BorrowedFd<'_>, pool: Pool, alignment: usize, fault: Fault) -> io::Result<(Self, Vec<String>)> {
        let described = pool.describe();
        let (buffers, total) = (described.len(), described.iter().map(|buffer| buffer.iov_len).sum::<usize>());
        if let Some(errno) = fault.ring_errno {
            return Err(io::Error::from_raw_os_error(errno));
        }
        // At most 4096, as Options::check has it.
        let ring = IoUring::new(buffers.next_power_of_two() as u32)?;
        let mut notes = Vec::new();
        let registration = match fault.registration_errno {
            Some(errno) => Err(io::Error::from_raw_os_error(errno)),
            // SAFETY: the buffers stay mapped until they are unregistered or the ring is closed (see Drop): the kernel pins
            // their pages besides.
            None => unsafe { ring.submitter().register_buffers(&described) },
        };
        if let Err(error) = &registration {
            notes.push(format!(
                "io_uring runs with unregistered buffers: registering {total} bytes failed: {error} (RLIMIT_MEMLOCK is {})",
                crate::probe::memory_lock_limit()
                    .map_or_else(|| "unlimited".to_owned(), |bytes| format!("{bytes} bytes")),
            ));
        }
        let ring = Self {
            ring,
            file: file.as_raw_fd(),
            pool,
            in_flight: (0..buffers).map(|_| None).collect(),
            flying: 0,
            failure: None,
            lost_from: None,
            alignment,
            fault,
            registered: registration.is_ok(),
            operations: 0,
            short_writes: 0,
        };
        Ok((ring, notes))
    }

    /// A free buffer; waits for a completion where there is none.
    pub fn take(&mut self) -> Result<Buffer, Failure> {
        loop {
            if let Some(failure) = &self.failure {
                return Err(failure.again());
            }
            if let Some(buffer) = self.pool.take() {
                return Ok(buffer);
            }
            self.step(1)?;
        }
    }

    /// A free buffer; `None` where there is none, with `wait` only where none is in flight.
    pub fn lend(&mut self, wait: bool) -> Result<Option<Buffer>, Failure> {
        if wait && self.flying > 0 {
            return self.take().map(Some);
        }
        self.step(0)?;
        match &self.failure {
            Some(failure) => Err(failure.again()),
            None => Ok(self.pool.take()),
        }
    }

    /// Offset of the first byte that a failed write left unwritten; `None` while none has failed.
    pub fn lost_from(&self) -> Option<u64> {
        self.lost_from
    }

    /// Sets the first `length` bytes of the buffer on their way to `offset`.
    pub fn submit(&mut self, buffer: Buffer, length: usize, offset: u64) -> Result<(), Failure> {
        self.issue(buffer, Progress::new(offset, length));
        self.step(0)?;
        self.failure.as_ref().map_or(Ok(()), |failure| Err(failure.again()))
    }

    /// Waits until nothing is in flight; then the first failure, if there was one.
    pub fn drain(&mut self) -> Result<(), Failure> {
        while self.flying > 0 {
            self.step(1)?;
        }
        self.failure.as_ref().map_or(Ok(()), |failure| Err(failure.again()))
    }

    /// The kernel may still be at work; after [`Ring::drain`] only where the ring itself has failed.
    pub fn busy(&self) -> bool {
        self.flying > 0
    }

    /// Queues the rest of a write.
    fn issue(&mut self, buffer: Buffer, progress: Progress) {
        let asked = progress.remaining();
        let plan = self.fault.plan(progress.position(), asked, self.alignment);
        let index = buffer.index();
        let entry = if plan.transfer == 0 {
            opcode::Nop::new().build()
        } else {
            self.write_entry(&buffer.as_slice()[progress.done()..][..plan.transfer], index, progress.position())
        };
        self.operations += 1;
        self.in_flight[index] = Some(Request { buffer, progress, asked, forced: plan.result });
        self.flying += 1;
        // SAFETY: the entry points into a buffer that its request owns until the completion has been seen.
        let queued = unsafe { self.ring.submission().push(&entry.user_data(index as u64)) };
        // One entry for each buffer at most, and there are as many places.
        queued.expect("the submission queue has a place for every buffer");
    }

    fn write_entry(&self, data: &[u8], index: usize, offset: u64) -> squeue::Entry {
        let file = types::Fd(self.file);
        // Options::check keeps buffers below 2^30 bytes and their number below 2^12.
        let length = data.len() as u32;
        if self.registered {
            opcode::WriteFixed::new(file, data.as_ptr(), length, index as u16).offset(offset).build()
        } else {
            opcode::Write::new(file, data.as_ptr(), length).offset(offset).build()
        }
    }

    /// Submits what is queued, waits for `want` completions, and takes all that are there.
    fn step(&mut self, want: usize) -> Result<(), Failure> {
        self.enter(want)?;
        if let Some(errno) = self.fault.completion_errno {
            return if want == 0 { Ok(()) } else { Err(self.broken(io::Error::from_raw_os_error(errno))) };
        }
        self.collect();
        // Continuations of short writes.
        if self.ring.submission().is_empty() { Ok(()) } else { self.enter(0) }
    }

    fn enter(&mut self, want: usize) -> Result<(), Failure> {
        let mut refused = 0;
        loop {
            let Err(error) = self.ring.submit_and_wait(want) else { return Ok(()) };
            match error.raw_os_error() {
                Some(libc::EINTR) => {}
                Some(libc::EAGAIN | libc::EBUSY) if refused < PATIENCE => {
                    refused += 1;
                    sleep(Duration::from_millis(1));
                }
                _ => return Err(self.broken(error)),
            }
            // What has completed meanwhile is what the caller waits for, and makes room.
            if !self.ring.completion().is_empty() && self.ring.submission().is_empty() {
                return Ok(());
            }
        }
    }

    /// The failure of the ring itself: nothing in flight is known to be written.
    fn broken(&mut self, error: io::Error) -> Failure {
        let failure = Failure::new("io_uring_enter", self.first_offset(), error);
        self.failure.get_or_insert(failure.again());
        failure
    }

    fn first_offset(&self) -> u64 {
        self.in_flight.iter().flatten().map(|request| request.progress.position()).min().unwrap_or(0)
    }

    fn collect(&mut self) {
        loop {
            let next = self.ring.completion().next();
            let Some(completion) = next else { return };
            // The index that `issue` gave; each in flight once.
            let Some(request) = self.in_flight[completion.user_data() as usize].take() else { continue };
            self.flying -= 1;
            self.complete(request, completion.result());
        }
    }

    fn complete(&mut self, request: Request, result: i32) {
        let Request { buffer, mut progress, asked, forced } = request;
        let result = if result < 0 { result } else { forced.unwrap_or(result) };
        if self.failure.is_some() {
            // A result below zero is no length; at most `asked`, so the cast loses nothing.
            if result < asked as i32 {
                self.lose(progress.position());
            }
            self.pool.put(buffer);
            return;
        }
        match progress.take(result, asked, self.alignment, OPERATION) {
            Ok(Next::Done) => self.pool.put(buffer),
            Ok(Next::Continue) => {
                self.short_writes += 1;
                self.issue(buffer, progress);
            }
            Ok(Next::Again) => self.issue(buffer, progress),
            Err(failure) => {
                self.lose(failure.offset);
                self.failure = Some(failure);
                self.pool.put(buffer);
            }
        }
    }
}

impl Ring {
    fn lose(&mut self, offset: u64) {
        self.lost_from = Some(self.lost_from.map_or(offset, |lost| lost.min(offset)));
    }
}

impl Drop for Ring {
    fn drop(&mut self) {
        while self.flying > 0 && self.step(1).is_ok() {}
        if self.flying > 0 {
            // The kernel may still read these buffers, and does not tell: better lost than used for something else.
            mem::forget(mem::take(&mut self.in_flight));
        }
        if self.registered {
            // Closing the ring unregisters as well, but later, and the next ring needs the allowance now.
            let _ = self.ring.submitter().unregister_buffers();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};
    use std::os::fd::AsFd;

    use super::Ring;
    use crate::fault::{Effect, Fault, Rule};
    use crate::pool::Pool;
    use crate::progress::Progress;

    #[test]
    fn after_the_first_failing_completion_the_others_only_give_their_buffers_back() {
        let path = std::env::temp_dir().join(format!("writeproof-sink-ring-{}", std::process::id()));
        let file = File::create_new(&path).expect("the directory for temporary files is writable");
        let rule = |offset, effect| Rule { offset, effect, times: 9 };
        let rules = vec![
            rule(0, Effect::Errno(libc::ENOSPC)),
            rule(8192, Effect::Errno(libc::EIO)),
            rule(16_384, Effect::Short(4096)),
        ];
        let fault = Fault { rules, ..Fault::default() };
        let pool = Pool::new(3, 8192).expect("24 KiB can be mapped");
        let Ok((mut ring, _)) = Ring::new(file.as_fd(), pool, 4096, fault) else {
            // A kernel without io_uring: this is what its probe says, too.
            assert!(io_uring::IoUring::new(1).is_err());
            return;
        };
        for offset in [0, 8192, 16_384] {
            let buffer = ring.pool.take().expect("three are free");
            ring.issue(buffer, Progress::new(offset, 8192));
        }
        let failure = ring.drain().expect_err("two writes fail");
        assert_eq!((failure.source.raw_os_error(), failure.offset), (Some(libc::ENOSPC), 0));
        assert_eq!(ring.lost_from(), Some(0));
        // The short write is not continued, so there are three operations.
        assert_eq!((ring.flying, ring.operations, ring.short_writes), (0, 3, 0));
        assert_eq!(std::iter::from_fn(|| ring.pool.take()).count(), 3);
        fs::remove_file(&path).expect("the file can be removed");
    }
}
