//! Time: CLOCK_MONOTONIC in nanoseconds, the clock that the harness stamps the spawn with.

use crate::crossing::NsPerBatch;
use crate::protocol::CallTimes;

/// Nanoseconds of CLOCK_MONOTONIC.
pub fn now_ns() -> u64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is valid; CLOCK_MONOTONIC exists on every Linux, so the call cannot fail.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &raw mut time) };
    u64::try_from(time.tv_sec).unwrap_or(0) * 1_000_000_000 + u64::try_from(time.tv_nsec).unwrap_or(0)
}

/// Runs `work` and adds its duration to `busy`.
pub fn timed<T>(busy: &mut u64, work: impl FnOnce() -> T) -> T {
    let begun = now_ns();
    let result = work();
    *busy += now_ns() - begun;
    result
}

/// Durations of the calls of one kind, all kept, so that percentiles are exact.
#[derive(Debug, Default)]
pub struct Calls {
    durations_ns: Vec<u64>,
}

impl Calls {
    /// Adds one call.
    pub fn add(&mut self, duration_ns: u64) {
        self.durations_ns.push(duration_ns);
    }

    /// Number of calls.
    pub fn count(&self) -> u64 {
        self.durations_ns.len() as u64
    }

    /// The same with mean and its margin at 95 %, for calls of which there are many.
    pub fn per_batch(self) -> NsPerBatch {
        let count = self.durations_ns.len() as f64;
        let mean = self.durations_ns.iter().map(|&ns| ns as f64).sum::<f64>() / count;
        let squares = self.durations_ns.iter().map(|&ns| (ns as f64 - mean).powi(2)).sum::<f64>();
        let margin = 1.96 * (squares / (count - 1.0)).sqrt() / count.sqrt();
        let min = self.durations_ns.iter().min().copied().unwrap_or(0) as f64;
        let CallTimes { p50, p99, max, .. } = self.times();
        NsPerBatch { mean, margin, p50: p50 as f64, p99: p99 as f64, min, max: max as f64 }
    }

    /// Percentiles by nearest rank: the smallest duration that at least the given share of calls did not exceed.
    pub fn times(mut self) -> CallTimes {
        self.durations_ns.sort_unstable();
        let count = self.durations_ns.len();
        let at = |percent: usize| {
            let rank = (count * percent).div_ceil(100).max(1);
            self.durations_ns.get(rank - 1).copied().unwrap_or(0)
        };
        CallTimes { count: count as u64, p50: at(50), p99: at(99), max: at(100) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times_of(durations_ns: Vec<u64>) -> (u64, u64, u64, u64) {
        let times = Calls { durations_ns }.times();
        (times.count, times.p50, times.p99, times.max)
    }

    #[test]
    fn percentiles_are_by_nearest_rank() {
        assert_eq!(times_of(vec![]), (0, 0, 0, 0));
        assert_eq!(times_of(vec![7]), (1, 7, 7, 7));
        assert_eq!(times_of(vec![4, 1, 3, 2]), (4, 2, 4, 4));
        assert_eq!(times_of((1..=100).rev().collect()), (100, 50, 99, 100));
        assert_eq!(times_of((1..=1000).collect()), (1000, 500, 990, 1000));
    }

    #[test]
    fn the_clock_does_not_go_back_and_timed_adds_up() {
        let mut busy = 0;
        let begun = now_ns();
        timed(&mut busy, || std::thread::sleep(std::time::Duration::from_millis(5)));
        timed(&mut busy, || std::thread::sleep(std::time::Duration::from_millis(5)));
        assert!(busy >= 10_000_000, "{busy}");
        assert!(now_ns() - begun >= busy);
    }
}
