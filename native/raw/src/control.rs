//! What the caller of a long call sees and says meanwhile, from another thread.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Shared by the caller and the call.
#[derive(Debug, Default)]
pub struct Control {
    bytes: AtomicU64,
    stopped: AtomicBool,
}

impl Control {
    /// Bytes done so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    /// Asks the call to end soon, with an error.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    pub(crate) fn add(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}
