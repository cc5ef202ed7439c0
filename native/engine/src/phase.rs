//! Says to the outside where a writer is, and has it killed there: one store in a shared mapping a step, so that it is
//! known after a SIGKILL too. Absent, as in every measurement, it is one comparison a step.

use std::cell::Cell;
use std::ffi::c_void;
use std::fs::OpenOptions;
use std::io;
use std::os::fd::AsRawFd;
use std::path::PathBuf;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::Deserialize;

use crate::clock::now_ns;

/// Steps of a repetition. The numbers are those of harness/crash/phases.ts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(u64)]
pub enum Phase {
    /// `create`.
    Create = 1,
    /// The loop over the batches.
    Write = 2,
    /// `flush`.
    Flush = 3,
    /// `close`.
    Close = 4,
    /// The engine's fsync.
    Sync = 5,
    /// All is durable.
    Durable = 6,
}

/// Words of the file, little-endian: the phase; how often `flush` has returned; nanoseconds in each phase, from none on.
const WORDS: usize = 9;

/// Length of the file.
pub const FILE_BYTES: usize = WORDS * size_of::<u64>();

/// When the process is to be killed: so long after it enters a phase for the n-th time.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Kill {
    /// Which phase.
    pub phase: Phase,
    /// From 1.
    pub nth: u64,
    /// From then on.
    pub after_ns: u64,
}

/// What the job wants to be told, and to happen.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PhaseJob {
    /// A file of `FILE_BYTES` bytes.
    pub file: PathBuf,
    /// None in a run that is only watched.
    #[serde(default)]
    pub kill: Option<Kill>,
}

#[derive(Debug)]
struct Watched {
    words: NonNull<[AtomicU64; WORDS]>,
    kill: Option<Kill>,
    entered: Cell<u64>,
    since_ns: Cell<u64>,
}

/// The phases of a job that asks for them.
#[derive(Debug)]
pub struct Phases(Option<Watched>);

impl Phases {
    /// Maps the job's file, which has its length already.
    ///
    /// # Errors
    /// Those of open and mmap; the length is another.
    pub fn open(job: Option<&PhaseJob>) -> io::Result<Self> {
        let Some(PhaseJob { file, kill }) = job else { return Ok(Self(None)) };
        let file = OpenOptions::new().read(true).write(true).open(file)?;
        let length = file.metadata()?.len();
        if length != FILE_BYTES as u64 {
            return Err(io::Error::other(format!("it has {length} bytes, expected {FILE_BYTES}")));
        }
        let access = libc::PROT_READ | libc::PROT_WRITE;
        // SAFETY: a new mapping at an address of the kernel's choice, of a file that is open.
        let mapped =
            unsafe { libc::mmap(std::ptr::null_mut(), FILE_BYTES, access, libc::MAP_SHARED, file.as_raw_fd(), 0) };
        if mapped == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let watched = |words| Watched { words, kill: *kill, entered: Cell::new(0), since_ns: Cell::new(now_ns()) };
        Ok(Self(NonNull::new(mapped.cast()).map(watched)))
    }

    /// The writer is in this phase from now on.
    ///
    /// # Errors
    /// When the timer that is to kill cannot be set.
    pub fn enter(&self, phase: Phase) -> io::Result<()> {
        let Some(watched) = &self.0 else { return Ok(()) };
        let words = watched.words();
        let now = now_ns();
        let last = u64::from_le(words[0].load(Ordering::Relaxed)) as usize;
        let spent = u64::from_le(words[2 + last].load(Ordering::Relaxed)) + now - watched.since_ns.replace(now);
        words[2 + last].store(spent.to_le(), Ordering::Relaxed);
        words[0].store((phase as u64).to_le(), Ordering::Release);
        if let Some(kill) = watched.kill.filter(|kill| kill.phase == phase) {
            watched.entered.set(watched.entered.get() + 1);
            if watched.entered.get() == kill.nth {
                kill_after(kill.after_ns)?;
            }
        }
        Ok(())
    }

    /// So many flushes have returned.
    pub fn flushed(&self, flushes: u64) {
        if let Some(watched) = &self.0 {
            watched.words()[1].store(flushes.to_le(), Ordering::Release);
        }
    }
}

impl Watched {
    fn words(&self) -> &[AtomicU64; WORDS] {
        // SAFETY: mapped until we are dropped, page-aligned, and as long as so many words.
        unsafe { self.words.as_ref() }
    }
}

impl Drop for Watched {
    fn drop(&mut self) {
        // SAFETY: our own mapping, of that length; nobody borrows from it any more.
        unsafe { libc::munmap(self.words.as_ptr().cast::<c_void>(), FILE_BYTES) };
    }
}

/// The kernel kills this process then: no thread of ours has to get the processor for it, however busy the machine.
fn kill_after(nanoseconds: u64) -> io::Result<()> {
    // SAFETY: all zeroes are a valid sigevent.
    let mut event: libc::sigevent = unsafe { std::mem::zeroed() };
    event.sigev_notify = libc::SIGEV_SIGNAL;
    event.sigev_signo = libc::SIGKILL;
    let mut timer: libc::timer_t = std::ptr::null_mut();
    // SAFETY: both structs are ours and valid.
    if unsafe { libc::timer_create(libc::CLOCK_MONOTONIC, &raw mut event, &raw mut timer) } != 0 {
        return Err(io::Error::last_os_error());
    }
    let never = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // A time of zero would disarm it.
    let nanoseconds = nanoseconds.max(1);
    let once = libc::timespec {
        tv_sec: (nanoseconds / 1_000_000_000) as libc::time_t,
        tv_nsec: (nanoseconds % 1_000_000_000) as libc::c_long,
    };
    let setting = libc::itimerspec { it_interval: never, it_value: once };
    // SAFETY: the timer was just made, and the setting is ours.
    if unsafe { libc::timer_settime(timer, 0, &raw const setting, std::ptr::null_mut()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{FILE_BYTES, Phase, PhaseJob, Phases};

    #[test]
    fn phase_flushes_and_times_stand_in_the_file() {
        let path = std::env::temp_dir().join(format!("writeproof-phase-{}", std::process::id()));
        fs::write(&path, [0; FILE_BYTES]).expect("written");
        let job = PhaseJob { file: path.clone(), kill: None };
        let phases = Phases::open(Some(&job)).expect("mapped");
        phases.enter(Phase::Create).expect("entered");
        std::thread::sleep(std::time::Duration::from_millis(2));
        phases.enter(Phase::Close).expect("entered");
        phases.flushed(300);
        let read = fs::read(&path).expect("readable");
        fs::write(&path, [0; 3]).expect("written");
        let refused = Phases::open(Some(&job)).expect_err("too short").to_string();
        drop(phases);
        fs::remove_file(&path).expect("removable");
        let word = |index: usize| u64::from_le_bytes(read[index * 8..][..8].try_into().expect("eight bytes"));
        assert_eq!((word(0), word(1), word(6)), (4, 300, 0));
        assert!((2_000_000..60_000_000_000).contains(&word(3)), "{} ns in create", word(3));
        assert_eq!(refused, "it has 3 bytes, expected 72");
    }

    #[test]
    fn without_a_job_nothing_happens() {
        let none = Phases::open(None).expect("nothing to open");
        none.enter(Phase::Sync).expect("nothing to enter");
        assert!(none.0.is_none());
    }
}
