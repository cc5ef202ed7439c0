//! A file system for tests: it passes everything on to a folder, and on demand fails the n-th call, takes half of a write,
//! is slow, or loses its power.
//!
//! `mount`: one JSON document on the first line of standard input, then a command a line; an answer a line on standard
//! output. At the end of standard input it unmounts, so that it ends with whoever started it.
//! `probe`: whether this machine lets us mount one.
//! `unmount PATH`: unmounts at the end of standard input, for the case that this process is killed.

mod calls;
mod control;
mod disk;
mod file_system;
mod mount;
mod store;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["mount"] => control::serve(),
        ["probe"] => control::probe(),
        ["unmount", path] => mount::unmount_at_end(path.as_ref()),
        _ => {
            eprintln!("usage: writeproof-fault-fs mount | probe | unmount PATH");
            ExitCode::FAILURE
        }
    }
}
