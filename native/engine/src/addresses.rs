//! Which memory was handed over: buffer addresses of a batch beside those of the C structs made from it.

use arrow::array::{Array, ArrayData, BufferSpec, RecordBatch, layout};
use arrow::datatypes::DataType;
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

/// Addresses of every buffer of an array and its children that holds bytes.
pub fn of_data(data: &ArrayData) -> Vec<usize> {
    let mut addresses = Vec::new();
    collect(data, &mut addresses);
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

/// Addresses of every buffer of an exported array of this type, null pointers left out: those of the first row's values, where
/// the C struct says an offset, as the arrays of a batch have them.
///
/// # Safety
/// `array` points to a valid, unreleased array of the type.
pub unsafe fn of_exported(array: *const ArrowArray, kind: &DataType) -> Vec<usize> {
    let mut addresses = Vec::new();
    // SAFETY: passed on from the caller.
    unsafe { collect_exported(array, kind, 0, &mut addresses) };
    addresses.sort_unstable();
    addresses
}

/// `skip` is the number of rows that the parent's offset skips.
unsafe fn collect_exported(array: *const ArrowArray, kind: &DataType, skip: usize, addresses: &mut Vec<usize>) {
    let count = |number: i64| usize::try_from(number).unwrap_or(0);
    // SAFETY: valid, as the caller promises; the C Data Interface gives the lengths of both lists.
    let array = unsafe { &*array };
    let first = skip + count(array.offset);
    let layout = layout(kind);
    let bitmaps = usize::from(layout.can_contain_null_mask);
    for index in 0..count(array.n_buffers) {
        // SAFETY: `buffers` has `n_buffers` entries.
        let address = unsafe { *array.buffers.add(index) } as usize;
        let width = match index.checked_sub(bitmaps).and_then(|index| layout.buffers.get(index)) {
            Some(BufferSpec::FixedWidth { byte_width, .. }) => *byte_width,
            _ => 0,
        };
        if address != 0 {
            addresses.push(address + first * width);
        }
    }
    let mut child = |index: usize, kind: &DataType, skip: usize| {
        // SAFETY: `children` has `n_children` valid entries.
        unsafe { collect_exported(*array.children.add(index), kind, skip, addresses) }
    };
    match kind {
        DataType::Struct(fields) => {
            fields.iter().enumerate().for_each(|(index, field)| child(index, field.data_type(), first));
        }
        DataType::FixedSizeList(field, size) => child(0, field.data_type(), first * *size as usize),
        DataType::List(field) | DataType::LargeList(field) | DataType::Map(field, _) => child(0, field.data_type(), 0),
        DataType::ListView(field) | DataType::LargeListView(field) => child(0, field.data_type(), 0),
        DataType::Union(fields, _) => {
            fields.iter().enumerate().for_each(|(index, (_, field))| child(index, field.data_type(), 0));
        }
        DataType::RunEndEncoded(ends, values) => {
            child(0, ends.data_type(), 0);
            child(1, values.data_type(), 0);
        }
        DataType::Dictionary(_, values) if !array.dictionary.is_null() => {
            // SAFETY: a dictionary that is not null is a valid array.
            unsafe { collect_exported(array.dictionary, values, 0, addresses) }
        }
        _ => {}
    }
}

/// How many of the (sorted) addresses are among the (sorted) others.
pub fn shared(addresses: &[usize], others: &[usize]) -> usize {
    addresses.iter().filter(|address| others.binary_search(address).is_ok()).count()
}
