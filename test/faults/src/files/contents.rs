//! What lies on disk, to be compared before and after.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hasher};
use std::io::{self, BufRead, BufReader};
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

/// A hash of the bytes of each file, with its length.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Contents(BTreeMap<PathBuf, (u64, u64)>);

impl Contents {
    pub fn of(target: &Path) -> io::Result<Self> {
        files(target)?.into_iter().map(|path| hash(&path).map(|hash| (path, hash))).collect::<io::Result<_>>().map(Self)
    }
}

fn hash(path: &Path) -> io::Result<(u64, u64)> {
    let mut reader = BufReader::with_capacity(1 << 20, File::open(path)?);
    let (mut hasher, mut length) = (DefaultHasher::new(), 0);
    loop {
        let bytes = reader.fill_buf()?;
        if bytes.is_empty() {
            return Ok((length, hasher.finish()));
        }
        hasher.write(bytes);
        let taken = bytes.len();
        length += taken as u64;
        reader.consume(taken);
    }
}

/// All files at and below `target`, in the order of their names.
pub(crate) fn files(target: &Path) -> io::Result<Vec<PathBuf>> {
    if !target.is_dir() {
        return Ok(if target.exists() { vec![target.to_owned()] } else { vec![] });
    }
    let entries = fs::read_dir(target)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    let below = entries.iter().map(|path| files(path)).collect::<io::Result<Vec<_>>>()?;
    let mut all: Vec<PathBuf> = below.into_iter().flatten().collect();
    all.sort();
    Ok(all)
}

/// Takes the files out of the page cache, into which comparing them brought them: a direct write leaves none of them there.
pub(crate) fn settle(target: &Path) -> io::Result<()> {
    for path in files(target)? {
        let file = File::open(path)?;
        file.sync_all()?;
        // SAFETY: the descriptor is open; it is advice, and nothing depends on its being taken.
        unsafe { libc::posix_fadvise(file.as_raw_fd(), 0, 0, libc::POSIX_FADV_DONTNEED) };
    }
    Ok(())
}
