//! A file that changes after close.

use std::path::Path;
use std::process::{Command, Stdio};

use writeproof_abi::Error;

/// Appends a byte to `target` after `milliseconds`, from a process of its own: a thread of a library would have to end in
/// destroy. It holds none of the worker's pipes, so that nobody waits for them; the worker gives it a moment, and then ends it.
pub(crate) fn append_later(target: &Path, milliseconds: u64) -> Result<(), Error> {
    let seconds = format!("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
    Command::new("sh")
        .args(["-c", "sleep \"$1\" && test -f \"$2\" && printf x >> \"$2\"", "late-write", &seconds])
        .arg(target)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(|_| ())
        .map_err(|error| Error::new(format!("the late write cannot be prepared: sh does not start: {error}")))
}
