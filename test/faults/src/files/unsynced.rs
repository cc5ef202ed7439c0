//! A process in which nothing is made durable: calls that ask for it succeed, and do nothing.

use std::io::Error as SystemError;
use std::mem::offset_of;

use libc::{
    BPF_ABS, BPF_JEQ, BPF_JMP, BPF_JUMP, BPF_K, BPF_LD, BPF_RET, BPF_STMT, BPF_W, PR_SET_NO_NEW_PRIVS,
    SECCOMP_FILTER_FLAG_TSYNC, SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO, SECCOMP_SET_MODE_FILTER, SYS_fdatasync, SYS_fsync,
    SYS_seccomp, SYS_sync, SYS_sync_file_range, SYS_syncfs, seccomp_data, sock_filter, sock_fprog,
};
use writeproof_abi::Error;

/// AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of linux/audit.h.
#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xc000_00b7;

const SKIPPED: [libc::c_long; 5] = [SYS_fsync, SYS_fdatasync, SYS_sync_file_range, SYS_syncfs, SYS_sync];

/// A call of another architecture passes, as do all that make nothing durable.
fn program() -> Vec<sock_filter> {
    let load = |offset: usize| statement(BPF_LD | BPF_W | BPF_ABS, offset as u32);
    let unless_equal = |value: u32, skip: u8| jump(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skip);
    let when_equal = |value: u32, skip: u8| jump(BPF_JMP | BPF_JEQ | BPF_K, value, skip, 0);
    let calls = SKIPPED.len() as u8;
    let mut program = vec![load(offset_of!(seccomp_data, arch)), unless_equal(ARCHITECTURE, calls + 1)];
    program.push(load(offset_of!(seccomp_data, nr)));
    // Each jumps over the calls that follow it, and over the return that lets pass.
    program.extend(SKIPPED.iter().zip(0..).map(|(call, index)| when_equal(*call as u32, calls - index)));
    program.push(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    // An error of number 0 is success.
    program.push(statement(BPF_RET | BPF_K, SECCOMP_RET_ERRNO));
    program
}

fn statement(code: u32, value: u32) -> sock_filter {
    // SAFETY: it only fills in a struct.
    unsafe { BPF_STMT(code as u16, value) }
}

fn jump(code: u32, value: u32, when_true: u8, when_false: u8) -> sock_filter {
    // SAFETY: it only fills in a struct.
    unsafe { BPF_JUMP(code as u16, value, when_true, when_false) }
}

/// Whether a call that cannot succeed does.
fn succeeds_at_nothing() -> bool {
    // SAFETY: no file has this descriptor, and the call says so.
    unsafe { libc::fsync(-1) == 0 }
}

/// From here on, in every thread of this process, and until its end.
pub(crate) fn skip_syncs() -> Result<(), Error> {
    let mut filters = program();
    let program = sock_fprog { len: filters.len() as u16, filter: filters.as_mut_ptr() };
    let failed = |what: &str| Error::new(format!("{what}: {}", SystemError::last_os_error()));
    // SAFETY: takes numbers alone.
    if unsafe { libc::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) } != 0 {
        return Err(failed("prctl(PR_SET_NO_NEW_PRIVS)"));
    }
    // SAFETY: the program and its filters live until the call has returned.
    let status =
        unsafe { libc::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &raw const program) };
    if status != 0 {
        return Err(failed("seccomp(SECCOMP_SET_MODE_FILTER)"));
    }
    if succeeds_at_nothing() { Ok(()) } else { Err(Error::new("fsync still does what it should")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syncs_succeed_at_nothing_in_every_thread_and_other_calls_are_as_before() {
        let (begin, asked) = std::sync::mpsc::channel();
        let other = std::thread::spawn(move || {
            asked.recv().unwrap();
            succeeds_at_nothing()
        });
        assert!(!succeeds_at_nothing());
        skip_syncs().unwrap();
        begin.send(()).unwrap();
        assert!(other.join().unwrap());
        // SAFETY: no file has this descriptor, and the calls say so.
        let synced = unsafe { [libc::fdatasync(-1), libc::syncfs(-1), libc::sync_file_range(-1, 0, 0, 0)] };
        assert_eq!(synced, [0, 0, 0]);
        // SAFETY: as above.
        assert_eq!(unsafe { libc::close(-1) }, -1);
    }
}
