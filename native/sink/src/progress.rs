//! What is left of one write: the same rules for pwrite's results and io_uring's completions.

use std::io;
use std::thread::sleep;
use std::time::Duration;

use crate::error::Failure;

/// Results without progress that are borne in a row before the write counts as failed: about a second of EAGAIN.
const PATIENCE: u32 = 1000;

/// One buffer on its way to the file.
#[derive(Debug)]
pub(crate) struct Progress {
    offset: u64,
    length: usize,
    done: usize,
    /// Results in a row that brought nothing.
    idle: u32,
}

/// What a result means.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// All is written.
    Done,
    /// Go on at [`Progress::position`]; the write had ended short.
    Continue,
    /// The same once more.
    Again,
}

impl Progress {
    pub fn new(offset: u64, length: usize) -> Self {
        Self { offset, length, done: 0, idle: 0 }
    }

    /// Bytes of the buffer that are written.
    pub fn done(&self) -> usize {
        self.done
    }

    /// Offset in the file of the next byte to write.
    pub fn position(&self) -> u64 {
        self.offset + self.done as u64
    }

    /// Bytes still to write.
    pub fn remaining(&self) -> usize {
        self.length - self.done
    }

    /// Takes the result (bytes, or -errno) of a write of `asked` bytes at [`Progress::position`].
    ///
    /// A short write goes on at the last whole block, because O_DIRECT takes no other offset: the bytes after it are
    /// written a second time, with the same content.
    pub fn take(
        &mut self,
        result: i32,
        asked: usize,
        alignment: usize,
        operation: &'static str,
    ) -> Result<Next, Failure> {
        if result < 0 {
            return match -result {
                libc::EINTR => Ok(Next::Again),
                // ECANCELED: the thread that submitted the write has ended before the kernel began it.
                libc::EAGAIN | libc::ECANCELED if self.patient() => Ok(Next::Again),
                errno => Err(Failure::new(operation, self.position(), io::Error::from_raw_os_error(errno))),
            };
        }
        // Not negative, so nothing is lost.
        let written = result as usize;
        if written >= asked {
            self.done += asked;
            self.idle = 0;
            return Ok(if self.remaining() == 0 { Next::Done } else { Next::Again });
        }
        let whole = written - written % alignment;
        self.done += whole;
        if whole > 0 {
            self.idle = 0;
        } else if !self.patient() {
            let reason =
                format!("{PATIENCE} writes in a row of {asked} bytes ended before the first block was written");
            let source = io::Error::new(io::ErrorKind::WriteZero, reason);
            return Err(Failure::new(operation, self.position(), source));
        }
        Ok(Next::Continue)
    }

    fn patient(&mut self) -> bool {
        self.idle += 1;
        if self.idle < PATIENCE {
            sleep(Duration::from_millis(1));
        }
        self.idle < PATIENCE
    }
}

#[cfg(test)]
mod tests {
    use super::{Next, PATIENCE, Progress};

    fn take(progress: &mut Progress, result: i32) -> Next {
        let asked = progress.remaining();
        progress.take(result, asked, 4096, "write").expect("the result is no failure")
    }

    #[test]
    fn a_short_write_goes_on_at_the_last_whole_block() {
        let mut progress = Progress::new(1 << 20, 16_384);
        assert_eq!(take(&mut progress, 5000), Next::Continue);
        assert_eq!((progress.done(), progress.position(), progress.remaining()), (4096, (1 << 20) + 4096, 12_288));
        assert_eq!(take(&mut progress, 100), Next::Continue);
        assert_eq!(progress.done(), 4096);
        assert_eq!(take(&mut progress, 12_288), Next::Done);
        assert_eq!(progress.remaining(), 0);
    }

    #[test]
    fn interruptions_are_repeated_and_errors_carry_their_offset() {
        let mut progress = Progress::new(8192, 8192);
        assert_eq!(take(&mut progress, -libc::EINTR), Next::Again);
        assert_eq!(take(&mut progress, -libc::EAGAIN), Next::Again);
        assert_eq!(take(&mut progress, -libc::ECANCELED), Next::Again);
        assert_eq!(take(&mut progress, 4096), Next::Continue);
        let failure = progress.take(-libc::ENOSPC, 4096, 4096, "write").expect_err("ENOSPC is a failure");
        assert_eq!((failure.offset, failure.source.raw_os_error()), (12_288, Some(libc::ENOSPC)));
    }

    #[test]
    fn writes_that_never_move_fail_in_the_end() {
        let mut progress = Progress::new(0, 4096);
        let mut results = 0;
        let failure = loop {
            results += 1;
            if let Err(failure) = progress.take(0, 4096, 4096, "write") {
                break failure;
            }
        };
        assert_eq!(results, PATIENCE);
        assert_eq!(failure.source.kind(), std::io::ErrorKind::WriteZero);
    }
}
