//! The processes below this one: what they weigh together, and their end.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::weigh::status_bytes;

/// Time between two looks: a look takes about 0.1 ms a process, so the watch costs some 3 % of one core.
const PERIOD: Duration = Duration::from_millis(3);

/// Lets orphans of this process's descendants become its children, so that no process of a writer is lost from sight.
pub fn adopt_orphans() {
    // SAFETY: sets a property of this process; a kernel that refuses it only leaves orphans to init.
    unsafe { libc::prctl(libc::PR_SET_CHILD_SUBREAPER, 1) };
}

/// All living processes below this one. A zombie is none.
pub fn descendants() -> Vec<libc::pid_t> {
    let mut found = Vec::new();
    let mut pending = vec![libc::pid_t::try_from(std::process::id()).unwrap_or(0)];
    while let Some(process) = pending.pop() {
        for child in children(process) {
            pending.push(child);
            if is_alive(child) {
                found.push(child);
            }
        }
    }
    found
}

/// Whether this process has children, those that have ended and were not waited for among them.
pub fn has_children() -> bool {
    libc::pid_t::try_from(std::process::id()).is_ok_and(|own| !children(own).is_empty())
}

fn children(process: libc::pid_t) -> Vec<libc::pid_t> {
    let Ok(tasks) = fs::read_dir(format!("/proc/{process}/task")) else { return Vec::new() };
    // A list that cannot be read is that of a thread which has just ended; its children have gone to another one.
    let lists = tasks.flatten().filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists.flat_map(|list| list.split_whitespace().filter_map(|child| child.parse().ok()).collect::<Vec<_>>()).collect()
}

fn is_alive(process: libc::pid_t) -> bool {
    let Ok(stat) = fs::read_to_string(format!("/proc/{process}/stat")) else { return false };
    // The name in parentheses may hold anything, so the state is read after the last one.
    let state = stat.rsplit(')').next().and_then(|rest| rest.trim_start().chars().next());
    !matches!(state, Some('Z' | 'X') | None)
}

/// Watches the resident memory of all processes below this one.
#[derive(Debug)]
pub struct TreeWatch {
    peak_bytes: Arc<AtomicU64>,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl TreeWatch {
    /// Starts looking.
    pub fn start() -> Self {
        let (peak_bytes, ended) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let thread = std::thread::spawn({
            let (peak_bytes, ended) = (Arc::clone(&peak_bytes), Arc::clone(&ended));
            move || {
                while !ended.load(Ordering::Relaxed) {
                    peak_bytes.fetch_max(weigh(), Ordering::Relaxed);
                    std::thread::sleep(PERIOD);
                }
            }
        });
        Self { peak_bytes, ended, thread: Some(thread) }
    }

    /// Ends the watch. The peak is the larger of two lower bounds: resident bytes of all processes at one look, and the own
    /// peak (VmHWM) of any one of them; `None` when no look found a process.
    pub fn end(mut self) -> Option<u64> {
        self.stop();
        Some(self.peak_bytes.load(Ordering::Relaxed)).filter(|&bytes| bytes > 0)
    }

    fn stop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // The thread does not panic, and has nothing to give back.
            let _ = thread.join();
        }
    }
}

impl Drop for TreeWatch {
    fn drop(&mut self) {
        self.stop();
    }
}

fn weigh() -> u64 {
    let statuses = descendants()
        .into_iter()
        .filter_map(|process| fs::read_to_string(format!("/proc/{process}/status")).ok())
        .filter_map(|status| Some((status_bytes(&status, "VmRSS")?, status_bytes(&status, "VmHWM")?)));
    let (mut together, mut highest) = (0, 0);
    for (resident, peak) in statuses {
        together += resident;
        highest = highest.max(peak);
    }
    together.max(highest)
}

/// Ends what a writer in this process left running; a sentence, where there was something.
pub fn end_those_of_writer() -> Option<String> {
    let killed = end_leftovers();
    (killed > 0).then(|| left_running("the writer", killed))
}

/// The sentence on processes that had to be killed; the harness knows it by this text.
pub fn left_running(who: &str, killed: usize) -> String {
    let (processes, were) =
        if killed == 1 { ("1 process".to_owned(), "it was") } else { (format!("{killed} processes"), "they were") };
    format!("{who} left {processes} running; {were} killed")
}

/// Kills what a writer left running; how many processes had to be killed. A process that is just ending gets a moment to do so.
pub fn end_leftovers() -> usize {
    let grace = Instant::now() + Duration::from_millis(50);
    while Instant::now() < grace && !descendants().is_empty() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let leftovers = descendants().len();
    let limit = Instant::now() + Duration::from_secs(5);
    while Instant::now() < limit {
        let living = descendants();
        for &process in &living {
            // SAFETY: a descendant of this process, so its number has not been given to a stranger.
            unsafe { libc::kill(process, libc::SIGKILL) };
        }
        reap();
        if living.is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    leftovers
}

/// Collects adopted zombies.
fn reap() {
    // SAFETY: takes any ended child; a command itself has been waited for before.
    while unsafe { libc::waitpid(-1, std::ptr::null_mut(), libc::WNOHANG) } > 0 {}
}
