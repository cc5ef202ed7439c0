//! The signal, its handler, and the room for what it finds.

use std::cell::UnsafeCell;
use std::ffi::c_void;
use std::io;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

use super::Profile;

/// Samples for each second of CPU time. Kernels look at these timers at each of their ticks, of which there may be no more.
pub const HZ: u32 = 250;

/// Frames of a stack that are kept; outer ones say less.
const DEPTH: usize = 96;
/// Enough for five minutes of two busy cores. Pages that no sample touches take no memory.
const CAPACITY: usize = 150_000;

/// One stack: its length, which is written last, and return addresses.
struct Slot {
    length: AtomicUsize,
    addresses: UnsafeCell<[usize; DEPTH]>,
}

/// Slots that have been taken, and where they lie: what a handler may touch.
static TAKEN: AtomicUsize = AtomicUsize::new(0);
static SLOTS: AtomicPtr<Slot> = AtomicPtr::new(std::ptr::null_mut());
/// Handlers that run at this moment.
static RUNNING: AtomicUsize = AtomicUsize::new(0);

/// A process that is being sampled.
#[derive(Debug)]
pub struct Sampler(());

impl Sampler {
    /// Starts sampling all threads. There can be only one at a time.
    ///
    /// # Errors
    /// With a sentence, where this cannot be done safely or at all.
    pub fn start() -> Result<Self, String> {
        // Unwinding looks up the library of each frame. Only this function of glibc does so without a lock that the interrupted
        // thread may hold, and since it is there libgcc uses it.
        // SAFETY: looks up a name.
        if unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"_dl_find_object".as_ptr()) }.is_null() {
            return Err(
                "the C library has no _dl_find_object, without which a stack cannot be read at any moment: expected \
                        glibc 2.35 or newer"
                    .to_owned(),
            );
        }
        let failed = |what: &str| format!("{what}: {}", io::Error::last_os_error());
        // The first use loads what later ones need.
        backtrace::trace(|_| false);
        let bytes = CAPACITY * size_of::<Slot>();
        let (protection, flags) =
            (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE);
        // SAFETY: asks for new memory of zeros.
        let memory = unsafe { libc::mmap(std::ptr::null_mut(), bytes, protection, flags, -1, 0) };
        if memory == libc::MAP_FAILED {
            return Err(failed("no room for samples"));
        }
        TAKEN.store(0, Ordering::SeqCst);
        SLOTS.store(memory.cast(), Ordering::SeqCst);
        // SAFETY: `sigaction` is plain data, for which zeros are a value; the handler takes what SA_SIGINFO gives.
        let set = unsafe {
            let mut action = std::mem::zeroed::<libc::sigaction>();
            action.sa_sigaction = sample as *const () as usize;
            action.sa_flags = libc::SA_SIGINFO | libc::SA_RESTART;
            libc::sigaction(libc::SIGPROF, &raw const action, std::ptr::null_mut())
        };
        if set != 0 {
            return Err(failed("SIGPROF cannot be handled"));
        }
        if !tick(1_000_000 / i64::from(HZ)) {
            return Err(failed("the timer of CPU time cannot be set"));
        }
        Ok(Self(()))
    }

    /// Ends sampling. The libraries that were sampled must still be loaded.
    pub fn end(self) -> Profile {
        let slots = stop();
        let taken = TAKEN.load(Ordering::SeqCst);
        let kept = taken.min(CAPACITY);
        // SAFETY: so many slots have been mapped, and no handler writes to them any more.
        let slots = unsafe { std::slice::from_raw_parts(slots, kept) };
        let stacks: Vec<&[usize]> = slots
            .iter()
            .map(|slot| {
                // SAFETY: as above; its handler has ended.
                let addresses = unsafe { &*slot.addresses.get() };
                &addresses[..slot.length.load(Ordering::SeqCst)]
            })
            .collect();
        Profile::of(&stacks, (taken - kept) as u64)
    }
}

impl Drop for Sampler {
    fn drop(&mut self) {
        stop();
    }
}

/// Stops the timer and waits for handlers under way; the slots.
fn stop() -> *const Slot {
    tick(0);
    // A signal that is still pending must not end the process.
    // SAFETY: SIG_IGN runs no code.
    unsafe { libc::signal(libc::SIGPROF, libc::SIG_IGN) };
    let slots = SLOTS.swap(std::ptr::null_mut(), Ordering::SeqCst);
    while RUNNING.load(Ordering::SeqCst) > 0 {
        std::thread::yield_now();
    }
    slots
}

/// Has the kernel send SIGPROF after so many microseconds of CPU time of all threads together, again and again; 0: no more.
fn tick(microseconds: i64) -> bool {
    let interval = libc::timeval { tv_sec: 0, tv_usec: microseconds };
    let timer = libc::itimerval { it_interval: interval, it_value: interval };
    // SAFETY: `timer` is valid for reading, and nobody asks for the old one.
    unsafe { libc::setitimer(libc::ITIMER_PROF, &raw const timer, std::ptr::null_mut()) == 0 }
}

/// The address at which the thread was interrupted.
fn interrupted_at(context: *const libc::ucontext_t) -> usize {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: the kernel passes the context of the interrupted thread.
    return unsafe { (*context).uc_mcontext.gregs[libc::REG_RIP as usize] as usize };
    #[cfg(target_arch = "aarch64")]
    // SAFETY: as above.
    return unsafe { (*context).uc_mcontext.pc as usize };
}

/// Runs in the interrupted thread: takes a slot and fills it, without a lock and without memory of its own.
extern "C" fn sample(_: libc::c_int, _: *mut libc::siginfo_t, context: *mut c_void) {
    RUNNING.fetch_add(1, Ordering::SeqCst);
    // SAFETY: the place of errno of this thread.
    let errno = unsafe { *libc::__errno_location() };
    let slots = SLOTS.load(Ordering::SeqCst);
    if !slots.is_null() {
        let index = TAKEN.fetch_add(1, Ordering::SeqCst);
        if index < CAPACITY {
            // SAFETY: so many slots have been mapped, and this one is nobody else's.
            let slot = unsafe { &*slots.add(index) };
            fill(slot, interrupted_at(context.cast()));
        }
    }
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = errno };
    RUNNING.fetch_sub(1, Ordering::SeqCst);
}

/// The stack of the interrupted function, without the frames of the signal.
fn fill(slot: &Slot, interrupted_at: usize) {
    // SAFETY: the slot is this handler's own.
    let addresses = unsafe { &mut *slot.addresses.get() };
    // Names are looked up for the byte before a return address. This one is of an instruction that is yet to run.
    addresses[0] = interrupted_at + 1;
    let (mut length, mut reached) = (1, false);
    // SAFETY: the lock that `trace` takes guards other platforms' unwinders, and the interrupted thread may hold it.
    unsafe {
        backtrace::trace_unsynchronized(|frame| {
            let address = frame.ip() as usize;
            if reached && address != 0 {
                addresses[length] = address;
                length += 1;
            }
            reached = reached || address == interrupted_at;
            length < DEPTH
        });
    }
    slot.length.store(length, Ordering::SeqCst);
}
