//! Bytes from their seed to the disk: threads of their own fill the buffers of a fixed pool, the caller's thread hands
//! them to the sink in order, and a buffer is filled again only after its write has completed.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use writeproof_sink::{Buffer, Fault, Io, Mode, Options, Queue, Report, Sink, SinkError};

use crate::block::BLOCK_BYTES;
use crate::content::{Content, Settings};
use crate::control::Control;
use crate::error::RawError;
use crate::numa;
use crate::place::Place;

/// How long to wait for the next buffer's bytes before looking for completed writes again.
const LOOK: Duration = Duration::from_micros(200);

/// How a file is written.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WriteOptions {
    /// What is written.
    #[serde(flatten)]
    pub settings: Settings,
    /// Bytes of one buffer, and of one write.
    pub buffer_size: usize,
    /// Buffers of the pool.
    pub buffer_count: usize,
    /// A buffer size that is no multiple of the block is rounded up, not refused.
    pub round_buffer: bool,
    /// O_DIRECT; where it is not to be had, an error.
    pub direct: bool,
    /// io_uring where the kernel gives it, otherwise pwrite with a note; false: pwrite.
    pub io_uring: bool,
    /// Space is reserved first, so that a disk that is too small is known at once, and writes do not wait for one another to make
    /// the file longer.
    pub preallocate: bool,
    /// Threads that fill buffers.
    pub threads: usize,
    /// A file of that name is replaced, in the end.
    pub overwrite: bool,
    /// What was written before a failure or a stop stays, under the final name.
    pub keep_partial: bool,
}

/// What was done.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Written {
    /// Bytes, and length of the file.
    pub bytes: u64,
    /// Writes given to the kernel.
    pub operations: u64,
    /// Writes that ended short, and were continued.
    pub short_writes: u64,
    /// The way the bytes went.
    pub mode: Mode,
    /// io_uring's buffers were registered.
    pub registered_buffers: bool,
    /// Bytes of one buffer.
    pub buffer_bytes: usize,
    /// Buffers of the pool.
    pub buffers: usize,
    /// Threads that filled them.
    pub threads: usize,
    /// NUMA nodes that the buffers were bound to; 0 where there is one.
    pub numa_nodes: usize,
    /// To the last write's end, nanoseconds.
    pub return_ns: u64,
    /// To durable: after fsync of the file and of its directory.
    pub durable_ns: u64,
    /// Filling, summed over the threads.
    pub generate_ns: u64,
    /// The writing thread waited for bytes.
    pub wait_ns: u64,
    /// What was done otherwise than asked, and why.
    pub notes: Vec<String>,
}

/// Writes the file. Under its final name it is whole and durable, or not there.
///
/// # Errors
/// When an option cannot be, the path is no place for a file, a write fails (with the offset), or the caller stops it.
pub fn write_file(path: &Path, options: &WriteOptions, control: &Control) -> Result<Written, RawError> {
    write_file_with_fault(path, options, control, Fault::default())
}

/// For tests: with failures to come.
#[doc(hidden)]
pub fn write_file_with_fault(
    path: &Path,
    options: &WriteOptions,
    control: &Control,
    fault: Fault,
) -> Result<Written, RawError> {
    let buffer_bytes = checked_buffer(options)?;
    let content = Content::new(options.settings);
    let place = Place::of(path, options.overwrite)?;
    let began = Instant::now();
    let nodes = numa::nodes();
    let plan = numa::plan(&nodes, options.buffer_count, options.threads);
    let sink_options = Options {
        io: if options.direct { Io::Direct } else { Io::Buffered },
        queue: if options.io_uring { Queue::Auto } else { Queue::Pwrite },
        buffer_bytes,
        buffers: options.buffer_count,
        preallocate_bytes: if options.preallocate { options.settings.size } else { 0 },
        nodes: plan.buffers.clone(),
    };
    let mut sink =
        Sink::create_with_fault(&place.unfinished, &sink_options, fault).map_err(|error| of_target(path, error))?;
    let generate_ns = AtomicU64::new(0);
    let mut stream = Stream {
        size: options.settings.size,
        buffer_bytes,
        control,
        numa: !plan.buffers.is_empty(),
        wait: Duration::ZERO,
    };
    let streamed = thread::scope(|scope| {
        let (give, filled) = (0..options.threads)
            .map(|number| {
                let (give, to_fill) = channel();
                let (done, filled) = channel();
                let processors = plan.threads.get(number).cloned().unwrap_or_default();
                let generate_ns = &generate_ns;
                scope.spawn(move || {
                    numa::run_on(&processors);
                    fill(&content, &to_fill, &done, generate_ns);
                });
                (give, filled)
            })
            .unzip();
        // The threads end with the channels.
        stream.run(&mut sink, &Threads { give, filled })
    });
    if let Err(error) = streamed {
        let error = match error {
            Ended::Sink(error) => of_target(path, error),
            Ended::Raw(error) => error,
        };
        return Err(if options.keep_partial { keep(sink, &place, error) } else { error });
    }
    let report = sink.finish().map_err(|error| of_target(path, error))?;
    let return_ns = began.elapsed().as_nanos() as u64;
    place.finish()?;
    let Report { bytes, operations, short_writes, mode, registered_buffers, notes, write_ns: _ } = report;
    Ok(Written {
        bytes,
        operations,
        short_writes,
        mode,
        registered_buffers,
        buffer_bytes,
        buffers: options.buffer_count,
        threads: options.threads,
        numa_nodes: if plan.buffers.is_empty() { 0 } else { nodes.len() },
        return_ns,
        durable_ns: began.elapsed().as_nanos() as u64,
        generate_ns: generate_ns.into_inner(),
        wait_ns: stream.wait.as_nanos() as u64,
        notes,
    })
}

/// What a buffer of the pool is to hold, and then holds.
struct Chunk {
    buffer: Buffer,
    offset: u64,
    length: usize,
}

/// The threads that fill: each gives back what it was given, in order.
struct Threads {
    give: Vec<Sender<Chunk>>,
    filled: Vec<Receiver<Chunk>>,
}

enum Ended {
    Sink(SinkError),
    Raw(RawError),
}

impl From<SinkError> for Ended {
    fn from(error: SinkError) -> Self {
        Self::Sink(error)
    }
}

/// The loop of the writing thread.
struct Stream<'control> {
    size: u64,
    buffer_bytes: usize,
    control: &'control Control,
    numa: bool,
    wait: Duration,
}

impl Stream<'_> {
    /// Writes everything; returns when no write is in flight any more.
    fn run(&mut self, sink: &mut Sink, threads: &Threads) -> Result<(), Ended> {
        let mut given = 0;
        // Who fills what was given out and has not come back, in the order of the file.
        let mut owners = VecDeque::new();
        while given < self.size || !owners.is_empty() {
            if self.control.is_stopped() {
                return Err(Ended::Raw(RawError::stopped()));
            }
            // Only where every buffer is on its way to the disk is there nothing better to do than wait for one.
            while given < self.size
                && let Some(buffer) = sink.lend(owners.is_empty())?
            {
                let number = (given / self.buffer_bytes as u64) as usize;
                let owner = if self.numa { buffer.index() } else { number } % threads.give.len();
                let length = (self.size - given).min(self.buffer_bytes as u64) as usize;
                // It ends only when this loop has.
                let _ = threads.give[owner].send(Chunk { buffer, offset: given, length });
                owners.push_back(owner);
                given += length as u64;
            }
            let Some(owner) = owners.front() else { continue };
            let waiting = Instant::now();
            let filled = threads.filled[*owner].recv_timeout(LOOK);
            self.wait += waiting.elapsed();
            match filled {
                Ok(Chunk { buffer, length, .. }) => {
                    owners.pop_front();
                    sink.put(buffer, length)?;
                    self.control.add(length as u64);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    let message = "a thread that makes the bytes has ended".to_owned();
                    return Err(Ended::Raw(RawError::System { message, errno: None }));
                }
            }
        }
        Ok(sink.settle()?)
    }
}

fn fill(content: &Content, to_fill: &Receiver<Chunk>, done: &Sender<Chunk>, generate_ns: &AtomicU64) {
    while let Ok(mut chunk) = to_fill.recv() {
        let began = Instant::now();
        content.fill(chunk.offset, &mut chunk.buffer.as_mut_slice()[..chunk.length]);
        generate_ns.fetch_add(began.elapsed().as_nanos() as u64, Ordering::Relaxed);
        if done.send(chunk).is_err() {
            return;
        }
    }
}

/// The same failure, of the file that the caller knows.
fn of_target(path: &Path, error: SinkError) -> RawError {
    SinkError { path: path.to_owned(), ..error }.into()
}

/// Keeps what is whole from the start, under the final name, and says so with the failure.
fn keep(sink: Sink, place: &Place, error: RawError) -> RawError {
    let kept = sink.keep().map_err(|error| of_target(&place.target, error));
    match kept.and_then(|bytes| place.finish().map(|()| bytes)) {
        Ok(bytes) => error.and(format_args!("its first {bytes} bytes are kept")),
        Err(other) => error.and(format_args!("and what was written could not be kept: {other}")),
    }
}

/// Bytes of a buffer, once all options are possible.
fn checked_buffer(options: &WriteOptions) -> Result<usize, RawError> {
    let WriteOptions { settings, buffer_size, buffer_count, threads, .. } = options;
    let refuse = |message: String| Err(RawError::misuse(message));
    if settings.size == 0 {
        return refuse("the size must be at least 1 byte, not 0".to_owned());
    }
    if *buffer_count == 0 || *threads == 0 {
        return refuse(format!("buffers and threads must be at least 1, not {buffer_count} and {threads}"));
    }
    let rounded = buffer_size.next_multiple_of(BLOCK_BYTES);
    if *buffer_size == 0 || (rounded != *buffer_size && !options.round_buffer) {
        return refuse(format!(
            "the buffer size must be a multiple of {BLOCK_BYTES} bytes, not {buffer_size}; ask to have it rounded, or \
             choose {}",
            rounded.max(BLOCK_BYTES)
        ));
    }
    let pool = rounded.saturating_mul(*buffer_count) as u64;
    match available_memory() {
        Some(available) if pool > available => refuse(format!(
            "a pool of {buffer_count} buffers of {rounded} bytes needs {pool} bytes of memory, and {available} are \
             available: choose fewer or smaller buffers"
        )),
        _ => Ok(rounded),
    }
}

/// MemAvailable of /proc/meminfo, bytes.
fn available_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()? * 1024)
}
