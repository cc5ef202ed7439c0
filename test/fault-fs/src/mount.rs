//! Mounting, and unmounting whatever happens.

use std::ffi::CString;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex};

use fuser::{Config, MountOption};

use crate::file_system::FaultFileSystem;
use crate::store::Store;

/// A mounted store.
#[derive(Debug)]
pub struct Mounted {
    path: PathBuf,
    session: fuser::BackgroundSession,
    /// Unmounts should this process be killed.
    watcher: Child,
}

/// Mounts a store. As root by the mount system call, else by fusermount, where it is installed.
///
/// # Errors
/// With a sentence that says what is missing.
pub fn mount(path: &Path, store: Arc<Mutex<Store>>) -> Result<Mounted, String> {
    let mut config = Config::default();
    config.mount_options = vec![
        MountOption::FSName("writeproof-fault-fs".to_owned()),
        MountOption::DefaultPermissions,
        MountOption::NoSuid,
        MountOption::NoDev,
    ];
    let session = fuser::spawn_mount(FaultFileSystem::new(store), path, &config).map_err(|error| why_not(&error))?;
    let watcher = watch(path).map_err(|error| format!("no process to unmount {}: {error}", path.display()))?;
    Ok(Mounted { path: path.to_owned(), session, watcher })
}

fn why_not(error: &io::Error) -> String {
    if let Err(closed) = std::fs::OpenOptions::new().read(true).write(true).open("/dev/fuse") {
        return format!("/dev/fuse cannot be opened: {closed}");
    }
    // SAFETY: cannot fail.
    if unsafe { libc::geteuid() } != 0 && error.kind() == io::ErrorKind::NotFound {
        return "mounting needs root, or the program fusermount3 (package fuse3), and neither is there".to_owned();
    }
    format!("mounting failed: {error}")
}

fn watch(path: &Path) -> io::Result<Child> {
    Command::new(std::env::current_exe()?)
        .arg("unmount")
        .arg(path)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // What ends our group does not end it.
        .process_group(0)
        .spawn()
}

impl Mounted {
    /// Unmounts, also while somebody has a file open: the name is free at once, and calls of theirs fail once we are gone.
    pub fn end(mut self) {
        if detach(&self.path).is_err() {
            // Not allowed to ourselves: fuser asks fusermount.
            let _ = self.session.umount_and_join();
        }
        drop(self.watcher.stdin.take());
        let _ = self.watcher.wait();
    }
}

fn detach(path: &Path) -> io::Result<()> {
    let path = CString::new(path.as_os_str().as_bytes())?;
    // SAFETY: a string that ends in zero.
    if unsafe { libc::umount2(path.as_ptr(), libc::MNT_DETACH) } == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// Waits for the end of standard input, then unmounts what may still be mounted there.
pub fn unmount_at_end(path: &Path) -> ExitCode {
    let _ = io::stdin().read_to_end(&mut Vec::new());
    if detach(path).is_err_and(|error| error.raw_os_error() == Some(libc::EPERM)) {
        let _ = Command::new("fusermount3").args(["-u", "-z", "-q", "--"]).arg(path).status();
    }
    ExitCode::SUCCESS
}
