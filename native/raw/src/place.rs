//! Where a file is written: beside its final name, which it gets when it is whole and durable.

use std::ffi::{CString, OsString};
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::error::RawError;

/// A path that a file is to have in the end, and the one that it has until then.
#[derive(Debug)]
pub(crate) struct Place {
    pub target: PathBuf,
    pub unfinished: PathBuf,
    folder: PathBuf,
    overwrite: bool,
}

impl Place {
    /// Refuses a target that cannot be, before anything is written.
    pub fn of(target: &Path, overwrite: bool) -> Result<Self, RawError> {
        let shown = target.display();
        let folder = match target.parent() {
            Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
            Some(folder) => folder.to_owned(),
            None => return Err(RawError::misuse(format!("{shown} is a directory; expected the path of a file"))),
        };
        let Some(name) = target.file_name() else {
            return Err(RawError::misuse(format!("{shown} names no file")));
        };
        if !folder.is_dir() {
            return Err(RawError::misuse(format!("{} is no directory that exists", folder.display())));
        }
        match fs::symlink_metadata(target) {
            Ok(found) if found.is_dir() => {
                return Err(RawError::misuse(format!("{shown} is a directory; expected the path of a file")));
            }
            Ok(found) if !found.is_file() => {
                return Err(RawError::misuse(format!("{shown} is no ordinary file, and is not replaced")));
            }
            Ok(_) if !overwrite => {
                return Err(RawError::misuse(format!("{shown} exists; choose another path, or ask to overwrite it")));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(RawError::system("looking at it", target, &error)),
        }
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.unfinished", std::process::id()));
        Ok(Self { target: target.to_owned(), unfinished: folder.join(hidden), folder, overwrite })
    }

    /// Makes the file durable, gives it its name, and makes that durable.
    pub fn finish(&self) -> Result<(), RawError> {
        let result = self.sync_and_rename();
        if result.is_err() {
            // The failure says more than why the file stayed.
            let _ = fs::remove_file(&self.unfinished);
        }
        result
    }

    fn sync_and_rename(&self) -> Result<(), RawError> {
        let file = File::open(&self.unfinished).map_err(|error| RawError::system("open", &self.unfinished, &error))?;
        file.sync_all().map_err(|error| RawError::system("fsync", &self.target, &error))?;
        self.rename().map_err(|error| RawError::system("renaming the finished file", &self.target, &error))?;
        let folder = File::open(&self.folder).map_err(|error| RawError::system("open", &self.folder, &error))?;
        folder.sync_all().map_err(|error| RawError::system("fsync", &self.folder, &error))
    }

    fn rename(&self) -> io::Result<()> {
        if self.overwrite {
            return fs::rename(&self.unfinished, &self.target);
        }
        // Not over a file that came meanwhile.
        let path = |path: &Path| CString::new(path.as_os_str().as_bytes());
        let (from, to) = (path(&self.unfinished)?, path(&self.target)?);
        // SAFETY: both paths are NUL-terminated.
        let status = unsafe {
            libc::renameat2(libc::AT_FDCWD, from.as_ptr(), libc::AT_FDCWD, to.as_ptr(), libc::RENAME_NOREPLACE)
        };
        if status == 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        // A file system without this flag.
        if error.raw_os_error() == Some(libc::EINVAL) && !self.target.exists() {
            return fs::rename(&self.unfinished, &self.target);
        }
        Err(error)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Place;

    /// A folder of its own, with a finished file that waits for its name, and another that came meanwhile.
    fn raced(overwrite: bool) -> (std::path::PathBuf, Place) {
        let folder = std::env::temp_dir().join(format!("writeproof-place-{overwrite}-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("it can be written");
        let place = Place::of(&folder.join("x.bin"), overwrite).expect("nothing is there");
        fs::write(&place.unfinished, "ours").expect("it can be written");
        fs::write(&place.target, "theirs").expect("it can be written");
        (folder, place)
    }

    #[test]
    fn a_file_that_came_meanwhile_is_replaced_only_where_asked() {
        let found = [false, true].map(|overwrite| {
            let (folder, place) = raced(overwrite);
            let finished = place.finish().map_err(|error| error.to_string());
            let (content, left) = (fs::read_to_string(&place.target), place.unfinished.exists());
            fs::remove_dir_all(folder).expect("it is ours");
            (finished.is_ok(), content.expect("a file"), left)
        });
        assert_eq!(found, [(false, "theirs".to_owned(), false), (true, "ours".to_owned(), false)]);
    }
}
