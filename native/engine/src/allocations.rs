//! What malloc was asked for, where `libwriteproof_counting.so` is loaded and counts (native/engine/counting).

/// Calls and bytes since the process began; None where nobody counts.
pub(crate) fn so_far() -> Option<[u64; 2]> {
    // SAFETY: both arguments are constants of the call.
    let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"writeproof_allocations".as_ptr()) };
    if found.is_null() {
        return None;
    }
    // SAFETY: the name is ours, and this is its type.
    let read: unsafe extern "C" fn(*mut u64) = unsafe { std::mem::transmute(found) };
    let mut words = [0; 2];
    // SAFETY: `words` is valid for two words.
    unsafe { read(words.as_mut_ptr()) };
    Some(words)
}
