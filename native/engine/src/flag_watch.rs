//! Which files were open for writing with O_DIRECT, seen from outside the writer in the descriptors of this process, or of
//! those below it.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use crate::target::Tree;
use crate::{allocations, closing, process_tree};

/// Time between two looks; longer where a look takes long, so that all looks together cost a twentieth of one core at most.
const PERIOD: Duration = Duration::from_millis(1);
const SHARE_OF_CORE: u32 = 20;

/// A file whatever its path: device, inode, and the time of its birth, because a removed file's inode number is given again.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Identity {
    device: u64,
    inode: u64,
    born: Option<SystemTime>,
}

impl Identity {
    /// Of the file that the metadata belong to.
    pub fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino(), born: metadata.created().ok() }
    }
}

/// The files seen so far.
pub type Seen = HashSet<Identity>;

/// What a watch has seen.
#[derive(Debug, Clone)]
pub struct Watched {
    /// Files that were open for writing with O_DIRECT.
    pub seen: Seen,
    /// Folders of files that no batches are written to.
    pub metadata_folders: &'static [&'static str],
}

/// Looks for files that are open for writing with O_DIRECT, whenever a file below a directory has not been seen so.
#[derive(Debug)]
pub struct FlagWatch {
    look: Arc<Look>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Look {
    whose: Whose,
    directory: PathBuf,
    metadata_folders: &'static [&'static str],
    seen: Mutex<Seen>,
    ended: AtomicBool,
}

/// A command may be done soon, and once its files have been seen a look costs next to nothing.
const SHARE_OF_CORE_FOR_COMMANDS: u32 = 2;

/// Whose descriptors are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Of this process, which holds the writer. Those that it closes are seen in any case.
    Own,
    /// Of all processes below this one: a command's.
    Descendants,
}

impl Whose {
    fn share_of_core(self) -> u32 {
        match self {
            Self::Own => SHARE_OF_CORE,
            Self::Descendants => SHARE_OF_CORE_FOR_COMMANDS,
        }
    }
}

impl FlagWatch {
    /// Starts a thread that looks until the end: a file that comes late is one too.
    ///
    /// # Errors
    /// When the directory cannot be resolved.
    pub fn start(whose: Whose, directory: &Path, metadata_folders: &'static [&'static str]) -> io::Result<Self> {
        let directory = directory.canonicalize()?;
        if whose == Whose::Own {
            closing::watch();
        }
        let (seen, ended) = (Mutex::default(), AtomicBool::new(false));
        let look = Arc::new(Look { whose, directory, metadata_folders, seen, ended });
        let thread = std::thread::spawn({
            let look = Arc::clone(&look);
            move || {
                allocations::leave_out_this_thread();
                while !look.ended.load(Ordering::Relaxed) {
                    let begun = Instant::now();
                    look.once();
                    std::thread::sleep(PERIOD.max(begun.elapsed() * look.whose.share_of_core()));
                }
            }
        });
        Ok(Self { look, thread: Some(thread) })
    }

    /// Looks once, on the caller's thread.
    pub fn look(&self) {
        self.look.once();
    }

    /// Looks once before files may be closed that no earlier look has seen, whatever the directory holds.
    pub fn look_before_closing(&self) {
        self.look.seen().extend(open_direct(self.look.whose));
    }

    /// Ends the looking; the files seen.
    pub fn end(&self) -> Watched {
        self.look.ended.store(true, Ordering::Relaxed);
        let seen = &*self.look.seen() | &closing::seen();
        Watched { seen, metadata_folders: self.look.metadata_folders }
    }
}

impl Drop for FlagWatch {
    fn drop(&mut self) {
        self.look.ended.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // The thread does not panic, and has nothing to give back.
            let _ = thread.join();
        }
    }
}

impl Look {
    fn once(&self) {
        let mut seen = self.seen();
        if !covers(&seen, &self.directory, self.metadata_folders) {
            seen.extend(open_direct(self.whose));
        }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// There are files below the directory, and each of them has been seen.
fn covers(seen: &Seen, directory: &Path, metadata_folders: &[&str]) -> bool {
    let Ok(tree) = Tree::of(directory) else { return false };
    let mut files = tree.data_files(metadata_folders).filter_map(|path| path.symlink_metadata().ok());
    !seen.is_empty()
        && files.by_ref().next().is_some_and(|first| seen.contains(&Identity::of(&first)))
        && files.all(|file| seen.contains(&Identity::of(&file)))
}

fn open_direct(whose: Whose) -> Seen {
    match whose {
        Whose::Own => open_direct_in("self"),
        Whose::Descendants => {
            process_tree::descendants().iter().flat_map(|process| open_direct_in(&process.to_string())).collect()
        }
    }
}

fn open_direct_in(process: &str) -> Seen {
    let folder = Path::new("/proc").join(process);
    let Ok(descriptors) = fs::read_dir(folder.join("fd")) else { return Seen::new() };
    let direct = descriptors.flatten().filter(|descriptor| {
        fs::read_to_string(folder.join("fdinfo").join(descriptor.file_name())).is_ok_and(|info| writes_directly(&info))
    });
    // Metadata of what is open, without opening it again.
    direct.filter_map(|descriptor| Some(Identity::of(&fs::metadata(descriptor.path()).ok()?))).collect()
}

/// Reads the octal `flags:` of a /proc/PID/fdinfo text. O_DIRECT of a descriptor that cannot write says nothing.
fn writes_directly(info: &str) -> bool {
    info.lines()
        .find_map(|line| line.strip_prefix("flags:"))
        .and_then(|flags| libc::c_int::from_str_radix(flags.trim(), 8).ok())
        .is_some_and(closing::write_directly)
}

#[cfg(test)]
mod tests {
    use std::fs::OpenOptions;
    use std::os::unix::fs::OpenOptionsExt;

    use super::*;

    fn info(flags: libc::c_int) -> String {
        format!("pos:\t0\nflags:\t0{flags:o}\nmnt_id:\t29\n")
    }

    #[test]
    fn the_flags_are_read_as_octal_and_must_allow_writing() {
        assert!(writes_directly(&info(libc::O_DIRECT | libc::O_WRONLY | libc::O_CLOEXEC)));
        assert!(writes_directly(&info(libc::O_DIRECT | libc::O_RDWR)));
        assert!(!writes_directly(&info(libc::O_WRONLY | libc::O_CLOEXEC)));
        assert!(!writes_directly(&info(libc::O_DIRECT | libc::O_RDONLY)));
        assert!(!writes_directly("pos:\t0\n"));
    }

    #[test]
    fn a_directory_is_covered_when_each_of_its_files_has_been_seen() {
        let directory = std::env::temp_dir().join(format!("writeproof-covers-{}", std::process::id()));
        fs::create_dir_all(directory.join("below")).expect("a writable temporary directory");
        fs::create_dir_all(directory.join("_versions")).expect("a writable temporary directory");
        fs::write(directory.join("_versions/of metadata"), "x").expect("writable");
        let covers = |seen: &Seen, directory: &Path| covers(seen, directory, &["_versions"]);
        let identity = |name: &str| {
            fs::write(directory.join(name), "x").expect("writable");
            Identity::of(&fs::metadata(directory.join(name)).expect("just written"))
        };
        let empty = covers(&Seen::new(), &directory);
        let (one, other) = (identity("one"), identity("below/other"));
        let cases = [vec![], vec![one.clone()], vec![other.clone()], vec![one, other]];
        let covered = cases.map(|seen| covers(&seen.into_iter().collect(), &directory));
        fs::remove_dir_all(&directory).expect("our own directory");
        assert!(!empty);
        assert_eq!(covered, [false, false, false, true]);
    }

    #[test]
    fn a_file_that_comes_after_the_first_is_seen_too() {
        // Beside the test's own program, because a temporary directory may be in memory, without O_DIRECT.
        let program = std::env::current_exe().expect("Linux knows it");
        let directory = program.with_file_name(format!("writeproof-watch-{}", std::process::id()));
        fs::create_dir_all(&directory).expect("cargo builds there");
        let watch = FlagWatch::start(Whose::Own, &directory, &[]).expect("the directory is there");
        let seen_within_seconds = ["one", "other"].map(|name| {
            let path = directory.join(name);
            let file = OpenOptions::new().write(true).create(true).custom_flags(libc::O_DIRECT).open(&path);
            let identity = Identity::of(&file.as_ref().expect("O_DIRECT works").metadata().expect("open"));
            let begun = Instant::now();
            while begun.elapsed() < Duration::from_secs(10) && !watch.look.is_seen(&identity) {
                std::thread::sleep(PERIOD);
            }
            watch.look.is_seen(&identity)
        });
        let covered = covers(&watch.end().seen, &directory, &[]);
        fs::remove_dir_all(&directory).expect("our own directory");
        assert_eq!(seen_within_seconds, [true, true]);
        assert!(covered);
    }

    impl Look {
        fn is_seen(&self, identity: &Identity) -> bool {
            self.seen.lock().expect("no look panics").contains(identity)
        }
    }

    #[test]
    fn a_file_born_later_with_the_same_inode_number_is_another() {
        let file =
            |born| Identity { device: 1, inode: 2, born: Some(SystemTime::UNIX_EPOCH + Duration::from_secs(born)) };
        assert_ne!(file(3), file(4));
    }
}
