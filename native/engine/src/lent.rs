//! Batches that a writer's library has been given, and their schemas: each is to be released once, and before destroy returns.

use std::collections::BTreeMap;
use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::ptr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use writeproof_abi::{ArrowArray, ArrowSchema};

/// What the library has not released, by number. A released one is forgotten, so that the list does not grow with the table.
struct Ledger<T> {
    last: usize,
    held: BTreeMap<usize, T>,
    released_again: u64,
}

static ARRAYS: Mutex<Ledger<FFI_ArrowArray>> = Mutex::new(Ledger::new());
static SCHEMAS: Mutex<Ledger<FFI_ArrowSchema>> = Mutex::new(Ledger::new());

fn locked<T>(ledger: &Mutex<Ledger<T>>) -> MutexGuard<'_, Ledger<T>> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> Ledger<T> {
    const fn new() -> Self {
        Self { last: 0, held: BTreeMap::new(), released_again: 0 }
    }

    /// Keeps it, and gives the number that stands for it in the lent struct's private data.
    fn keep(&mut self, owned: T) -> *mut c_void {
        self.last += 1;
        self.held.insert(self.last, owned);
        ptr::without_provenance_mut(self.last)
    }

    /// What that number stands for, to be freed outside the lock; nothing where it was released before.
    fn give_back(&mut self, number: *mut c_void) -> Option<T> {
        let found = self.held.remove(&number.addr());
        self.released_again += u64::from(found.is_none());
        found
    }

    fn complaints(&self, what: &str) -> Vec<String> {
        let batches = |count: u64| if count == 1 { "1 batch".to_owned() } else { format!("{count} batches") };
        let mut complaints = Vec::new();
        if self.released_again > 0 {
            complaints.push(format!("the writer released {what}{} a second time", batches(self.released_again)));
        }
        if !self.held.is_empty() {
            complaints.push(format!("the writer still held {what}{} after destroy", batches(self.held.len() as u64)));
        }
        complaints
    }
}

/// The array as the library sees it: the same memory, with a release that is counted. A second release of it frees nothing.
pub fn lend_array(array: FFI_ArrowArray) -> ArrowArray {
    let array = ManuallyDrop::new(array);
    // SAFETY: `FFI_ArrowArray` has the layout of the C struct. Both copies are made of one that is not dropped, and of the
    // first one only its list of buffers and children is used, which lives until the second is dropped.
    let (mut lent, owned) =
        unsafe { (ptr::read((&raw const *array).cast::<ArrowArray>()), ptr::read(&raw const *array)) };
    lent.private_data = locked(&ARRAYS).keep(owned);
    lent.release = Some(release_array);
    lent
}

/// The schema as the library sees it, likewise.
pub fn lend_schema(schema: FFI_ArrowSchema) -> ArrowSchema {
    let schema = ManuallyDrop::new(schema);
    // SAFETY: as for an array: of the first copy only texts and children are used, which live until the second is dropped.
    let (mut lent, owned) =
        unsafe { (ptr::read((&raw const *schema).cast::<ArrowSchema>()), ptr::read(&raw const *schema)) };
    lent.private_data = locked(&SCHEMAS).keep(owned);
    lent.release = Some(release_schema);
    lent
}

/// Called by the library, on any thread.
unsafe extern "C" fn release_array(array: *mut ArrowArray) {
    // SAFETY: the C Data Interface asks for a valid struct.
    let array = unsafe { &mut *array };
    array.release = None;
    let found = locked(&ARRAYS).give_back(array.private_data);
    drop(found);
}

/// Called by the library, on any thread.
unsafe extern "C" fn release_schema(schema: *mut ArrowSchema) {
    // SAFETY: the C Data Interface asks for a valid struct.
    let schema = unsafe { &mut *schema };
    schema.release = None;
    let found = locked(&SCHEMAS).give_back(schema.private_data);
    drop(found);
}

/// Sentences on what the library did wrong with what it was lent; to be asked for after destroy.
pub fn complaints() -> Vec<String> {
    let mut complaints = locked(&ARRAYS).complaints("");
    complaints.extend(locked(&SCHEMAS).complaints("the schema of "));
    complaints
}
