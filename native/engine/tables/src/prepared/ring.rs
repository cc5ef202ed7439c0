use std::alloc::{Layout, alloc_zeroed, dealloc, handle_alloc_error};
use std::ptr::NonNull;
use std::sync::{Arc, Mutex, PoisonError};

use arrow::buffer::Buffer;

use super::index::PAGE;

/// Page-aligned memory of one batch.
struct Slot {
    memory: NonNull<u8>,
    layout: Layout,
}

// SAFETY: a slot owns its memory, and nothing in it is tied to a thread.
unsafe impl Send for Slot {}
// SAFETY: shared slots are only read.
unsafe impl Sync for Slot {}

impl Slot {
    fn new(layout: Layout) -> Self {
        // SAFETY: the layout is not of size 0, see `Ring::new`.
        let memory = unsafe { alloc_zeroed(layout) };
        Self { memory: NonNull::new(memory).unwrap_or_else(|| handle_alloc_error(layout)), layout }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        // SAFETY: allocated with this layout, and freed once.
        unsafe { dealloc(self.memory.as_ptr(), self.layout) };
    }
}

#[derive(Default)]
struct Shelf {
    free: Vec<Slot>,
    allocated: usize,
}

/// Slots that are used again once nobody refers to what was in them.
pub(super) struct Ring {
    layout: Layout,
    shelf: Arc<Mutex<Shelf>>,
}

/// A slot in use; back on the shelf when dropped.
pub(super) struct Lease {
    slot: Option<Slot>,
    shelf: Arc<Mutex<Shelf>>,
}

impl Ring {
    /// A ring of slots of at least `bytes` bytes each.
    pub(super) fn new(bytes: u64) -> Result<Self, std::alloc::LayoutError> {
        let size = bytes.max(1).next_multiple_of(PAGE) as usize;
        Ok(Self { layout: Layout::from_size_align(size, PAGE as usize)?, shelf: Arc::default() })
    }

    /// A free slot, or a new one: a writer that keeps batches makes the ring grow.
    pub(super) fn lease(&self) -> Lease {
        let mut shelf = self.shelf.lock().unwrap_or_else(PoisonError::into_inner);
        let slot = shelf.free.pop().unwrap_or_else(|| {
            shelf.allocated += 1;
            Slot::new(self.layout)
        });
        Lease { slot: Some(slot), shelf: self.shelf.clone() }
    }

    /// Slots made so far.
    pub(super) fn allocated(&self) -> usize {
        self.shelf.lock().unwrap_or_else(PoisonError::into_inner).allocated
    }

    /// Bytes of a slot.
    pub(super) fn slot_bytes(&self) -> usize {
        self.layout.size()
    }
}

impl Lease {
    fn slot(&self) -> &Slot {
        // Taken out by drop only.
        self.slot.as_ref().expect("a lease has its slot until it is dropped")
    }

    /// The memory, to be filled.
    pub(super) fn bytes(&mut self) -> &mut [u8] {
        let slot = self.slot();
        // SAFETY: the memory was zeroed when it was allocated, is of this size, and is referred to by this lease alone.
        unsafe { std::slice::from_raw_parts_mut(slot.memory.as_ptr(), slot.layout.size()) }
    }

    /// Bytes `from` to `to` as a buffer that ends the lease when its last copy is dropped.
    pub(super) fn into_buffer(self, from: usize, to: usize) -> Buffer {
        let size = self.slot().layout.size();
        assert!(from <= to && to <= size, "bytes {from} to {to} of a slot of {size}");
        // SAFETY: `from` is within the allocation.
        let start = unsafe { self.slot().memory.add(from) };
        // SAFETY: the bytes are within the slot, are initialised, stay alive as long as the lease, and are not written while it lives.
        unsafe { Buffer::from_custom_allocation(start, to - from, Arc::new(self)) }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(slot) = self.slot.take() {
            self.shelf.lock().unwrap_or_else(PoisonError::into_inner).free.push(slot);
        }
    }
}
