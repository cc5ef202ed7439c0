//! The store as FUSE asks for it.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{FileTimes, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use fuser::{
    BsdFileFlags, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo, InitFlags,
    KernelConfig, LockOwner, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory, ReplyEmpty,
    ReplyEntry, ReplyOpen, ReplyStatfs, ReplyWrite, Request, TimeOrNow, WriteFlags,
};

use crate::disk::Id;
use crate::store::Store;

/// Names and attributes are asked for each time: what a cut takes away is gone at once.
const FRESH: Duration = Duration::ZERO;

type Listing = Vec<(Id, bool, OsString)>;

/// A mounted store. The control has the other end.
#[derive(Debug)]
pub struct FaultFileSystem {
    store: Arc<Mutex<Store>>,
    /// Of open directories.
    listings: Mutex<HashMap<u64, Listing>>,
}

/// A panic in one call spoils no other.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn attributes(id: Id, metadata: &Metadata) -> FileAttr {
    let time = |seconds: i64, nanoseconds: i64| {
        SystemTime::UNIX_EPOCH + Duration::new(seconds.max(0) as u64, nanoseconds.max(0) as u32)
    };
    FileAttr {
        ino: INodeNo(id),
        size: metadata.size(),
        blocks: metadata.blocks(),
        atime: time(metadata.atime(), metadata.atime_nsec()),
        mtime: time(metadata.mtime(), metadata.mtime_nsec()),
        ctime: time(metadata.ctime(), metadata.ctime_nsec()),
        crtime: SystemTime::UNIX_EPOCH,
        kind: if metadata.is_dir() { FileType::Directory } else { FileType::RegularFile },
        perm: (metadata.mode() & 0o7777) as u16,
        nlink: metadata.nlink() as u32,
        uid: metadata.uid(),
        gid: metadata.gid(),
        rdev: 0,
        blksize: 4096,
        flags: 0,
    }
}

/// Each write(2) is to be one FUSE write, and to see its result: files opened for writing go past the page cache.
fn open_flags(flags: i32) -> FopenFlags {
    if flags & libc::O_ACCMODE == libc::O_RDONLY { FopenFlags::empty() } else { FopenFlags::FOPEN_DIRECT_IO }
}

fn file_times(atime: Option<TimeOrNow>, mtime: Option<TimeOrNow>) -> Option<FileTimes> {
    let time = |time| match time {
        TimeOrNow::SpecificTime(time) => time,
        TimeOrNow::Now => SystemTime::now(),
    };
    if atime.is_none() && mtime.is_none() {
        return None;
    }
    let times = atime.map_or_else(FileTimes::new, |atime| FileTimes::new().set_accessed(time(atime)));
    Some(mtime.map_or(times, |mtime| times.set_modified(time(mtime))))
}

impl FaultFileSystem {
    /// A file system over a store that somebody else also sees.
    pub fn new(store: Arc<Mutex<Store>>) -> Self {
        Self { store, listings: Mutex::default() }
    }

    fn store(&self) -> MutexGuard<'_, Store> {
        lock(&self.store)
    }
}

fn answer(reply: ReplyEmpty, result: io::Result<()>) {
    match result {
        Ok(()) => reply.ok(),
        Err(error) => reply.error(Errno::from(error)),
    }
}

fn answer_entry(reply: ReplyEntry, result: io::Result<(Id, Metadata)>) {
    match result {
        Ok((id, metadata)) => reply.entry(&FRESH, &attributes(id, &metadata), Generation(0)),
        Err(error) => reply.error(Errno::from(error)),
    }
}

fn answer_attributes(reply: ReplyAttr, id: Id, result: io::Result<Metadata>) {
    match result {
        Ok(metadata) => reply.attr(&FRESH, &attributes(id, &metadata)),
        Err(error) => reply.error(Errno::from(error)),
    }
}

impl Filesystem for FaultFileSystem {
    fn init(&mut self, _request: &Request, config: &mut KernelConfig) -> io::Result<()> {
        // A kernel without it refuses shared mappings of files open for writing, and nothing else.
        let _ = config.add_capabilities(InitFlags::FUSE_DIRECT_IO_ALLOW_MMAP);
        Ok(())
    }

    fn lookup(&self, _request: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        answer_entry(reply, self.store().look_up(parent.0, name));
    }

    fn getattr(&self, _request: &Request, ino: INodeNo, _handle: Option<FileHandle>, reply: ReplyAttr) {
        answer_attributes(reply, ino.0, self.store().metadata(ino.0));
    }

    fn setattr(
        &self,
        _request: &Request,
        ino: INodeNo,
        mode: Option<u32>,
        _uid: Option<u32>,
        _gid: Option<u32>,
        size: Option<u64>,
        atime: Option<TimeOrNow>,
        mtime: Option<TimeOrNow>,
        _ctime: Option<SystemTime>,
        _handle: Option<FileHandle>,
        _crtime: Option<SystemTime>,
        _chgtime: Option<SystemTime>,
        _bkuptime: Option<SystemTime>,
        _flags: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let mut store = self.store();
        let result = size
            .map_or(Ok(()), |size| store.truncate(ino.0, size))
            .and_then(|()| store.set_attributes(ino.0, mode, file_times(atime, mtime)))
            .and_then(|()| store.metadata(ino.0));
        answer_attributes(reply, ino.0, result);
    }

    fn mkdir(&self, _request: &Request, parent: INodeNo, name: &OsStr, mode: u32, umask: u32, reply: ReplyEntry) {
        answer_entry(reply, self.store().make_directory(parent.0, name, mode & !umask));
    }

    fn unlink(&self, _request: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        answer(reply, self.store().unlink(parent.0, name));
    }

    fn rmdir(&self, _request: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        answer(reply, self.store().remove_directory(parent.0, name));
    }

    fn rename(
        &self,
        _request: &Request,
        parent: INodeNo,
        name: &OsStr,
        new_parent: INodeNo,
        new_name: &OsStr,
        flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        answer(reply, self.store().rename((parent.0, name), (new_parent.0, new_name), flags.bits()));
    }

    fn link(&self, _request: &Request, ino: INodeNo, new_parent: INodeNo, new_name: &OsStr, reply: ReplyEntry) {
        let linked = self.store().link(ino.0, new_parent.0, new_name);
        answer_entry(reply, linked.map(|metadata| (ino.0, metadata)));
    }

    fn create(
        &self,
        _request: &Request,
        parent: INodeNo,
        name: &OsStr,
        mode: u32,
        umask: u32,
        flags: i32,
        reply: ReplyCreate,
    ) {
        match self.store().create(parent.0, name, mode & !umask, flags) {
            Ok((id, metadata, handle)) => {
                reply.created(&FRESH, &attributes(id, &metadata), Generation(0), FileHandle(handle), open_flags(flags));
            }
            Err(error) => reply.error(Errno::from(error)),
        }
    }

    fn open(&self, _request: &Request, ino: INodeNo, flags: OpenFlags, reply: ReplyOpen) {
        match self.store().open_file(ino.0, flags.0) {
            Ok(handle) => reply.opened(FileHandle(handle), open_flags(flags.0)),
            Err(error) => reply.error(Errno::from(error)),
        }
    }

    fn read(
        &self,
        _request: &Request,
        _ino: INodeNo,
        handle: FileHandle,
        offset: u64,
        size: u32,
        _flags: OpenFlags,
        _owner: Option<LockOwner>,
        reply: ReplyData,
    ) {
        match self.store().read(handle.0, offset, size as usize) {
            Ok(bytes) => reply.data(&bytes),
            Err(error) => reply.error(Errno::from(error)),
        }
    }

    fn write(
        &self,
        _request: &Request,
        _ino: INodeNo,
        handle: FileHandle,
        offset: u64,
        data: &[u8],
        _write_flags: WriteFlags,
        _flags: OpenFlags,
        _owner: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.store().write(handle.0, offset, data) {
            Ok(taken) => reply.written(taken as u32),
            Err(error) => reply.error(Errno::from(error)),
        }
    }

    fn fallocate(
        &self,
        _request: &Request,
        _ino: INodeNo,
        handle: FileHandle,
        offset: u64,
        length: u64,
        mode: i32,
        reply: ReplyEmpty,
    ) {
        answer(reply, self.store().allocate(handle.0, offset, length, mode));
    }

    fn flush(&self, _request: &Request, _ino: INodeNo, handle: FileHandle, _owner: LockOwner, reply: ReplyEmpty) {
        answer(reply, self.store().flush(handle.0));
    }

    fn release(
        &self,
        _request: &Request,
        _ino: INodeNo,
        handle: FileHandle,
        _flags: OpenFlags,
        _owner: Option<LockOwner>,
        _flush: bool,
        reply: ReplyEmpty,
    ) {
        self.store().release(handle.0);
        reply.ok();
    }

    fn fsync(&self, _request: &Request, _ino: INodeNo, handle: FileHandle, _data_only: bool, reply: ReplyEmpty) {
        answer(reply, self.store().sync_file(handle.0));
    }

    fn opendir(&self, _request: &Request, ino: INodeNo, _flags: OpenFlags, reply: ReplyOpen) {
        match self.store().list(ino.0) {
            Ok(listing) => {
                let mut listings = lock(&self.listings);
                let handle = listings.keys().max().map_or(1, |last| last + 1);
                listings.insert(handle, listing);
                reply.opened(FileHandle(handle), FopenFlags::empty());
            }
            Err(error) => reply.error(Errno::from(error)),
        }
    }

    fn readdir(&self, _request: &Request, ino: INodeNo, handle: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        let listings = lock(&self.listings);
        let own = [(ino.0, true, ".".into()), (ino.0, true, "..".into())];
        let entries = own.iter().chain(listings.get(&handle.0).into_iter().flatten());
        for (index, (id, is_directory, name)) in entries.enumerate().skip(offset as usize) {
            let kind = if *is_directory { FileType::Directory } else { FileType::RegularFile };
            if reply.add(INodeNo(*id), index as u64 + 1, kind, name) {
                break;
            }
        }
        reply.ok();
    }

    fn releasedir(&self, _request: &Request, _ino: INodeNo, handle: FileHandle, _flags: OpenFlags, reply: ReplyEmpty) {
        lock(&self.listings).remove(&handle.0);
        reply.ok();
    }

    fn fsyncdir(&self, _request: &Request, ino: INodeNo, _handle: FileHandle, _data_only: bool, reply: ReplyEmpty) {
        answer(reply, self.store().sync_directory(ino.0));
    }

    fn statfs(&self, _request: &Request, _ino: INodeNo, reply: ReplyStatfs) {
        match self.store().statistics() {
            Ok(all) => reply.statfs(
                all.f_blocks,
                all.f_bfree,
                all.f_bavail,
                all.f_files,
                all.f_ffree,
                all.f_bsize as u32,
                all.f_namemax as u32,
                all.f_frsize as u32,
            ),
            Err(error) => reply.error(Errno::from(error)),
        }
    }
}
