//! The sink: fills buffers, hands them on, and ends the file at its exact length.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::mem;
use std::os::fd::{AsFd, AsRawFd, IntoRawFd};
use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::blocking::Blocking;
use crate::direct;
use crate::error::{Failure, SinkError};
use crate::fault::Fault;
use crate::options::{Io, Options, Queue};
use crate::pool::{Buffer, Pool};
use crate::report::{Mode, Report};
use crate::ring::Ring;

enum Engine {
    Blocking(Blocking),
    Ring(Box<Ring>),
}

/// A new file, written from front to back. Without [`Sink::finish`] the file is removed again.
pub struct Sink {
    path: PathBuf,
    /// Declared before `file`, so that nothing is in flight any more when that is closed.
    engine: Engine,
    /// `None` once closed.
    file: Option<File>,
    mode: Mode,
    /// Block of O_DIRECT, or 1.
    alignment: usize,
    buffer_bytes: usize,
    preallocated: bool,
    /// Being filled; `None` until something is written, and between two buffers.
    buffer: Option<Buffer>,
    filled: usize,
    /// Bytes handed on; the offset of `buffer`.
    start: u64,
    /// The first failure; every later call fails with it.
    failure: Option<SinkError>,
    write_ns: u64,
    notes: Vec<String>,
    finished: bool,
}

impl Sink {
    /// Creates the file, which must not exist.
    ///
    /// # Errors
    /// When it exists or cannot be created, when an option cannot be, when [`Io::Direct`] is asked for where the file
    /// system has none, or [`Queue::IoUring`] where the kernel refuses it. No file is left then.
    pub fn create(path: &Path, options: &Options) -> Result<Self, SinkError> {
        Self::create_with_fault(path, options, Fault::default())
    }

    /// For tests: with failures to come.
    #[doc(hidden)]
    pub fn create_with_fault(path: &Path, options: &Options, fault: Fault) -> Result<Self, SinkError> {
        let fail = |operation, source| Failure::new(operation, 0, source).of(path);
        options.check().map_err(|why| fail("options", io::Error::new(io::ErrorKind::InvalidInput, why)))?;
        let file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| fail("create", error))?;
        Self::open(path, file, options, fault).map_err(|failure| {
            // Ours, and empty. That it cannot be removed is the smaller trouble of the two.
            let _ = fs::remove_file(path);
            failure.of(path)
        })
    }

    fn open(path: &Path, file: File, options: &Options, fault: Fault) -> Result<Self, Failure> {
        let mut notes = Vec::new();
        let alignment = match options.io {
            Io::Buffered => 1,
            Io::Direct => direct::enable(&file).map_err(|error| Failure::new("switch to O_DIRECT", 0, error))?,
        };
        let preallocated = preallocate(&file, options.preallocate_bytes, &fault, &mut notes)?;
        // A whole number of blocks, so that only the last buffer of a file can end inside one.
        let buffer_bytes = options.buffer_bytes.next_multiple_of(alignment);
        let (engine, mode) = match options.io {
            Io::Buffered => (blocking(options, buffer_bytes, alignment, fault)?, Mode::Buffered),
            Io::Direct => direct_engine(&file, options, buffer_bytes, alignment, fault, &mut notes)?,
        };
        Ok(Self {
            path: path.to_owned(),
            engine,
            file: Some(file),
            mode,
            alignment,
            buffer_bytes,
            preallocated,
            buffer: None,
            filled: 0,
            start: 0,
            failure: None,
            write_ns: 0,
            notes,
            finished: false,
        })
    }

    /// Bytes taken so far.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.start + self.filled as u64
    }

    /// The way the bytes go.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Writes what is left, cuts the file to its exact length and closes it. It is not synced.
    ///
    /// # Errors
    /// The first failure of any write, or of one of these steps. The file is removed then.
    pub fn finish(mut self) -> Result<Report, SinkError> {
        self.timed(Self::end)?;
        let (operations, short_writes, registered_buffers) = match &self.engine {
            Engine::Blocking(engine) => (engine.operations, engine.short_writes, false),
            Engine::Ring(ring) => (ring.operations, ring.short_writes, ring.registered),
        };
        self.finished = true;
        Ok(Report {
            bytes: self.position(),
            operations,
            short_writes,
            mode: self.mode,
            registered_buffers,
            write_ns: self.write_ns,
            notes: mem::take(&mut self.notes),
        })
    }

    /// Lends a free buffer, to be filled and given back by [`Sink::put`]; `None` where all are lent or in flight. With `wait`,
    /// waits for a write in flight where no buffer is free.
    ///
    /// # Errors
    /// The first failure of any write.
    pub fn lend(&mut self, wait: bool) -> Result<Option<Buffer>, SinkError> {
        let mut lent = None;
        self.timed(|sink| {
            lent = match &mut sink.engine {
                Engine::Ring(ring) => ring.lend(wait)?,
                Engine::Blocking(engine) => engine.take(),
            };
            Ok(())
        })?;
        Ok(lent)
    }

    /// Writes the first `length` bytes of a lent buffer behind all that was written before. Under O_DIRECT, only the last
    /// of a file may end inside a block, and nothing may have been written but by this way.
    ///
    /// # Errors
    /// The first failure of any write.
    pub fn put(&mut self, mut buffer: Buffer, length: usize) -> Result<(), SinkError> {
        self.timed(|sink| {
            let whole = length.next_multiple_of(sink.alignment);
            buffer.as_mut_slice()[length..whole].fill(0);
            sink.filled = length;
            sink.hand_on(buffer, whole)
        })
    }

    /// Waits until no write is in flight.
    ///
    /// # Errors
    /// The first failure of any write.
    pub fn settle(&mut self) -> Result<(), SinkError> {
        self.timed(|sink| match &mut sink.engine {
            Engine::Ring(ring) => ring.drain(),
            Engine::Blocking(_) => Ok(()),
        })
    }

    /// Ends the file after a failure, or early, with what was written from its start without a gap; its length.
    ///
    /// # Errors
    /// When it cannot be cut to that length. The file is removed then.
    pub fn keep(mut self) -> Result<u64, SinkError> {
        let mut whole = self.start.min(self.failure.as_ref().map_or(u64::MAX, |failure| failure.offset));
        if let Engine::Ring(ring) = &mut self.engine {
            // Most often it is what the caller has heard of; else nobody has counted what it lost.
            if let Err(failure) = ring.drain() {
                whole = whole.min(failure.offset);
            }
            whole = whole.min(ring.lost_from().unwrap_or(u64::MAX));
        }
        if let Some(file) = &self.file {
            file.set_len(whole).map_err(|error| Failure::new("truncate", whole, error).of(&self.path))?;
        }
        self.finished = true;
        Ok(whole)
    }

    /// Removes the file, after the last write in flight has ended.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn abort(mut self) -> Result<(), SinkError> {
        self.finished = true;
        self.remove().map_err(|error| Failure::new("remove", 0, error).of(&self.path))
    }

    /// Runs one step on the caller's clock, unless one has failed before.
    fn timed(&mut self, step: impl FnOnce(&mut Self) -> Result<(), Failure>) -> Result<(), SinkError> {
        if let Some(failure) = &self.failure {
            return Err(failure.again());
        }
        let began = Instant::now();
        let result = step(self);
        self.write_ns += began.elapsed().as_nanos() as u64;
        result.map_err(|failure| {
            let failure = failure.of(&self.path);
            self.failure = Some(failure.again());
            failure
        })
    }

    fn accept(&mut self, mut data: &[u8]) -> Result<(), Failure> {
        while !data.is_empty() {
            if self.unbuffered(data)? {
                break;
            }
            let mut buffer = match self.buffer.take() {
                Some(buffer) => buffer,
                None => self.free_buffer()?,
            };
            let taken = data.len().min(buffer.as_slice().len() - self.filled);
            buffer.as_mut_slice()[self.filled..][..taken].copy_from_slice(&data[..taken]);
            data = &data[taken..];
            self.filled += taken;
            if self.filled == buffer.as_slice().len() {
                self.hand_on(buffer, self.filled)?;
            } else {
                self.buffer = Some(buffer);
            }
        }
        Ok(())
    }

    /// Through the page cache a large write needs no buffer of ours: the kernel copies from the caller's.
    fn unbuffered(&mut self, data: &[u8]) -> Result<bool, Failure> {
        if self.mode != Mode::Buffered || self.filled > 0 || data.len() < self.buffer_bytes {
            return Ok(false);
        }
        let (Engine::Blocking(engine), Some(file)) = (&mut self.engine, &self.file) else { return Ok(false) };
        engine.write(file.as_fd(), data, self.start)?;
        self.start += data.len() as u64;
        Ok(true)
    }

    fn free_buffer(&mut self) -> Result<Buffer, Failure> {
        match &mut self.engine {
            Engine::Ring(ring) => ring.take(),
            Engine::Blocking(engine) => engine
                .take()
                .ok_or_else(|| Failure::new("buffer", self.start, io::Error::other("the one buffer is in use"))),
        }
    }

    /// Passes the first `length` bytes of a buffer to the kernel, of which `filled` are content.
    fn hand_on(&mut self, buffer: Buffer, length: usize) -> Result<(), Failure> {
        match (&mut self.engine, &self.file) {
            (Engine::Ring(ring), _) => ring.submit(buffer, length, self.start)?,
            (Engine::Blocking(engine), Some(file)) => engine.submit(file.as_fd(), buffer, length, self.start)?,
            (Engine::Blocking(_), None) => return Err(Failure::new("pwrite", self.start, io::Error::other("closed"))),
        }
        self.start += self.filled as u64;
        self.filled = 0;
        Ok(())
    }

    fn end(&mut self) -> Result<(), Failure> {
        if let Some(mut buffer) = self.buffer.take_if(|_| self.filled > 0) {
            // O_DIRECT writes whole blocks: zeros up to the next one, cut off again below.
            let length = self.filled.next_multiple_of(self.alignment);
            buffer.as_mut_slice()[self.filled..length].fill(0);
            self.hand_on(buffer, length)?;
        }
        if let Engine::Ring(ring) = &mut self.engine {
            ring.drain()?;
        }
        let bytes = self.start;
        let Some(file) = self.file.take() else { return Ok(()) };
        if self.mode != Mode::Buffered || self.preallocated {
            file.set_len(bytes).map_err(|error| Failure::new("truncate", bytes, error))?;
        }
        let length = file.metadata().map_err(|error| Failure::new("fstat", bytes, error))?.len();
        if length != bytes {
            let reason = format!("{bytes} bytes were written, and the file has {length}: somebody else changed it");
            return Err(Failure::new("check of the length", bytes, io::Error::other(reason)));
        }
        // File's own drop would hide what close says, and some file systems say there that the disk is full.
        // SAFETY: the descriptor was ours alone, and is not used again.
        if unsafe { libc::close(file.into_raw_fd()) } != 0 {
            return Err(Failure::new("close", bytes, io::Error::last_os_error()));
        }
        Ok(())
    }

    fn remove(&mut self) -> io::Result<()> {
        if let Engine::Ring(ring) = &mut self.engine {
            // A failure of what is to be removed is of no interest any more.
            let _ = ring.drain();
            if ring.busy() {
                // Writes that could not be ended name this descriptor: better lost than reused for another file.
                mem::forget(self.file.take());
            }
        }
        self.file = None;
        fs::remove_file(&self.path)
    }
}

impl Write for Sink {
    /// Takes all of `data` or fails.
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.timed(|sink| sink.accept(data))?;
        Ok(data.len())
    }

    /// Through the page cache, hands on what is buffered. Under O_DIRECT only whole blocks can be written, so the rest
    /// waits for more, or for [`Sink::finish`].
    fn flush(&mut self) -> io::Result<()> {
        self.timed(|sink| {
            if sink.mode != Mode::Buffered || sink.filled == 0 {
                return Ok(());
            }
            match sink.buffer.take() {
                Some(buffer) => sink.hand_on(buffer, sink.filled),
                None => Ok(()),
            }
        })?;
        Ok(())
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        if !self.finished {
            // Nobody is left to hear that it failed.
            let _ = self.remove();
        }
    }
}

impl fmt::Debug for Sink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Sink")
            .field("path", &self.path)
            .field("mode", &self.mode)
            .field("position", &self.position())
            .finish_non_exhaustive()
    }
}

fn pool(options: &Options, buffer_bytes: usize) -> io::Result<Pool> {
    // Memory that nobody touches is only addresses.
    let mut pool = Pool::new(options.buffers, buffer_bytes)?;
    pool.bind(&options.nodes)?;
    Ok(pool)
}

fn blocking(options: &Options, buffer_bytes: usize, alignment: usize, fault: Fault) -> Result<Engine, Failure> {
    let pool = pool(options, buffer_bytes).map_err(|error| Failure::new("map buffers", 0, error))?;
    Ok(Engine::Blocking(Blocking::new(pool, alignment, fault)))
}

fn direct_engine(
    file: &File,
    options: &Options,
    buffer_bytes: usize,
    alignment: usize,
    fault: Fault,
    notes: &mut Vec<String>,
) -> Result<(Engine, Mode), Failure> {
    if options.queue != Queue::Pwrite {
        let ring = pool(options, buffer_bytes).and_then(|pool| Ring::new(file.as_fd(), pool, alignment, fault.clone()));
        match ring {
            Ok((ring, said)) => {
                notes.extend(said);
                return Ok((Engine::Ring(Box::new(ring)), Mode::DirectIoUring));
            }
            Err(error) if options.queue == Queue::IoUring => return Err(Failure::new("set up io_uring", 0, error)),
            Err(error) => notes.push(format!("written with pwrite: io_uring is not to be had here: {error}")),
        }
    }
    Ok((blocking(options, buffer_bytes, alignment, fault)?, Mode::DirectPwrite))
}

/// Reserves space. The file grows to it at once, so that writes in flight need not wait for one another to extend it;
/// the end cuts it to size.
fn preallocate(file: &File, bytes: u64, fault: &Fault, notes: &mut Vec<String>) -> Result<bool, Failure> {
    if bytes == 0 {
        return Ok(false);
    }
    let fail = |error| Failure::new("preallocate", bytes, error);
    let length = i64::try_from(bytes).map_err(|_| fail(io::Error::from_raw_os_error(libc::EFBIG)))?;
    loop {
        let error = match fault.preallocation_errno {
            Some(errno) => io::Error::from_raw_os_error(errno),
            // SAFETY: the descriptor is open; the call takes integers.
            None if unsafe { libc::fallocate(file.as_raw_fd(), 0, 0, length) } == 0 => return Ok(true),
            None => io::Error::last_os_error(),
        };
        match error.raw_os_error() {
            Some(libc::EINTR) => {}
            Some(libc::EOPNOTSUPP | libc::ENOSYS) => {
                notes.push(format!("{bytes} bytes were not preallocated: {error}"));
                return Ok(false);
            }
            _ => return Err(fail(error)),
        }
    }
}
