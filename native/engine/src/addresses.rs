//! Which memory was handed over: buffer addresses of a batch beside those of the C structs made from it.

use arrow::array::{Array, ArrayData, RecordBatch};
use writeproof_abi::ArrowArray;

/// Addresses of every buffer of the batch that holds bytes.
pub fn of_batch(batch: &RecordBatch) -> Vec<usize> {
    let mut addresses = Vec::new();
    for column in batch.columns() {
        collect(&column.to_data(), &mut addresses);
    }
    addresses.sort_unstable();
    addresses
}

fn collect(data: &ArrayData, addresses: &mut Vec<usize>) {
    let validity = data.nulls().map(|nulls| nulls.buffer());
    addresses.extend(
        data.buffers()
            .iter()
            .chain(validity)
            .filter(|buffer| !buffer.is_empty())
            .map(|buffer| buffer.as_ptr() as usize),
    );
    for child in data.child_data() {
        collect(child, addresses);
    }
}

/// Addresses of every buffer of an exported array, null pointers left out.
///
/// # Safety
/// `array` points to a valid, unreleased array.
pub unsafe fn of_exported(array: *const ArrowArray) -> Vec<usize> {
    let mut addresses = Vec::new();
    // SAFETY: passed on from the caller.
    unsafe { collect_exported(array, &mut addresses) };
    addresses.sort_unstable();
    addresses
}

unsafe fn collect_exported(array: *const ArrowArray, addresses: &mut Vec<usize>) {
    // SAFETY: valid, as the caller promises; the C Data Interface gives the lengths of both lists.
    let array = unsafe { &*array };
    for index in 0..usize::try_from(array.n_buffers).unwrap_or(0) {
        // SAFETY: `buffers` has `n_buffers` entries.
        let address = unsafe { *array.buffers.add(index) } as usize;
        if address != 0 {
            addresses.push(address);
        }
    }
    for index in 0..usize::try_from(array.n_children).unwrap_or(0) {
        // SAFETY: `children` has `n_children` valid entries.
        unsafe { collect_exported(*array.children.add(index), addresses) };
    }
    if !array.dictionary.is_null() {
        // SAFETY: a dictionary that is not null is a valid array.
        unsafe { collect_exported(array.dictionary, addresses) };
    }
}

/// How many of the (sorted) addresses are among the (sorted) others.
pub fn shared(addresses: &[usize], others: &[usize]) -> usize {
    addresses.iter().filter(|address| others.binary_search(address).is_ok()).count()
}
