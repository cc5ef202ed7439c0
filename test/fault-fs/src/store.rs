//! The folder behind the mount: `live` holds what programs see, `synced` copies of files as last synced, and `after` what
//! is left once the power was cut.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::calls::{Call, Calls, Effect, Rule, short_of};
use crate::disk::{Disk, Id, ROOT, Survivor};

fn errno(number: i32) -> io::Error {
    io::Error::from_raw_os_error(number)
}

/// An open file.
#[derive(Debug)]
struct Opened {
    id: Id,
    file: File,
    /// O_DIRECT.
    direct: bool,
    /// O_SYNC or O_DSYNC: each write is durable.
    sync: bool,
}

/// What is done to a call that goes on.
#[derive(Debug, PartialEq, Eq)]
enum Go {
    Whole,
    Short,
}

/// The disk, its files and its faults.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    disk: Disk<PathBuf>,
    calls: Calls,
    write_delay: Duration,
    opened: HashMap<u64, Opened>,
    next_handle: u64,
    /// Written since they were last synced, or never synced.
    dirty: HashSet<Id>,
    next_copy: u64,
    hits: Vec<PathBuf>,
    cut: bool,
}

impl Store {
    /// A store in a folder of its own. What already lies in its `live` is durable.
    ///
    /// # Errors
    /// When its folders cannot be made, or what lies there cannot be copied.
    pub fn open(folder: &Path, rules: Vec<Rule>, write_delay: Duration) -> io::Result<Self> {
        let mut store = Self {
            folder: folder.to_owned(),
            disk: Disk::default(),
            calls: Calls::new(rules),
            write_delay,
            opened: HashMap::new(),
            next_handle: 1,
            dirty: HashSet::new(),
            next_copy: 0,
            hits: Vec::new(),
            cut: false,
        };
        for name in ["live", "synced"] {
            fs::create_dir_all(folder.join(name))?;
        }
        store.take_in(ROOT)?;
        Ok(store)
    }

    fn take_in(&mut self, directory: Id) -> io::Result<()> {
        for entry in fs::read_dir(self.path(directory)?)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                let id = self.disk.make_directory(directory, &entry.file_name());
                self.take_in(id)?;
            } else {
                let id = self.disk.make_file(directory, &entry.file_name());
                let copy = self.copy_of(&entry.path())?;
                self.disk.sync_file(id, copy);
            }
        }
        self.disk.sync_directory(directory);
        Ok(())
    }

    /// Calls so far.
    pub fn calls(&self) -> &Calls {
        &self.calls
    }

    /// Of which file each call was that something was done to.
    pub fn hits(&self) -> &[PathBuf] {
        &self.hits
    }

    /// Cuts the power: what is not durable is gone, and every later call fails with EIO. `after` holds the rest.
    ///
    /// # Errors
    /// When `after` cannot be written.
    pub fn cut_power(&mut self) -> io::Result<()> {
        if std::mem::replace(&mut self.cut, true) {
            return Ok(());
        }
        let after = self.folder.join("after");
        fs::create_dir(&after)?;
        for (path, survivor) in self.disk.survivors() {
            let path = after.join(path);
            match survivor {
                Survivor::Directory => fs::create_dir(path)?,
                Survivor::File(Some(copy)) => drop(fs::copy(copy, path)?),
                Survivor::File(None) => drop(File::create_new(path)?),
            }
        }
        Ok(())
    }

    /// Fails once the power is cut.
    ///
    /// # Errors
    /// EIO.
    pub fn powered(&self) -> io::Result<()> {
        if self.cut { Err(errno(libc::EIO)) } else { Ok(()) }
    }

    /// Counts a call on a file, and does to it what the rules say.
    fn go(&mut self, call: Call, file: Option<PathBuf>) -> io::Result<Go> {
        self.powered()?;
        let Some(effect) = self.calls.count(call) else {
            return Ok(Go::Whole);
        };
        if effect == Effect::Short {
            return Ok(Go::Short);
        }
        self.hits.push(file.unwrap_or_default());
        match effect {
            Effect::Errno(number) => Err(errno(number)),
            _ => self.cut_power().and(Err(errno(libc::EIO))),
        }
    }

    fn named(&self, directory: Id, name: &OsStr) -> Option<PathBuf> {
        Some(self.disk.path(directory)?.join(name))
    }

    fn file_of(&self, handle: u64) -> Option<PathBuf> {
        self.disk.path(self.opened.get(&handle)?.id)
    }

    fn path(&self, id: Id) -> io::Result<PathBuf> {
        let path = self.disk.path(id).ok_or_else(|| errno(libc::ENOENT))?;
        Ok(self.folder.join("live").join(path))
    }

    fn find(&self, directory: Id, name: &OsStr) -> io::Result<Id> {
        self.disk.find(directory, name).ok_or_else(|| errno(libc::ENOENT))
    }

    fn copy_of(&mut self, file: &Path) -> io::Result<PathBuf> {
        self.next_copy += 1;
        let copy = self.folder.join("synced").join(self.next_copy.to_string());
        fs::copy(file, &copy)?;
        Ok(copy)
    }

    fn handle(&mut self, opened: Opened) -> u64 {
        let handle = self.next_handle;
        self.next_handle += 1;
        self.opened.insert(handle, opened);
        handle
    }

    fn of_handle(&self, handle: u64) -> io::Result<&Opened> {
        self.opened.get(&handle).ok_or_else(|| errno(libc::EBADF))
    }

    // ------------------------------------------------------------------------------------------------------ looking

    /// What has this name.
    ///
    /// # Errors
    /// ENOENT, or those of lstat.
    pub fn look_up(&self, directory: Id, name: &OsStr) -> io::Result<(Id, Metadata)> {
        self.powered()?;
        let id = self.find(directory, name)?;
        Ok((id, self.metadata(id)?))
    }

    /// Of a file or directory, also of one that is open and has no name any more.
    ///
    /// # Errors
    /// ENOENT, or those of lstat.
    pub fn metadata(&self, id: Id) -> io::Result<Metadata> {
        self.powered()?;
        match self.path(id) {
            Ok(path) => path.symlink_metadata(),
            Err(gone) => self.opened.values().find(|opened| opened.id == id).ok_or(gone)?.file.metadata(),
        }
    }

    /// Names in a directory, with what they are of and whether those are directories.
    ///
    /// # Errors
    /// EIO without power.
    pub fn list(&self, directory: Id) -> io::Result<Vec<(Id, bool, std::ffi::OsString)>> {
        self.powered()?;
        Ok(self.disk.list(directory).map(|(name, id)| (id, self.disk.is_directory(id), name.to_owned())).collect())
    }

    /// Of the file system behind.
    ///
    /// # Errors
    /// Those of statvfs.
    pub fn statistics(&self) -> io::Result<libc::statvfs> {
        self.powered()?;
        let file = File::open(self.folder.join("live"))?;
        // SAFETY: all zeroes are a valid statvfs.
        let mut statistics: libc::statvfs = unsafe { std::mem::zeroed() };
        // SAFETY: the descriptor is open and the struct is ours.
        if unsafe { libc::fstatvfs(file.as_raw_fd(), &raw mut statistics) } == 0 {
            Ok(statistics)
        } else {
            Err(io::Error::last_os_error())
        }
    }

    // -------------------------------------------------------------------------------------------------------- names

    /// A new file, opened; a file of that name is opened where there is one.
    ///
    /// # Errors
    /// Injected ones, and those of open.
    pub fn create(&mut self, directory: Id, name: &OsStr, mode: u32, flags: i32) -> io::Result<(Id, Metadata, u64)> {
        if self.disk.find(directory, name).is_some() && flags & libc::O_EXCL == 0 {
            let id = self.find(directory, name)?;
            let handle = self.open_file(id, flags)?;
            return Ok((id, self.metadata(id)?, handle));
        }
        self.go(Call::Create, self.named(directory, name))?;
        let path = self.path(directory)?.join(name);
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(mode | 0o600).open(path)?;
        let metadata = file.metadata()?;
        let id = self.disk.make_file(directory, name);
        self.dirty.insert(id);
        let handle = self.handle(Opened { id, file, direct: is_direct(flags), sync: is_sync(flags) });
        Ok((id, metadata, handle))
    }

    /// A new directory.
    ///
    /// # Errors
    /// Injected ones, and those of mkdir.
    pub fn make_directory(&mut self, directory: Id, name: &OsStr, mode: u32) -> io::Result<(Id, Metadata)> {
        self.go(Call::Mkdir, self.named(directory, name))?;
        let path = self.path(directory)?.join(name);
        DirBuilder::new().mode(mode | 0o700).create(&path)?;
        Ok((self.disk.make_directory(directory, name), path.symlink_metadata()?))
    }

    /// One more name of a file.
    ///
    /// # Errors
    /// Injected ones, and those of link.
    pub fn link(&mut self, id: Id, directory: Id, name: &OsStr) -> io::Result<Metadata> {
        self.go(Call::Link, self.named(directory, name))?;
        let path = self.path(directory)?.join(name);
        fs::hard_link(self.path(id)?, &path)?;
        self.disk.link(id, directory, name);
        path.symlink_metadata()
    }

    /// Gives what has the first name the second one.
    ///
    /// # Errors
    /// Injected ones, EINVAL for what is no plain rename, and those of rename.
    pub fn rename(&mut self, from: (Id, &OsStr), to: (Id, &OsStr), flags: u32) -> io::Result<()> {
        self.go(Call::Rename, self.named(to.0, to.1))?;
        if flags & !libc::RENAME_NOREPLACE != 0 {
            return Err(errno(libc::EINVAL));
        }
        if flags & libc::RENAME_NOREPLACE != 0 && self.disk.find(to.0, to.1).is_some() {
            return Err(errno(libc::EEXIST));
        }
        fs::rename(self.path(from.0)?.join(from.1), self.path(to.0)?.join(to.1))?;
        if self.find(from.0, from.1).ok() != self.find(to.0, to.1).ok() {
            self.disk.rename(from, to);
        }
        Ok(())
    }

    /// Removes a name of a file.
    ///
    /// # Errors
    /// Injected ones, and those of unlink.
    pub fn unlink(&mut self, directory: Id, name: &OsStr) -> io::Result<()> {
        self.go(Call::Unlink, self.named(directory, name))?;
        fs::remove_file(self.path(directory)?.join(name))?;
        self.disk.remove(directory, name);
        Ok(())
    }

    /// Removes an empty directory.
    ///
    /// # Errors
    /// Injected ones, and those of rmdir.
    pub fn remove_directory(&mut self, directory: Id, name: &OsStr) -> io::Result<()> {
        self.go(Call::Rmdir, self.named(directory, name))?;
        fs::remove_dir(self.path(directory)?.join(name))?;
        self.disk.remove(directory, name);
        Ok(())
    }

    // -------------------------------------------------------------------------------------------------------- files

    /// Opens a file; its handle.
    ///
    /// # Errors
    /// Injected ones, and those of open.
    pub fn open_file(&mut self, id: Id, flags: i32) -> io::Result<u64> {
        self.go(Call::Open, self.disk.path(id))?;
        // Written for reading too: a sync copies the file by this descriptor.
        let writes = flags & libc::O_ACCMODE != libc::O_RDONLY;
        let file = OpenOptions::new().read(true).write(writes).open(self.path(id)?)?;
        Ok(self.handle(Opened { id, file, direct: is_direct(flags), sync: is_sync(flags) }))
    }

    /// Reads at an offset; less than asked for at the end only.
    ///
    /// # Errors
    /// Injected ones, and those of read.
    pub fn read(&mut self, handle: u64, offset: u64, length: usize) -> io::Result<Vec<u8>> {
        self.go(Call::Read, self.file_of(handle))?;
        let file = &self.of_handle(handle)?.file;
        let mut bytes = vec![0; length];
        let mut read = 0;
        while read < length {
            match file.read_at(&mut bytes[read..], offset + read as u64)? {
                0 => break,
                more => read += more,
            }
        }
        bytes.truncate(read);
        Ok(bytes)
    }

    /// Writes at an offset; the bytes taken.
    ///
    /// # Errors
    /// Injected ones, and those of write.
    pub fn write(&mut self, handle: u64, offset: u64, bytes: &[u8]) -> io::Result<usize> {
        let go = self.go(Call::Write, self.file_of(handle))?;
        if !self.write_delay.is_zero() {
            std::thread::sleep(self.write_delay);
        }
        let (id, direct, sync) = self.of_handle(handle).map(|opened| (opened.id, opened.direct, opened.sync))?;
        let taken = match (go, short_of(bytes.len(), direct)) {
            (Go::Short, Some(less)) => {
                self.hits.push(self.disk.path(id).unwrap_or_default());
                less
            }
            _ => bytes.len(),
        };
        self.of_handle(handle)?.file.write_all_at(&bytes[..taken], offset)?;
        self.dirty.insert(id);
        if sync {
            self.make_durable(handle)?;
        }
        Ok(taken)
    }

    /// Sets the length of a file.
    ///
    /// # Errors
    /// Injected ones, and those of truncate.
    pub fn truncate(&mut self, id: Id, length: u64) -> io::Result<()> {
        self.go(Call::Truncate, self.disk.path(id))?;
        OpenOptions::new().write(true).open(self.path(id)?)?.set_len(length)?;
        self.dirty.insert(id);
        Ok(())
    }

    /// fallocate(2).
    ///
    /// # Errors
    /// Injected ones, and those of fallocate.
    pub fn allocate(&mut self, handle: u64, offset: u64, length: u64, mode: i32) -> io::Result<()> {
        self.go(Call::Fallocate, self.file_of(handle))?;
        let opened = self.of_handle(handle)?;
        // SAFETY: the descriptor is open; the call touches no memory.
        let result = unsafe { libc::fallocate(opened.file.as_raw_fd(), mode, offset as i64, length as i64) };
        if result != 0 {
            return Err(io::Error::last_os_error());
        }
        self.dirty.insert(opened.id);
        Ok(())
    }

    /// Permissions and times; neither is part of the model.
    ///
    /// # Errors
    /// Those of chmod and utimensat.
    pub fn set_attributes(&self, id: Id, mode: Option<u32>, times: Option<fs::FileTimes>) -> io::Result<()> {
        use std::os::unix::fs::PermissionsExt;
        self.powered()?;
        let path = self.path(id)?;
        if let Some(mode) = mode {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode & 0o7777))?;
        }
        if let Some(times) = times {
            File::open(&path)?.set_times(times)?;
        }
        Ok(())
    }

    /// close(2) of a descriptor.
    ///
    /// # Errors
    /// Injected ones.
    pub fn flush(&mut self, handle: u64) -> io::Result<()> {
        self.go(Call::Flush, self.file_of(handle)).map(drop)
    }

    /// Nobody uses the handle any more.
    pub fn release(&mut self, handle: u64) {
        self.opened.remove(&handle);
    }

    /// fsync and fdatasync of a file.
    ///
    /// # Errors
    /// Injected ones, and those of copying the file.
    pub fn sync_file(&mut self, handle: u64) -> io::Result<()> {
        self.go(Call::Fsync, self.file_of(handle))?;
        self.make_durable(handle)
    }

    fn make_durable(&mut self, handle: u64) -> io::Result<()> {
        let opened = self.of_handle(handle)?;
        let id = opened.id;
        // By its descriptor: the file may have no name any more.
        let path = PathBuf::from(format!("/proc/self/fd/{}", opened.file.as_raw_fd()));
        if self.dirty.remove(&id) {
            let copy = self.copy_of(&path)?;
            self.disk.sync_file(id, copy);
        }
        Ok(())
    }

    /// fsync of a directory.
    ///
    /// # Errors
    /// Injected ones.
    pub fn sync_directory(&mut self, id: Id) -> io::Result<()> {
        self.go(Call::Fsyncdir, self.disk.path(id))?;
        self.disk.sync_directory(id);
        Ok(())
    }
}

fn is_direct(flags: i32) -> bool {
    flags & libc::O_DIRECT != 0
}

fn is_sync(flags: i32) -> bool {
    flags & libc::O_DSYNC != 0
}

#[cfg(test)]
#[path = "store_tests.rs"]
mod tests;
