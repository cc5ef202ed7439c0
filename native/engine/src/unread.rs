//! What a command left in its input: a stream that fits in the pipe is sent in full to a program that never reads it.

use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::process::ChildStdin;
use std::time::{Duration, Instant};

/// The writing end of a command's input, and how much went into it.
pub(crate) struct Input {
    stdin: ChildStdin,
    written: u64,
}

/// How much of a stream a command read before it ended or closed its input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken {
    pub read_bytes: u64,
    pub sent_bytes: u64,
}

/// The mark at the end of an Arrow stream: a reader that has all batches may leave it.
const END_MARK_BYTES: u64 = 8;

impl Input {
    pub fn new(stdin: ChildStdin) -> Self {
        Self { stdin, written: 0 }
    }

    /// Waits until the command has read all, has closed its input, or `has_ended`.
    pub fn taken(&self, has_ended: impl Fn() -> bool) -> Taken {
        // Whoever inherited the input from a command that has ended gets a moment to read on.
        const GRACE: Duration = Duration::from_millis(50);
        let mut pause = Duration::from_micros(20);
        let mut ended_at = None;
        loop {
            let unread = self.unread();
            if unread == 0 || self.is_closed() || ended_at.is_some_and(|at: Instant| at.elapsed() > GRACE) {
                return Taken { read_bytes: self.written.saturating_sub(unread), sent_bytes: self.written };
            }
            if ended_at.is_none() && has_ended() {
                ended_at = Some(Instant::now());
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(1));
        }
    }

    /// Bytes in the pipe; 0 where the kernel does not tell.
    fn unread(&self) -> u64 {
        let mut bytes: libc::c_int = 0;
        // SAFETY: the descriptor is open, and `bytes` is valid for writing.
        let status = unsafe { libc::ioctl(self.stdin.as_raw_fd(), libc::FIONREAD, &raw mut bytes) };
        if status == 0 { u64::try_from(bytes).unwrap_or(0) } else { 0 }
    }

    /// Nobody has the reading end any more.
    fn is_closed(&self) -> bool {
        let mut look = libc::pollfd { fd: self.stdin.as_raw_fd(), events: 0, revents: 0 };
        // SAFETY: one valid entry.
        let seen = unsafe { libc::poll(&raw mut look, 1, 0) };
        seen == 1 && look.revents & libc::POLLERR != 0
    }
}

impl Taken {
    pub fn is_all(self) -> bool {
        self.read_bytes + END_MARK_BYTES >= self.sent_bytes
    }
}

impl Write for Input {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.stdin.write(bytes)?;
        self.written += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stdin.flush()
    }
}
