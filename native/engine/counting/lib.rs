//! `libwriteproof_counting.so`, to be loaded before a worker's other libraries (`LD_PRELOAD`): counts what is asked of glibc's
//! malloc, and passes it on. What a library takes by mmap, or by an allocator of its own, it does not see.
//!
//! An example and no package: the workspace's list of members is a source of the Lance writer too, which takes minutes to build.

use std::cell::Cell;
use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicU64, Ordering};

static COUNT: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

unsafe extern "C" {
    fn __libc_malloc(size: usize) -> *mut c_void;
    fn __libc_calloc(count: usize, size: usize) -> *mut c_void;
    fn __libc_realloc(block: *mut c_void, size: usize) -> *mut c_void;
    fn __libc_memalign(alignment: usize, size: usize) -> *mut c_void;
}

thread_local! {
    /// Constant and without a destructor, so that looking at it allocates nothing.
    static UNCOUNTED: Cell<bool> = const { Cell::new(false) };
}

fn count(bytes: usize) {
    if UNCOUNTED.get() {
        return;
    }
    COUNT.fetch_add(1, Ordering::Relaxed);
    BYTES.fetch_add(bytes as u64, Ordering::Relaxed);
}

/// Calls and bytes asked for since the process began, by all threads that count. The worker looks for it by this name.
///
/// # Safety
/// `into` is valid for two words.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn writeproof_allocations(into: *mut u64) {
    // SAFETY: as the caller promises.
    unsafe {
        *into = COUNT.load(Ordering::Relaxed);
        *into.add(1) = BYTES.load(Ordering::Relaxed);
    }
}

/// From here on nothing counts that the calling thread asks for.
#[unsafe(no_mangle)]
pub extern "C" fn writeproof_uncounted_thread() {
    UNCOUNTED.set(true);
}

/// As in C.
#[unsafe(no_mangle)]
pub extern "C" fn malloc(size: usize) -> *mut c_void {
    count(size);
    // SAFETY: takes any size.
    unsafe { __libc_malloc(size) }
}

/// As in C.
#[unsafe(no_mangle)]
pub extern "C" fn calloc(items: usize, size: usize) -> *mut c_void {
    count(items.saturating_mul(size));
    // SAFETY: takes any numbers; it knows when their product is too large.
    unsafe { __libc_calloc(items, size) }
}

/// As in C. All of the new size counts.
///
/// # Safety
/// As in C: `block` is null, or is live and is given up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn realloc(block: *mut c_void, size: usize) -> *mut c_void {
    count(size);
    // SAFETY: as the caller promises.
    unsafe { __libc_realloc(block, size) }
}

/// As in C.
#[unsafe(no_mangle)]
pub extern "C" fn aligned_alloc(alignment: usize, size: usize) -> *mut c_void {
    memalign(alignment, size)
}

/// As in C.
#[unsafe(no_mangle)]
pub extern "C" fn memalign(alignment: usize, size: usize) -> *mut c_void {
    count(size);
    // SAFETY: takes any numbers.
    unsafe { __libc_memalign(alignment, size) }
}

/// As POSIX has it.
///
/// # Safety
/// `into` is valid for writing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn posix_memalign(into: *mut *mut c_void, alignment: usize, size: usize) -> c_int {
    const INVALID_ARGUMENT: c_int = 22;
    const OUT_OF_MEMORY: c_int = 12;
    if !alignment.is_power_of_two() || !alignment.is_multiple_of(size_of::<*mut c_void>()) {
        return INVALID_ARGUMENT;
    }
    let block = memalign(alignment, size);
    if block.is_null() {
        return OUT_OF_MEMORY;
    }
    // SAFETY: as the caller promises.
    unsafe { *into = block };
    0
}
