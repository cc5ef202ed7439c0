//! `libwriteproof_count_malloc.so`, to be loaded before all other libraries (`LD_PRELOAD`): counts, for each thread, what it asks
//! of glibc's malloc and frees, and passes it on. What a library takes by mmap, or by an allocator of its own, it does not see.

use std::cell::Cell;
use std::ffi::{c_int, c_void};

unsafe extern "C" {
    fn __libc_malloc(size: usize) -> *mut c_void;
    fn __libc_calloc(count: usize, size: usize) -> *mut c_void;
    fn __libc_realloc(block: *mut c_void, size: usize) -> *mut c_void;
    fn __libc_memalign(alignment: usize, size: usize) -> *mut c_void;
    fn __libc_free(block: *mut c_void);
    fn malloc_usable_size(block: *mut c_void) -> usize;
}

/// Counters of a thread.
struct Counters {
    calls: Cell<u64>,
    /// As asked for.
    bytes: Cell<u64>,
    /// As malloc rounds them; below 0 where a thread frees what another took.
    live: Cell<i64>,
    peak: Cell<i64>,
}

thread_local! {
    /// Constant and without a destructor, so that looking at it allocates nothing.
    static COUNTERS: Counters =
        const { Counters { calls: Cell::new(0), bytes: Cell::new(0), live: Cell::new(0), peak: Cell::new(0) } };
}

fn usable(block: *mut c_void) -> i64 {
    // SAFETY: null, or a live block of glibc's malloc.
    (unsafe { malloc_usable_size(block) }) as i64
}

fn taken(block: *mut c_void, asked: usize) -> *mut c_void {
    COUNTERS.with(|counters| {
        counters.calls.set(counters.calls.get() + 1);
        counters.bytes.set(counters.bytes.get() + asked as u64);
        let live = counters.live.get() + usable(block);
        counters.live.set(live);
        counters.peak.set(counters.peak.get().max(live));
    });
    block
}

fn given_back(bytes: i64) {
    COUNTERS.with(|counters| counters.live.set(counters.live.get() - bytes));
}

/// Of the calling thread: calls, bytes asked for, live bytes, and the most live bytes since it was called last.
///
/// # Safety
/// `into` is valid for four words.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn writeproof_malloc_of_thread(into: *mut u64) {
    COUNTERS.with(|counters| {
        let live = counters.live.get();
        let words = [counters.calls.get(), counters.bytes.get(), live as u64, counters.peak.replace(live) as u64];
        for (place, word) in words.into_iter().enumerate() {
            // SAFETY: as the caller promises.
            unsafe { *into.add(place) = word };
        }
    });
}

/// As in C.
#[unsafe(no_mangle)]
pub extern "C" fn malloc(size: usize) -> *mut c_void {
    // SAFETY: takes any size.
    taken(unsafe { __libc_malloc(size) }, size)
}

/// As in C.
#[unsafe(no_mangle)]
pub extern "C" fn calloc(items: usize, size: usize) -> *mut c_void {
    // SAFETY: takes any numbers; it knows when their product is too large.
    taken(unsafe { __libc_calloc(items, size) }, items.saturating_mul(size))
}

/// As in C. All of the new size counts.
///
/// # Safety
/// As in C: `block` is null, or is live and is given up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn realloc(block: *mut c_void, size: usize) -> *mut c_void {
    let before = usable(block);
    // SAFETY: as the caller promises.
    let after = unsafe { __libc_realloc(block, size) };
    // A size of 0 frees; otherwise null says that the old block stays.
    if !after.is_null() || size == 0 {
        given_back(before);
        taken(after, size);
    }
    after
}

/// As in C.
///
/// # Safety
/// As in C: `block` is null, or is live and is given up.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn free(block: *mut c_void) {
    given_back(usable(block));
    // SAFETY: as the caller promises.
    unsafe { __libc_free(block) }
}

/// As in C.
#[unsafe(no_mangle)]
pub extern "C" fn aligned_alloc(alignment: usize, size: usize) -> *mut c_void {
    memalign(alignment, size)
}

/// As in C.
#[unsafe(no_mangle)]
pub extern "C" fn memalign(alignment: usize, size: usize) -> *mut c_void {
    // SAFETY: takes any numbers.
    taken(unsafe { __libc_memalign(alignment, size) }, size)
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
