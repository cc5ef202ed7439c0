//! What a thread allocates: Rust code by an allocator that counts while it is asked to, all code by a library that is
//! loaded in front of malloc (`count-malloc`).

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::ffi::c_void;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::Serialize;

/// Allocations of one thread during a measurement.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Allocations {
    /// Their number; one that is made larger counts again.
    pub allocations: u64,
    /// Sum of their sizes.
    pub bytes: u64,
    /// Most bytes that were live at once, above those at the start.
    pub peak_bytes: u64,
}

/// What a measurement found.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// Of Rust code.
    pub rust: Allocations,
    /// Of all code; None where nobody counts it.
    pub malloc: Option<Allocations>,
    /// Bytes that Rust code allocated and has not freed.
    pub held_bytes: u64,
}

/// Counters of a thread. Without a destructor and constant, so that looking at them allocates nothing.
struct Counters {
    is_on: Cell<bool>,
    count: Cell<u64>,
    bytes: Cell<u64>,
    live: Cell<i64>,
    peak: Cell<i64>,
}

thread_local! {
    static COUNTERS: Counters = const {
        Counters { is_on: Cell::new(false), count: Cell::new(0), bytes: Cell::new(0), live: Cell::new(0), peak: Cell::new(0) }
    };
}

/// Threads that measure: while there is none, an allocation costs one look at this.
static MEASURING: AtomicUsize = AtomicUsize::new(0);

impl Counters {
    fn changed(&self, taken: Option<usize>, given_back: usize) {
        if !self.is_on.get() {
            return;
        }
        if let Some(bytes) = taken {
            self.count.set(self.count.get() + 1);
            self.bytes.set(self.bytes.get() + bytes as u64);
        }
        let live = self.live.get() + taken.unwrap_or(0) as i64 - given_back as i64;
        self.live.set(live);
        self.peak.set(self.peak.get().max(live));
    }
}

#[inline]
fn changed(taken: Option<usize>, given_back: usize) {
    if MEASURING.load(Ordering::Relaxed) > 0 {
        // A thread that ends has no counters any more.
        let _ = COUNTERS.try_with(|counters| counters.changed(taken, given_back));
    }
}

/// The system's allocator, with counters.
struct Counting;

// SAFETY: every call is passed on as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        changed(Some(layout.size()), 0);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        changed(Some(layout.size()), 0);
        // SAFETY: as the caller promises.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        changed(Some(size), layout.size());
        // SAFETY: as the caller promises.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        changed(None, layout.size());
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

type ReadMalloc = unsafe extern "C" fn(*mut u64);

/// The function of the library in front of malloc: calls, bytes, live bytes and most live bytes of this thread, the last since
/// it was called last.
fn malloc_counters() -> Option<ReadMalloc> {
    static FOUND: OnceLock<Option<ReadMalloc>> = OnceLock::new();
    *FOUND.get_or_init(|| {
        // SAFETY: the name lives for the call.
        let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"writeproof_malloc_of_thread".as_ptr()) };
        // SAFETY: the name is ours, and this is its type.
        (!found.is_null()).then(|| unsafe { std::mem::transmute::<*mut c_void, ReadMalloc>(found) })
    })
}

fn malloc_so_far() -> Option<[u64; 4]> {
    let read = malloc_counters()?;
    let mut words = [0; 4];
    // SAFETY: four words, as it writes.
    unsafe { read(words.as_mut_ptr()) };
    Some(words)
}

/// A measurement of the calling thread, from [`Measure::begin`] to [`Measure::end`].
pub struct Measure {
    malloc: Option<[u64; 4]>,
    /// It belongs to its thread.
    _thread: std::marker::PhantomData<*const ()>,
}

impl Measure {
    /// Counts from here on. There is one measurement at a time on a thread.
    #[must_use]
    pub fn begin() -> Self {
        let malloc = malloc_so_far();
        COUNTERS.with(|counters| {
            counters.count.set(0);
            counters.bytes.set(0);
            counters.live.set(0);
            counters.peak.set(0);
            counters.is_on.set(true);
        });
        MEASURING.fetch_add(1, Ordering::Relaxed);
        Self { malloc, _thread: std::marker::PhantomData }
    }

    /// What was counted.
    #[must_use]
    pub fn end(self) -> Measured {
        let whole = |number: i64| u64::try_from(number).unwrap_or(0);
        let (rust, held_bytes) = COUNTERS.with(|counters| {
            let rust = Allocations {
                allocations: counters.count.get(),
                bytes: counters.bytes.get(),
                peak_bytes: whole(counters.peak.get()),
            };
            (rust, whole(counters.live.get()))
        });
        let malloc = self.malloc.and_then(|[calls, bytes, live, _]| {
            let [calls_now, bytes_now, _, peak] = malloc_so_far()?;
            Some(Allocations {
                allocations: calls_now - calls,
                bytes: bytes_now - bytes,
                // Live bytes of a thread that frees what others took are below 0.
                peak_bytes: whole(peak as i64 - live as i64),
            })
        });
        Measured { rust, malloc, held_bytes }
    }
}

impl Drop for Measure {
    fn drop(&mut self) {
        COUNTERS.with(|counters| counters.is_on.set(false));
        MEASURING.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::Measure;

    #[test]
    fn allocations_of_this_thread_are_counted_while_it_measures() {
        let before = vec![0u8; 512];
        let measure = Measure::begin();
        let kept = vec![1u8; 1000];
        let freed = vec![2u8; 3000];
        drop(freed);
        drop(before);
        std::thread::scope(|scope| {
            scope.spawn(|| drop(vec![3u8; 1 << 20]));
        });
        let measured = measure.end();
        assert!(measured.rust.allocations >= 2);
        assert!((4000..100_000).contains(&measured.rust.bytes), "{measured:?}");
        assert!((4000..100_000).contains(&measured.rust.peak_bytes), "{measured:?}");
        assert!(measured.held_bytes >= 488 && measured.held_bytes < 90_000, "{measured:?}");
        drop(vec![4u8; 100]);
        assert_eq!(kept.len(), 1000);
        let nothing = Measure::begin().end();
        assert_eq!((nothing.rust.allocations, nothing.rust.bytes, nothing.held_bytes), (0, 0, 0));
    }
}
