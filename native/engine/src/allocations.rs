//! What malloc was asked for, where `libwriteproof_counting.so` is loaded and counts (native/engine/counting).

use std::ffi::{CStr, c_void};
use std::ptr::NonNull;

fn find(name: &CStr) -> Option<NonNull<c_void>> {
    // SAFETY: the name lives for the call.
    NonNull::new(unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) })
}

/// Calls and bytes since the process began; None where nobody counts.
pub(crate) fn so_far() -> Option<[u64; 2]> {
    let found = find(c"writeproof_allocations")?;
    // SAFETY: the name is ours, and this is its type.
    let read: unsafe extern "C" fn(*mut u64) = unsafe { std::mem::transmute(found.as_ptr()) };
    let mut words = [0; 2];
    // SAFETY: `words` is valid for two words.
    unsafe { read(words.as_mut_ptr()) };
    Some(words)
}

/// For a thread that looks on from time to time: how often it does depends on the machine, and is none of the writer's.
pub(crate) fn leave_out_this_thread() {
    if let Some(found) = find(c"writeproof_uncounted_thread") {
        // SAFETY: the name is ours, and this is its type.
        let leave_out: extern "C" fn() = unsafe { std::mem::transmute(found.as_ptr()) };
        leave_out();
    }
}
