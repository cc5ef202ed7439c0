//! A command as a child process: started in the worker's process group, waited for with what it used.

use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::weigh::{Usage, UsedSince, io_counters};

/// Replaces `{target}` and `{dir}` in every argument.
pub fn filled(argv: &[String], target: &Path, directory: &Path) -> Vec<String> {
    let (target, directory) = (target.to_string_lossy(), directory.to_string_lossy());
    argv.iter().map(|argument| argument.replace("{target}", &target).replace("{dir}", &directory)).collect()
}

/// Starts a command. It stays in the worker's process group, which is what the harness ends, and ends with the worker. Must
/// be called on the main thread: the kernel ties a child's life to the thread that made it.
///
/// # Errors
/// When the program cannot be started.
pub fn spawn(argv: &[String], directory: &Path, piped: bool) -> io::Result<Child> {
    let (program, arguments) = argv.split_first().ok_or_else(|| io::Error::other("no program is named"))?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(directory)
        .stdin(if piped { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // SAFETY: prctl alone is called between fork and exec, and is async-signal-safe.
    unsafe { command.pre_exec(crate::weigh::end_with_parent) };
    command.spawn()
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// By itself, with this exit status.
    Exited(i32),
    /// By this signal.
    Signalled(i32),
}

/// Waits for the command. `at_exit` runs once it has ended, before its numbers are collected.
///
/// # Errors
/// When it cannot be waited for.
pub fn wait(child: &Child, at_exit: impl FnOnce()) -> io::Result<(End, UsedSince)> {
    let process = child.id();
    // SAFETY: `siginfo_t` is plain data, for which zeros are a value.
    let mut info = unsafe { std::mem::zeroed::<libc::siginfo_t>() };
    // The child stays a zombie, of which /proc/PID/io still tells.
    // SAFETY: `info` is valid for writing, and the child is ours.
    while unsafe { libc::waitid(libc::P_PID, process, &raw mut info, libc::WEXITED | libc::WNOWAIT) } != 0 {
        interrupted()?;
    }
    at_exit();
    let io = io_counters(&process.to_string());
    let mut status = 0;
    // SAFETY: `rusage` is plain data, for which zeros are a value.
    let mut usage = unsafe { std::mem::zeroed::<libc::rusage>() };
    let process = libc::pid_t::try_from(process).map_err(io::Error::other)?;
    // SAFETY: both are valid for writing, and the child is ours.
    while unsafe { libc::wait4(process, &raw mut status, 0, &raw mut usage) } != process {
        interrupted()?;
    }
    let end = if libc::WIFSIGNALED(status) {
        End::Signalled(libc::WTERMSIG(status))
    } else {
        End::Exited(libc::WEXITSTATUS(status))
    };
    Ok((end, Usage::of_child(usage, io)))
}

/// Whether the command itself is done; it stays to be waited for.
pub fn has_ended(child: &Child) -> bool {
    // SAFETY: `siginfo_t` is plain data, for which zeros are a value.
    let mut info = unsafe { std::mem::zeroed::<libc::siginfo_t>() };
    let look = libc::WEXITED | libc::WNOWAIT | libc::WNOHANG;
    // SAFETY: `info` is valid for writing, and the child is ours; where nothing has ended, its process number stays 0.
    unsafe { libc::waitid(libc::P_PID, child.id(), &raw mut info, look) == 0 && info.si_pid() != 0 }
}

fn interrupted() -> io::Result<()> {
    let error = io::Error::last_os_error();
    if error.kind() == io::ErrorKind::Interrupted { Ok(()) } else { Err(error) }
}

/// The name of a signal that can end a process.
pub fn signal_name(signal: i32) -> String {
    let name = match signal {
        libc::SIGABRT => "SIGABRT",
        libc::SIGALRM => "SIGALRM",
        libc::SIGBUS => "SIGBUS",
        libc::SIGFPE => "SIGFPE",
        libc::SIGHUP => "SIGHUP",
        libc::SIGILL => "SIGILL",
        libc::SIGINT => "SIGINT",
        libc::SIGKILL => "SIGKILL",
        libc::SIGPIPE => "SIGPIPE",
        libc::SIGQUIT => "SIGQUIT",
        libc::SIGSEGV => "SIGSEGV",
        libc::SIGSYS => "SIGSYS",
        libc::SIGTERM => "SIGTERM",
        libc::SIGTRAP => "SIGTRAP",
        libc::SIGXCPU => "SIGXCPU",
        libc::SIGXFSZ => "SIGXFSZ",
        other => return format!("signal {other}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_placeholders_are_replaced_wherever_they_stand() {
        let argv = ["sh", "-o={target}", "{dir}/x:{target}", "{other}"].map(str::to_owned);
        let expected = ["sh", "-o=/d/t.parquet", "/d/x:/d/t.parquet", "{other}"];
        assert_eq!(filled(&argv, Path::new("/d/t.parquet"), Path::new("/d")), expected);
    }

    #[test]
    fn signals_have_names() {
        assert_eq!(signal_name(9), "SIGKILL");
        assert_eq!(signal_name(11), "SIGSEGV");
        assert_eq!(signal_name(40), "signal 40");
    }
}
