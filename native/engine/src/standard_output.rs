//! Standard output is for the report alone; whatever a plug-in prints goes to standard error.

use std::fs::File;
use std::io;
use std::os::fd::FromRawFd;

/// Moves standard output to a private descriptor, which is returned, and lets descriptor 1 be standard error.
///
/// # Errors
/// When the descriptors cannot be duplicated.
pub fn reserve() -> io::Result<File> {
    // SAFETY: duplicates a descriptor; the new one is close-on-exec, so that no command inherits it.
    let private = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_DUPFD_CLOEXEC, 3) };
    if private < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: `private` was just made and is owned by nobody else.
    let private = unsafe { File::from_raw_fd(private) };
    // SAFETY: both descriptors belong to the process; nothing has been written to descriptor 1 yet.
    if unsafe { libc::dup2(libc::STDERR_FILENO, libc::STDOUT_FILENO) } < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(private)
}
