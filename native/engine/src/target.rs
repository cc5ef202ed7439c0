//! The files of a job's directory from outside the writer: stamps, durability, removal.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::protocol::FileStamp;
use crate::{Failure, Step};

/// What stands below a directory: files and everything else that is no directory, and directories, parents first.
#[derive(Debug, Default)]
pub struct Tree {
    /// Sorted by path.
    pub files: Vec<PathBuf>,
    /// Without the directory itself.
    pub directories: Vec<PathBuf>,
}

impl Tree {
    /// Walks the directory; symbolic links are not followed.
    ///
    /// # Errors
    /// When a directory cannot be listed.
    pub fn of(directory: &Path) -> io::Result<Self> {
        let mut tree = Self::default();
        let mut pending = vec![directory.to_owned()];
        while let Some(current) = pending.pop() {
            for entry in fs::read_dir(&current)? {
                let entry = entry?;
                if entry.file_type()?.is_dir() {
                    tree.directories.push(entry.path());
                    pending.push(entry.path());
                } else {
                    tree.files.push(entry.path());
                }
            }
        }
        tree.files.sort();
        tree.directories.sort();
        Ok(tree)
    }

    /// The files that batches are written to: neither links nor sockets, nor anything in a folder of one of those names.
    pub fn data_files(&self, metadata_folders: &[&str]) -> impl Iterator<Item = &PathBuf> {
        let is_metadata = |path: &Path| {
            path.ancestors()
                .skip(1)
                .filter_map(Path::file_name)
                .any(|name| metadata_folders.iter().any(|one| name == *one))
        };
        self.files
            .iter()
            .filter(move |path| !is_metadata(path) && path.symlink_metadata().is_ok_and(|file| file.is_file()))
    }
}

/// Stamps of all files below the directory, by lstat.
///
/// # Errors
/// When the directory or a file in it cannot be looked at.
pub fn stamps(directory: &Path) -> io::Result<Vec<FileStamp>> {
    Tree::of(directory)?
        .files
        .iter()
        .map(|path| {
            let metadata = path.symlink_metadata()?;
            let text = |seconds, nanoseconds| nanoseconds_since_1970(seconds, nanoseconds).to_string();
            Ok(FileStamp {
                path: path.strip_prefix(directory).unwrap_or(path).to_string_lossy().into_owned(),
                bytes: metadata.size(),
                mtime_ns: text(metadata.mtime(), metadata.mtime_nsec()),
                ctime_ns: text(metadata.ctime(), metadata.ctime_nsec()),
                inode: metadata.ino().to_string(),
            })
        })
        .collect()
}

fn nanoseconds_since_1970(seconds: i64, nanoseconds: i64) -> i128 {
    i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds)
}

/// Waits until a change of a file would give it a later time than it has now. Kernels before 6.13 stamp with a clock that
/// stands still between two ticks, so a change within the tick of the last one would not show.
pub fn outlast(stamps: &[FileStamp]) {
    // A tick is 10 ms at most; a time further ahead is that of another machine.
    const TICKS: Duration = Duration::from_millis(20);
    let latest = stamps.iter().filter_map(|stamp| stamp.ctime_ns.parse::<i128>().ok()).max().unwrap_or(0);
    let begun = Instant::now();
    while begun.elapsed() < TICKS {
        if coarse_ns() > latest {
            return;
        }
        std::thread::sleep(Duration::from_micros(500));
    }
}

/// The clock that older kernels stamp files with.
fn coarse_ns() -> i128 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is valid; the clock exists on every Linux, so the call cannot fail.
    unsafe { libc::clock_gettime(libc::CLOCK_REALTIME_COARSE, &raw mut time) };
    nanoseconds_since_1970(time.tv_sec, time.tv_nsec)
}

/// fsync of every file below the directory, then of every directory from the deepest up to and including itself.
///
/// # Errors
/// When something cannot be opened or synced; the failure names it.
pub fn make_durable(directory: &Path) -> Result<(), Failure> {
    let tree = Tree::of(directory)
        .map_err(|error| Failure::system(Step::Sync, format_args!("listing {}", directory.display()), &error))?;
    let directories = tree.directories.iter().rev().map(PathBuf::as_path).chain([directory]);
    for path in tree.data_files(&[]).map(PathBuf::as_path).chain(directories) {
        open_unfollowed(path)
            .and_then(|file| file.sync_all())
            .map_err(|error| Failure::system(Step::Sync, format_args!("fsync of {}", path.display()), &error))?;
    }
    Ok(())
}

/// Opens for reading, and neither follows a link nor waits for the other end of a pipe.
pub fn open_unfollowed(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK).open(path)
}

/// Removes everything below the directory, which itself stays; true when nothing is left.
pub fn clear(directory: &Path) -> bool {
    let Ok(entries) = fs::read_dir(directory) else { return !directory.exists() };
    for entry in entries.flatten() {
        let is_directory = entry.file_type().is_ok_and(|kind| kind.is_dir());
        // What cannot be removed is seen below.
        let _ = if is_directory { fs::remove_dir_all(entry.path()) } else { fs::remove_file(entry.path()) };
    }
    fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed_at(ctime_ns: i128) -> [FileStamp; 1] {
        let text = |number: &str| number.to_owned();
        [FileStamp {
            path: text("file"),
            bytes: 1,
            mtime_ns: text("0"),
            ctime_ns: ctime_ns.to_string(),
            inode: text("1"),
        }]
    }

    #[test]
    fn a_change_after_the_wait_has_a_later_time() {
        // Ten, because a tick may pass by itself.
        let waits = [(); 10].map(|()| {
            let changed = coarse_ns();
            outlast(&changed_at(changed));
            coarse_ns() > changed
        });
        assert_eq!(waits, [true; 10]);
    }

    #[test]
    fn a_time_of_another_machine_is_not_waited_for() {
        let begun = Instant::now();
        outlast(&changed_at(i128::MAX));
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}
