//! The files of a job's directory from outside the writer: stamps, durability, removal.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

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

    /// The files that hold data: neither links nor sockets.
    pub fn regular_files(&self) -> impl Iterator<Item = &PathBuf> {
        self.files.iter().filter(|path| path.symlink_metadata().is_ok_and(|file| file.is_file()))
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
            let modified = i128::from(metadata.mtime()) * 1_000_000_000 + i128::from(metadata.mtime_nsec());
            Ok(FileStamp {
                path: path.strip_prefix(directory).unwrap_or(path).to_string_lossy().into_owned(),
                bytes: metadata.size(),
                mtime_ns: modified.to_string(),
                inode: metadata.ino().to_string(),
            })
        })
        .collect()
}

/// fsync of every file below the directory, then of every directory from the deepest up to and including itself.
///
/// # Errors
/// When something cannot be opened or synced; the failure names it.
pub fn make_durable(directory: &Path) -> Result<(), Failure> {
    let tree = Tree::of(directory)
        .map_err(|error| Failure::system(Step::Sync, format_args!("listing {}", directory.display()), &error))?;
    let directories = tree.directories.iter().rev().map(PathBuf::as_path).chain([directory]);
    for path in tree.regular_files().map(PathBuf::as_path).chain(directories) {
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
