//! What a command leaves in its input: a stream that fits in the pipe is sent in full to a program that never reads it, and
//! in a pipe that is full somebody who inherited it may hold it open for ever.

use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::process::ChildStdin;
use std::time::{Duration, Instant};

/// The writing end of a command's input, and how much went into it.
pub(crate) struct Input<HasEnded> {
    stdin: ChildStdin,
    written: u64,
    has_ended: HasEnded,
}

/// How much of a stream a command read before it ended or closed its input. As an error it says that no more will be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Taken {
    pub read_bytes: u64,
    pub sent_bytes: u64,
}

/// The mark at the end of an Arrow stream: a reader that has all batches may leave it.
const END_MARK_BYTES: u64 = 8;

impl<HasEnded: Fn() -> bool> Input<HasEnded> {
    /// `has_ended`: whether the command itself is done.
    pub fn new(stdin: ChildStdin, has_ended: HasEnded) -> Self {
        // A pipe that refused this would be waited for as long as somebody holds it.
        // SAFETY: sets a flag of our end alone; the command's end is another open file.
        unsafe { libc::fcntl(stdin.as_raw_fd(), libc::F_SETFL, libc::O_NONBLOCK) };
        Self { stdin, written: 0, has_ended }
    }

    /// Waits until the command has read all, has closed its input, or has ended.
    pub fn taken(&self) -> Taken {
        let mut pause = Duration::from_micros(20);
        let mut grace = Grace::default();
        loop {
            let taken = self.taken_so_far();
            if taken.read_bytes == taken.sent_bytes || self.is_closed() || grace.is_over(&self.has_ended) {
                return taken;
            }
            std::thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(1));
        }
    }

    fn taken_so_far(&self) -> Taken {
        Taken { read_bytes: self.written.saturating_sub(self.unread()), sent_bytes: self.written }
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
        self.poll(0, 0) & libc::POLLERR != 0
    }

    /// Waits a moment for room in the pipe, or for the end of its last reader; whether either came.
    fn is_writable(&self) -> bool {
        self.poll(libc::POLLOUT, 20) != 0
    }

    fn poll(&self, events: libc::c_short, milliseconds: libc::c_int) -> libc::c_short {
        let mut look = libc::pollfd { fd: self.stdin.as_raw_fd(), events, revents: 0 };
        // SAFETY: one valid entry.
        let seen = unsafe { libc::poll(&raw mut look, 1, milliseconds) };
        if seen == 1 { look.revents } else { 0 }
    }
}

/// Whoever inherited the input from a command that has ended gets a moment to read on.
#[derive(Default)]
struct Grace {
    ended_at: Option<Instant>,
}

impl Grace {
    fn is_over(&mut self, has_ended: impl Fn() -> bool) -> bool {
        const GRACE: Duration = Duration::from_millis(50);
        if self.ended_at.is_none() && has_ended() {
            self.ended_at = Some(Instant::now());
        }
        self.ended_at.is_some_and(|at| at.elapsed() > GRACE)
    }
}

impl Taken {
    pub fn is_all(self) -> bool {
        self.read_bytes + END_MARK_BYTES >= self.sent_bytes
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} of {} bytes were read, and no more will be", self.read_bytes, self.sent_bytes)
    }
}

impl Error for Taken {}

impl<HasEnded: Fn() -> bool> Write for Input<HasEnded> {
    /// Waits for room as long as the command runs; after its end, as long as somebody reads.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut grace = Grace::default();
        loop {
            match self.stdin.write(bytes) {
                Err(full) if full.kind() == io::ErrorKind::WouldBlock => {}
                written => {
                    let count = written?;
                    self.written += count as u64;
                    return Ok(count);
                }
            }
            if !self.is_writable() && grace.is_over(&self.has_ended) {
                return Err(io::Error::other(self.taken_so_far()));
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stdin.flush()
    }
}
