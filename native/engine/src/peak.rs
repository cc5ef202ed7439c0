//! Resident memory of this process from one moment on, with a watch on the peak, which the writer could reset as well.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crate::protocol::Rss;
use crate::weigh::status_bytes;
use crate::{allocations, run};

/// Time between two samples, of some 6 µs each: together less than a thousandth of one core.
const PERIOD: Duration = Duration::from_millis(20);

/// The warning when the peak went down; the harness knows it by this text.
const WRITER_RESET: &str = "the writer reset the peak RSS of its process";

/// The note where other processes held memory as well.
const NOT_ALONE: &str = "the writer had processes of its own, which are not weighed: peak memory not measured";

/// Resident memory from here on.
#[derive(Debug)]
pub struct Scale {
    before_bytes: u64,
    samples: Arc<Samples>,
    thread: Option<JoinHandle<()>>,
}

/// What has been weighed.
#[derive(Debug)]
pub struct Weight {
    /// The peak is the highest of all samples.
    pub rss: Rss,
    /// A later sample of the peak was lower than an earlier one: somebody else has reset it.
    pub was_reset: bool,
}

impl Scale {
    /// Gives free memory back, so that filling it again counts, and resets the peak (VmHWM) to what is resident now; from
    /// then on a thread samples it. `None` when this kernel does not let the peak be reset.
    pub fn reset() -> Option<Self> {
        // SAFETY: only returns free memory to the system.
        unsafe { libc::malloc_trim(0) };
        fs::write("/proc/self/clear_refs", "5").ok()?;
        let before_bytes = own("VmRSS")?;
        let samples = Arc::new(Samples::default());
        let thread = std::thread::spawn({
            let samples = Arc::clone(&samples);
            move || {
                allocations::leave_out_this_thread();
                while !samples.ended.load(Ordering::Relaxed) {
                    if let Some(peak_bytes) = own("VmHWM") {
                        samples.add(peak_bytes, inexactness_bytes());
                    }
                    std::thread::park_timeout(PERIOD);
                }
            }
        });
        Some(Self { before_bytes, samples, thread: Some(thread) })
    }

    /// The peak since the reset.
    pub fn read(mut self) -> Option<Weight> {
        self.stop();
        self.samples.add(own("VmHWM")?, inexactness_bytes());
        let (before_bytes, peak_bytes) = (self.before_bytes, self.samples.highest_bytes.load(Ordering::Relaxed));
        let rss = Rss { before_bytes, peak_bytes, growth_bytes: peak_bytes.saturating_sub(before_bytes) };
        Some(Weight { rss, was_reset: self.samples.fell.load(Ordering::Relaxed) })
    }

    fn stop(&mut self) {
        self.samples.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // The thread does not panic, and has nothing to give back.
            let _ = thread.join();
        }
    }
}

impl Drop for Scale {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The peak as it is reported, and what is to be said of it. That of the worker alone would pass for the whole where the writer
/// had processes of its own.
pub fn reported(weight: Option<Weight>, had_processes: bool) -> (Option<Rss>, Vec<String>) {
    let mut warnings = Vec::new();
    run::warn_unread(&mut warnings, weight.is_some(), "peak memory of the worker");
    if weight.as_ref().is_some_and(|weight| weight.was_reset) {
        warnings.push(WRITER_RESET.to_owned());
    }
    if had_processes {
        warnings.push(NOT_ALONE.to_owned());
    }
    (weight.filter(|_| !had_processes).map(|weight| weight.rss), warnings)
}

#[derive(Debug, Default)]
struct Samples {
    highest_bytes: AtomicU64,
    fell: AtomicBool,
    ended: AtomicBool,
}

impl Samples {
    fn add(&self, peak_bytes: u64, inexactness_bytes: u64) {
        let highest = self.highest_bytes.fetch_max(peak_bytes, Ordering::Relaxed);
        if peak_bytes.saturating_add(inexactness_bytes) < highest {
            self.fell.store(true, Ordering::Relaxed);
        }
    }
}

/// How far off a count of resident pages may be, so that a peak may seem to fall by as much: Linux counts three kinds of
/// pages, each on every processor by itself up to max(32, 2 × processors) pages (lib/percpu_counter.c).
fn inexactness_bytes() -> u64 {
    // SAFETY: sysconf has no preconditions.
    let [processors, page_bytes] = [libc::_SC_NPROCESSORS_ONLN, libc::_SC_PAGESIZE]
        .map(|name| u64::try_from(unsafe { libc::sysconf(name) }).unwrap_or(1));
    3 * processors * (2 * processors).max(32) * page_bytes
}

fn own(key: &str) -> Option<u64> {
    status_bytes(&fs::read_to_string("/proc/self/status").ok()?, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(peaks: &[u64]) -> (u64, bool) {
        let samples = Samples::default();
        for &peak in peaks {
            samples.add(peak, 10);
        }
        (samples.highest_bytes.into_inner(), samples.fell.into_inner())
    }

    #[test]
    fn the_highest_sample_counts_and_a_fall_beyond_inexactness_shows() {
        assert_eq!(after(&[100, 200, 300]), (300, false));
        assert_eq!(after(&[100, 300, 290]), (300, false));
        assert_eq!(after(&[100, 300, 289]), (300, true));
        assert_eq!(after(&[100, 300, 120, 400]), (400, true));
    }
}
