//! `writeproof-raw ARM BYTES SEED TARGET`: the same raw bytes written in the ways that others have tried, a process each, so
//! that a harness can measure and verify them side by side. All of them past the page cache, all durable at the end.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use writeproof_raw::{BLOCK_BYTES, Content, Control, Ratio, Settings, WriteOptions, write_file};
use writeproof_sink::{Buffer, Io, Options, Pool, Queue, Sink, direct_file};

/// Bytes of one buffer and of one write.
const BUFFER_BYTES: usize = 8 << 20;
/// Writes in flight, where there are several.
const DEPTH: usize = 8;
const WRITING_THREADS: usize = 8;

const USAGE: &str = "usage: writeproof-raw native|single|pregenerated|threads|in-loop BYTES SEED TARGET";

type Failed = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [arm, bytes, seed, target] = &arguments[..] else { return complain(USAGE) };
    let (Ok(size), Ok(seed)) = (bytes.parse(), seed.parse()) else { return complain(USAGE) };
    let settings = Settings { seed, size, dedup_ratio: Ratio::ONE, compress_ratio: Ratio::ONE };
    let (content, target) = (Content::new(settings), Path::new(target));
    let done = match arm.as_str() {
        "native" => native(settings, target),
        "single" => single(&content, target),
        "pregenerated" => pregenerated(&content, target),
        "threads" => threads(&content, target),
        "in-loop" => in_loop(&content, target),
        _ => return complain(USAGE),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(&error.to_string()),
    }
}

fn complain(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    ExitCode::FAILURE
}

/// Bytes made by threads of their own while others are written: `write_file` with its defaults.
fn native(settings: Settings, target: &Path) -> Result<(), Failed> {
    let options = WriteOptions {
        settings,
        buffer_size: BUFFER_BYTES,
        buffer_count: DEPTH,
        round_buffer: false,
        direct: true,
        io_uring: true,
        preallocate: true,
        threads: processors(),
        overwrite: false,
        keep_partial: false,
    };
    write_file(target, &options, &Control::default())?;
    Ok(())
}

/// All bytes made in one buffer, which is then written by one call after the other.
fn single(content: &Content, target: &Path) -> Result<(), Failed> {
    let size = content.settings().size as usize;
    let whole = size.next_multiple_of(BLOCK_BYTES);
    let mut pool = Pool::new(1, whole)?;
    let mut buffer = pool.take().ok_or("no buffer")?;
    fill_by_all(content, 0, &mut buffer.as_mut_slice()[..size]);
    let file = direct_file(target)?;
    let mut written = 0;
    while written < whole {
        let end = whole.min(written + (1 << 30));
        written += file.write_at(&buffer.as_slice()[written..end], written as u64)?;
    }
    end(&file, size as u64)
}

/// All bytes made in buffers of a pool that holds everything, which are then written with io_uring.
fn pregenerated(content: &Content, target: &Path) -> Result<(), Failed> {
    let size = content.settings().size as usize;
    let count = size.div_ceil(BUFFER_BYTES);
    let mut pool = Pool::new(count, BUFFER_BYTES)?;
    let mut made = Vec::with_capacity(count);
    for index in 0..count {
        let mut buffer = pool.take().ok_or("no buffer")?;
        let offset = index * BUFFER_BYTES;
        let length = (size - offset).min(BUFFER_BYTES);
        fill_by_all(content, offset as u64, &mut buffer.as_mut_slice()[..length]);
        made.push((buffer, length));
    }
    let mut sink = ring(target)?;
    for (buffer, length) in &made {
        let mut own = sink.lend(true)?.ok_or("no buffer")?;
        own.as_mut_slice()[..*length].copy_from_slice(&buffer.as_slice()[..*length]);
        sink.put(own, *length)?;
    }
    sink.finish()?;
    durable(target)
}

/// One thread makes the bytes; eight threads write what they find in a queue, each with pwrite.
fn threads(content: &Content, target: &Path) -> Result<(), Failed> {
    let size = content.settings().size;
    let file = direct_file(target)?;
    let mut pool = Pool::new(2 * WRITING_THREADS, BUFFER_BYTES)?;
    let (give_back, free) = sync_channel(2 * WRITING_THREADS);
    while let Some(buffer) = pool.take() {
        give_back.send(buffer)?;
    }
    let (fill, filled) = sync_channel::<(Buffer, u64, usize)>(WRITING_THREADS);
    let filled = Mutex::new(filled);
    thread::scope(|scope| {
        let writing: Vec<_> = (0..WRITING_THREADS)
            .map(|_| {
                let (file, filled, give_back) = (&file, &filled, give_back.clone());
                scope.spawn(move || -> io::Result<()> {
                    while let Some((buffer, offset, length)) = next(filled) {
                        let whole = length.next_multiple_of(BLOCK_BYTES);
                        file.write_all_at(&buffer.as_slice()[..whole], offset)?;
                        // Nobody takes it any more at the end.
                        let _ = give_back.send(buffer);
                    }
                    Ok(())
                })
            })
            .collect();
        let mut offset = 0;
        while offset < size {
            let Ok(mut buffer): Result<Buffer, _> = free.recv() else { break };
            let length = (size - offset).min(BUFFER_BYTES as u64) as usize;
            content.fill(offset, &mut buffer.as_mut_slice()[..length]);
            if fill.send((buffer, offset, length)).is_err() {
                break;
            }
            offset += length as u64;
        }
        drop(fill);
        for thread in writing {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        }
        Ok::<(), io::Error>(())
    })?;
    end(&file, size)
}

fn next(filled: &Mutex<Receiver<(Buffer, u64, usize)>>) -> Option<(Buffer, u64, usize)> {
    filled.lock().ok()?.recv().ok()
}

/// One thread makes each buffer's bytes and gives it to io_uring.
fn in_loop(content: &Content, target: &Path) -> Result<(), Failed> {
    let size = content.settings().size;
    let mut sink = ring(target)?;
    let mut offset = 0;
    while offset < size {
        let mut buffer = sink.lend(true)?.ok_or("no buffer")?;
        let length = (size - offset).min(BUFFER_BYTES as u64) as usize;
        content.fill(offset, &mut buffer.as_mut_slice()[..length]);
        sink.put(buffer, length)?;
        offset += length as u64;
    }
    sink.finish()?;
    durable(target)
}

fn ring(target: &Path) -> Result<Sink, Failed> {
    let options = Options {
        io: Io::Direct,
        queue: Queue::IoUring,
        buffer_bytes: BUFFER_BYTES,
        buffers: DEPTH,
        ..Options::default()
    };
    Ok(Sink::create(target, &options)?)
}

/// Fills memory with as many threads as there are processors.
fn fill_by_all(content: &Content, offset: u64, bytes: &mut [u8]) {
    let share = bytes.len().div_ceil(processors()).next_multiple_of(BLOCK_BYTES);
    thread::scope(|scope| {
        for (index, part) in bytes.chunks_mut(share).enumerate() {
            scope.spawn(move || content.fill(offset + (index * share) as u64, part));
        }
    });
}

fn processors() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// Cuts the padding of the last block off, and makes the file durable.
fn end(file: &File, size: u64) -> Result<(), Failed> {
    file.set_len(size)?;
    Ok(file.sync_all()?)
}

fn durable(target: &Path) -> Result<(), Failed> {
    Ok(File::open(target)?.sync_all()?)
}
