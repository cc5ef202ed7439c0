//! Writes the same bytes by every way and prints how long each took beside plain `std::fs::write` calls, both with fdatasync.
//!
//!     cargo run --release -p writeproof-sink --example throughput -- DIRECTORY [MIB] [REPETITIONS]

use std::error::Error;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use writeproof_sink::{Io, Options, Queue, Sink};

/// Of one call of `write`; a format library's page is of this order.
const CALL_BYTES: usize = 256 << 10;

struct Sample {
    seconds: f64,
    processor_seconds: f64,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let directory = PathBuf::from(arguments.next().ok_or("usage: throughput DIRECTORY [MIB] [REPETITIONS]")?);
    let mebibytes: usize = arguments.next().map_or(Ok(1024), |text| text.parse())?;
    let repetitions: usize = arguments.next().map_or(Ok(3), |text| text.parse())?;
    let direct = |queue, preallocate_bytes| Options { io: Io::Direct, queue, preallocate_bytes, ..Options::default() };
    let total = (mebibytes as u64) << 20;
    let ways = [
        ("std::fs::File", None),
        ("buffered", Some(Options::default())),
        ("direct-pwrite", Some(direct(Queue::Pwrite, 0))),
        ("direct-pwrite, preallocated", Some(direct(Queue::Pwrite, total))),
        ("direct-io_uring", Some(direct(Queue::IoUring, 0))),
        ("direct-io_uring, preallocated", Some(direct(Queue::IoUring, total))),
    ];
    let data = vec![7; CALL_BYTES];
    let mut best: Vec<Option<Sample>> = ways.iter().map(|_| None).collect();
    for _ in 0..repetitions {
        for ((_, options), best) in ways.iter().zip(&mut best) {
            let sample = measure(&directory.join("throughput.tmp"), options.as_ref(), &data, total)?;
            if best.as_ref().is_none_or(|best| sample.seconds < best.seconds) {
                *best = Some(sample);
            }
        }
    }
    let base = best[0].as_ref().map_or(f64::NAN, |sample| sample.seconds);
    println!("best of {repetitions}, {mebibytes} MiB in calls of {CALL_BYTES} bytes, to the end of fdatasync");
    for ((name, _), sample) in ways.iter().zip(best.iter().flatten()) {
        let Sample { seconds, processor_seconds } = sample;
        let speed = total as f64 / seconds / 1e9;
        let ratio = base / seconds;
        println!("{name:31} {seconds:6.2} s  {speed:5.2} GB/s  {ratio:5.2} times  {processor_seconds:5.2} s of CPU");
    }
    Ok(())
}

fn measure(path: &Path, options: Option<&Options>, data: &[u8], total: u64) -> Result<Sample, Box<dyn Error>> {
    let calls = total / data.len() as u64;
    let processor_before = processor_seconds();
    let began = Instant::now();
    if let Some(options) = options {
        let mut sink = Sink::create(path, options)?;
        for _ in 0..calls {
            sink.write_all(data)?;
        }
        sink.finish()?;
    } else {
        let mut file = File::create_new(path)?;
        for _ in 0..calls {
            file.write_all(data)?;
        }
    }
    File::open(path)?.sync_data()?;
    let sample =
        Sample { seconds: began.elapsed().as_secs_f64(), processor_seconds: processor_seconds() - processor_before };
    fs::remove_file(path)?;
    Ok(sample)
}

/// Of this process, its kernel workers included.
fn processor_seconds() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is writable.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}
