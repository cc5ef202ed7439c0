//! CPU time and counters of this process, read from /proc and getrusage: null is "not measured", never zero.

use std::{fs, io};

use crate::allocations;
use crate::protocol::{Allocations, ContextSwitches, CpuTime, IoCounters, PageFaults};

/// Lets malloc keep and reuse what it has: by default glibc maps every buffer above 128 KiB anew and gives it back, which
/// doubles the time of generating in batches of 8,192 rows. At the start of the process, before any thread.
///
/// # Errors
/// When malloc refuses a setting; names it.
pub fn tune_allocator() -> Result<(), String> {
    const GIBIBYTE: libc::c_int = 1 << 30;
    for (name, parameter) in
        [("M_MMAP_THRESHOLD", libc::M_MMAP_THRESHOLD), ("M_TRIM_THRESHOLD", libc::M_TRIM_THRESHOLD)]
    {
        // SAFETY: changes settings of malloc; no other thread runs yet.
        if unsafe { libc::mallopt(parameter, GIBIBYTE) } != 1 {
            return Err(format!("malloc refused {name} = 1 GiB"));
        }
    }
    Ok(())
}

/// A value of /proc/PID/status given in kB, as bytes.
pub fn status_bytes(status: &str, key: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

/// What a process has used so far; the difference of two is what something took.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    usage: libc::rusage,
    /// Of the children that were waited for; None where `usage` counts them, as that of a child does.
    of_children: Option<libc::rusage>,
    io: Option<[u64; 4]>,
    allocations: Option<[u64; 2]>,
}

impl Usage {
    /// Of this process, all its threads, and its children that were waited for; /proc/self/io counts those too.
    pub fn of_self() -> Self {
        Self {
            usage: usage_of(libc::RUSAGE_SELF),
            of_children: Some(usage_of(libc::RUSAGE_CHILDREN)),
            io: io_counters("self"),
            allocations: allocations::so_far(),
        }
    }

    /// Of a child that has been waited for: `usage` from wait4, `io` read while it was a zombie. It began at nothing.
    pub fn of_child(usage: libc::rusage, io: Option<[u64; 4]>) -> UsedSince {
        UsedSince { from: None, to: Self { usage, of_children: None, io, allocations: None } }
    }

    fn total(&self, of: impl Fn(&libc::rusage) -> i64) -> i64 {
        of(&self.usage) + self.of_children.as_ref().map_or(0, of)
    }

    /// From then to now.
    pub fn until_now(self) -> UsedSince {
        UsedSince { from: Some(self), to: Self::of_self() }
    }
}

fn usage_of(whom: libc::c_int) -> libc::rusage {
    // SAFETY: `rusage` is plain data, for which zeros are a value.
    let mut usage = unsafe { std::mem::zeroed::<libc::rusage>() };
    // SAFETY: `usage` is valid for writing; of oneself and one's children the call cannot fail.
    unsafe { libc::getrusage(whom, &raw mut usage) };
    usage
}

/// The difference of two [`Usage`]s.
#[derive(Debug)]
pub struct UsedSince {
    from: Option<Usage>,
    to: Usage,
}

impl UsedSince {
    fn difference(&self, of: impl Fn(&libc::rusage) -> i64) -> u64 {
        let from = self.from.as_ref().map_or(0, |from| from.total(&of));
        u64::try_from(self.to.total(&of) - from).unwrap_or(0)
    }

    /// Whether children were waited for: none lives without a page fault.
    pub fn had_children(&self) -> bool {
        let faults = |usage: &Usage| usage.of_children.map_or(0, |usage| usage.ru_minflt);
        faults(&self.to) > self.from.as_ref().map_or(0, faults)
    }

    /// CPU time of all threads, and of children.
    pub fn cpu(&self) -> CpuTime {
        let ns = |time: libc::timeval| time.tv_sec * 1_000_000_000 + time.tv_usec * 1_000;
        CpuTime {
            user: self.difference(|usage| ns(usage.ru_utime)),
            system: self.difference(|usage| ns(usage.ru_stime)),
        }
    }

    /// Page faults.
    pub fn page_faults(&self) -> PageFaults {
        PageFaults { minor: self.difference(|usage| usage.ru_minflt), major: self.difference(|usage| usage.ru_majflt) }
    }

    /// Context switches.
    pub fn context_switches(&self) -> ContextSwitches {
        ContextSwitches {
            voluntary: self.difference(|usage| usage.ru_nvcsw),
            involuntary: self.difference(|usage| usage.ru_nivcsw),
        }
    }

    /// Counters of /proc/PID/io.
    pub fn io(&self) -> Option<IoCounters> {
        let to = self.to.io?;
        let from = match &self.from {
            Some(from) => from.io?,
            None => [0; 4],
        };
        let [read_bytes, write_bytes, write_calls, written_chars] =
            std::array::from_fn(|index| to[index].saturating_sub(from[index]));
        Some(IoCounters { read_bytes, write_bytes, write_calls, written_chars })
    }

    /// What was asked of malloc; None where nobody counts, and of children.
    pub fn allocations(&self) -> Option<Allocations> {
        let [count, bytes] = self.to.allocations?;
        let [count_before, bytes_before] = self.from.as_ref()?.allocations?;
        Some(Allocations { count: count - count_before, bytes: bytes - bytes_before })
    }
}

/// read_bytes, write_bytes, syscw and wchar of /proc/PID/io. Readable for a zombie too.
pub fn io_counters(process: &str) -> Option<[u64; 4]> {
    parse_io(&fs::read_to_string(format!("/proc/{process}/io")).ok()?)
}

fn parse_io(text: &str) -> Option<[u64; 4]> {
    let value =
        |key: &str| text.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'))?.trim().parse::<u64>().ok();
    Some([value("read_bytes")?, value("write_bytes")?, value("syscw")?, value("wchar")?])
}

/// A write beyond the limit of a file's size (`ulimit -f`) then fails with EFBIG, instead of killing the process.
pub fn outlive_file_limit() {
    // SAFETY: SIG_IGN runs no code.
    unsafe { libc::signal(libc::SIGXFSZ, libc::SIG_IGN) };
}

/// Lets the kernel end this process when the one that started it ends, so that a dead harness leaves no workers.
///
/// # Errors
/// When prctl fails.
pub fn end_with_parent() -> io::Result<()> {
    // SAFETY: sets a property of this process.
    if unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) } == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_values_are_bytes() {
        let status = "Name:\tworker\nVmHWM:\t  123456 kB\nVmRSS:\t    4096 kB\nVmHWMx:\t 1 kB\n";
        assert_eq!(status_bytes(status, "VmHWM"), Some(123_456 * 1024));
        assert_eq!(status_bytes(status, "VmRSS"), Some(4096 * 1024));
        assert_eq!(status_bytes(status, "VmSwap"), None);
    }

    #[test]
    fn io_needs_all_four_counters() {
        let text = "rchar: 1\nwchar: 2\nsyscr: 3\nsyscw: 4\nread_bytes: 5\nwrite_bytes: 6\ncancelled_write_bytes: 7\n";
        assert_eq!(parse_io(text), Some([5, 6, 4, 2]));
        assert_eq!(parse_io("wchar: 2\nsyscw: 4\nread_bytes: 5\n"), None);
    }

    #[test]
    fn children_that_were_waited_for_count() {
        let of = |seconds, faults| {
            // SAFETY: `rusage` is plain data, for which zeros are a value.
            let zeros = unsafe { std::mem::zeroed::<libc::rusage>() };
            libc::rusage { ru_utime: libc::timeval { tv_sec: seconds, tv_usec: 0 }, ru_minflt: faults, ..zeros }
        };
        let usage = |own, children| Usage { usage: own, of_children: Some(children), io: None, allocations: None };
        let before = usage(of(1, 10), of(2, 20));
        let used = UsedSince { from: Some(before), to: usage(of(4, 15), of(7, 28)) };
        assert_eq!((used.cpu().user, used.page_faults().minor, used.had_children()), (8_000_000_000, 13, true));
        let alone = UsedSince { from: Some(before), to: usage(of(4, 15), of(2, 20)) };
        assert_eq!((alone.cpu().user, alone.had_children()), (3_000_000_000, false));
    }

    #[test]
    fn used_cpu_time_and_written_bytes_grow() {
        let before = Usage::of_self();
        let begun = crate::clock::now_ns();
        let mut value = 1_u64;
        // A busy machine may give this thread little time.
        while before.until_now().cpu().user <= 10_000_000 && crate::clock::now_ns() - begun < 10_000_000_000 {
            for _ in 0..1_000_000 {
                value = std::hint::black_box(value.wrapping_mul(3));
            }
        }
        fs::write("/dev/null", vec![1_u8; 10_000]).expect("/dev/null takes everything");
        let used = before.until_now();
        assert!(used.cpu().user > 10_000_000);
        assert!(used.io().expect("/proc/self/io is readable").written_chars >= 10_000);
    }
}
