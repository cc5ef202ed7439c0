//! Batches that a writer's library has been given: each is to be released once, and before destroy returns.

use std::collections::BTreeMap;
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use arrow::ffi::FFI_ArrowArray;
use writeproof_abi::ArrowArray;

/// What the library has not released, by number. A released one is forgotten, so that the list does not grow with the table.
struct Ledger {
    last: usize,
    held: BTreeMap<usize, FFI_ArrowArray>,
    released_again: u64,
}

static LEDGER: Mutex<Ledger> = Mutex::new(Ledger { last: 0, held: BTreeMap::new(), released_again: 0 });

fn ledger() -> MutexGuard<'static, Ledger> {
    LEDGER.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The array as the library sees it: the same memory, with a release that is counted. A second release of it frees nothing.
pub fn lend(array: FFI_ArrowArray) -> ArrowArray {
    let array = ManuallyDrop::new(array);
    // SAFETY: `FFI_ArrowArray` has the layout of the C struct. Both copies are made of one that is not dropped, and of the
    // first one only its list of buffers and children is used, which lives until the second is dropped.
    let (mut lent, owned) =
        unsafe { (ptr::read((&raw const *array).cast::<ArrowArray>()), ptr::read(&raw const *array)) };
    let mut ledger = ledger();
    ledger.last += 1;
    let number = ledger.last;
    ledger.held.insert(number, owned);
    lent.release = Some(release);
    lent.private_data = ptr::without_provenance_mut::<c_void>(number);
    lent
}

/// Called by the library, on any thread.
unsafe extern "C" fn release(array: *mut ArrowArray) {
    // SAFETY: the C Data Interface asks for a valid struct.
    let array = unsafe { &mut *array };
    array.release = None;
    let found = {
        let mut ledger = ledger();
        let found = ledger.held.remove(&array.private_data.addr());
        ledger.released_again += u64::from(found.is_none());
        found
    };
    // Freed outside the lock.
    drop(found);
}

/// Sentences on what the library did wrong with what it was lent; to be asked for after destroy.
pub fn complaints() -> Vec<String> {
    let ledger = ledger();
    let batches = |count: u64| if count == 1 { "1 batch".to_owned() } else { format!("{count} batches") };
    let mut complaints = Vec::new();
    if ledger.released_again > 0 {
        complaints.push(format!("the writer released {} a second time", batches(ledger.released_again)));
    }
    if !ledger.held.is_empty() {
        complaints.push(format!("the writer still held {} after destroy", batches(ledger.held.len() as u64)));
    }
    complaints
}
