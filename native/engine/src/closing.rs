//! The flags of descriptors as they are closed: a file may come and go between two looks of the watch.

use std::os::fd::RawFd;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::flag_watch::{Identity, Seen};

static IS_WATCHED: AtomicBool = AtomicBool::new(false);

/// Files that were closed while they were open for writing with O_DIRECT. Nothing is opened or closed while it is locked.
static CLOSED: Mutex<Option<Seen>> = Mutex::new(None);

/// From here on descriptors are looked at.
pub(crate) fn watch() {
    IS_WATCHED.store(true, Ordering::Relaxed);
}

/// What has been seen so far.
pub(crate) fn seen() -> Seen {
    CLOSED.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default()
}

/// Whether these are flags of a descriptor that writes with O_DIRECT. One that cannot write says nothing.
pub(crate) fn write_directly(flags: libc::c_int) -> bool {
    flags & libc::O_DIRECT != 0 && flags & libc::O_ACCMODE != libc::O_RDONLY
}

/// Looks at a descriptor that is about to be closed; the worker calls it in `close`, whoever closes.
pub fn look(descriptor: RawFd) {
    if !IS_WATCHED.load(Ordering::Relaxed) {
        return;
    }
    // SAFETY: asks for flags; a number that is no descriptor is an error, −1.
    let flags = unsafe { libc::fcntl(descriptor, libc::F_GETFL) };
    if flags == -1 || !write_directly(flags) {
        return;
    }
    // Metadata of what is open, without opening it again.
    let path = PathBuf::from(format!("/proc/self/fd/{descriptor}"));
    if let Ok(metadata) = path.metadata() {
        let mut closed = CLOSED.lock().unwrap_or_else(PoisonError::into_inner);
        closed.get_or_insert_default().insert(Identity::of(&metadata));
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, OpenOptions};
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::OpenOptionsExt;

    use super::*;

    #[test]
    fn a_file_that_is_closed_was_seen_where_it_was_open_with_o_direct() {
        // Beside the test's own program, because a temporary directory may be in memory, without O_DIRECT.
        let program = std::env::current_exe().expect("Linux knows it");
        let directory = program.with_file_name(format!("writeproof-closing-{}", std::process::id()));
        fs::create_dir_all(&directory).expect("cargo builds there");
        watch();
        let was_seen = [libc::O_DIRECT, 0].map(|flags| {
            let path = directory.join(flags.to_string());
            let file = OpenOptions::new().write(true).create(true).custom_flags(flags).open(path).expect("writable");
            look(file.as_raw_fd());
            seen().contains(&Identity::of(&file.metadata().expect("open")))
        });
        look(-1);
        fs::remove_dir_all(&directory).expect("our own directory");
        assert_eq!(was_seen, [true, false]);
    }
}
