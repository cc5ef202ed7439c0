//! Export of slices by pointer.
//!
//! arrow-rs keeps a slice as addresses within its buffers, and bitmaps with an offset in bits; its own export writes a bitmap anew
//! that does not begin with a byte. Here the addresses go back to where the bitmap begins, and the C struct says the offset.

use std::ffi::c_void;
use std::ptr;

use arrow::array::{Array, ArrayData, BufferSpec, RecordBatch, layout};
use arrow::buffer::{Buffer, NullBuffer};
use arrow::datatypes::DataType;
use arrow::ffi::FFI_ArrowArray;
use writeproof_abi::ArrowArray;

/// The batch as a struct array without an offset, its columns with theirs; `None` where no column begins within a byte of a bitmap,
/// and where an offset cannot be said without a copy.
pub(crate) fn export(batch: &RecordBatch) -> Option<FFI_ArrowArray> {
    let offset = batch.columns().iter().map(|column| largest_offset(&column.to_data())).max()?;
    if offset == 0 {
        return None;
    }
    let columns = batch.columns().iter().map(|column| {
        let (data, nulls) = (column.to_data(), column.nulls());
        // Columns without a bitmap were sliced with the others, as far as can be seen.
        of_data(&data, nulls, 0, offset).or_else(|| of_data(&data, nulls, 0, 0))
    });
    let children = columns.collect::<Option<Vec<_>>>()?;
    let owned = Owned {
        addresses: vec![ptr::null()],
        children: boxed(children),
        dictionary: None,
        data: None,
        lengths: Vec::new(),
    };
    Some(owned.into_array(batch.num_rows(), 0, Some(0)))
}

/// Rows before the first one in the bitmaps of an array, or of its children that are sliced with it.
fn largest_offset(data: &ArrayData) -> usize {
    let own = data.nulls().map_or(0, NullBuffer::offset).max(data.offset());
    match data.data_type() {
        DataType::Struct(_) => data.child_data().iter().map(largest_offset).fold(own, usize::max),
        // Of its own rows: in those of its items it lies so many times as far.
        DataType::FixedSizeList(_, size @ 1..) => {
            data.child_data().iter().map(|items| largest_offset(items) / *size as usize).fold(own, usize::max)
        }
        _ => own,
    }
}

/// Exports an array so that `lead` rows before its first one belong to it. Without a bitmap it begins `offset` rows before.
fn of_data(data: &ArrayData, nulls: Option<&NullBuffer>, lead: usize, offset: usize) -> Option<FFI_ArrowArray> {
    let bits = match (nulls, data.data_type()) {
        (Some(nulls), DataType::Boolean) => (nulls.offset() == data.offset()).then_some(data.offset())?,
        (None, DataType::Boolean | DataType::RunEndEncoded(..)) => data.offset(),
        (Some(nulls), _) => nulls.offset(),
        (None, _) => lead.max(offset),
    };
    let beyond = bits.checked_sub(lead)?;
    let layout = layout(data.data_type());
    let mut addresses = Vec::new();
    if layout.can_contain_null_mask {
        addresses.push(nulls.map_or(ptr::null(), |nulls| nulls.buffer().as_ptr().cast()));
    }
    for (index, buffer) in data.buffers().iter().enumerate() {
        addresses.push(match layout.buffers.get(index) {
            Some(BufferSpec::FixedWidth { byte_width, .. }) => before(buffer, bits * byte_width)?,
            _ => buffer.as_ptr().cast(),
        });
    }
    let lengths: Vec<i64> = if layout.variadic {
        data.buffers().iter().skip(1).map(|buffer| buffer.len() as i64).collect()
    } else {
        Vec::new()
    };
    if layout.variadic {
        addresses.push(lengths.as_ptr().cast());
    }
    let child = |lead: usize| {
        let export = |child: &ArrayData| of_data(child, child.nulls(), lead, 0);
        data.child_data().iter().map(export).collect::<Option<Vec<_>>>()
    };
    let (children, dictionary) = match data.data_type() {
        DataType::Struct(_) => (child(bits)?, None),
        DataType::FixedSizeList(_, size) => (child(bits * *size as usize)?, None),
        DataType::List(_)
        | DataType::LargeList(_)
        | DataType::ListView(_)
        | DataType::LargeListView(_)
        | DataType::Map(..)
        | DataType::RunEndEncoded(..) => (child(0)?, None),
        DataType::Dictionary(..) => (Vec::new(), child(0)?.pop()),
        _ if data.child_data().is_empty() => (Vec::new(), None),
        // Unions have offsets of their own kind.
        _ => return None,
    };
    let null_count =
        if nulls.is_none() { Some(0) } else { (lead == 0).then(|| nulls.map_or(0, NullBuffer::null_count)) };
    let owned = Owned {
        addresses,
        children: boxed(children),
        dictionary: dictionary.map(Box::new),
        data: Some((data.clone(), nulls.cloned())),
        lengths,
    };
    Some(owned.into_array(data.len() + lead, beyond, null_count))
}

/// The address `bytes` before the buffer, where its allocation reaches as far.
fn before(buffer: &Buffer, bytes: usize) -> Option<*const c_void> {
    // In the same allocation, because the buffer begins that far into it.
    (buffer.ptr_offset() >= bytes).then(|| buffer.as_ptr().wrapping_sub(bytes).cast())
}

fn boxed(children: Vec<FFI_ArrowArray>) -> Vec<*mut FFI_ArrowArray> {
    children.into_iter().map(|child| Box::into_raw(Box::new(child))).collect()
}

/// What an exported array refers to.
struct Owned {
    addresses: Vec<*const c_void>,
    /// Made by [`boxed`].
    children: Vec<*mut FFI_ArrowArray>,
    dictionary: Option<Box<FFI_ArrowArray>>,
    #[expect(dead_code, reason = "keeps the buffers alive")]
    data: Option<(ArrayData, Option<NullBuffer>)>,
    #[expect(dead_code, reason = "the last of the addresses of a view is its own")]
    lengths: Vec<i64>,
}

impl Drop for Owned {
    fn drop(&mut self) {
        for child in self.children.drain(..) {
            // SAFETY: made by `boxed`, and freed here only. One that its importer took is marked as released.
            drop(unsafe { Box::from_raw(child) });
        }
    }
}

impl Owned {
    fn into_array(self, length: usize, offset: usize, null_count: Option<usize>) -> FFI_ArrowArray {
        let mut owned = Box::new(self);
        let mut array = ArrowArray {
            length: length as i64,
            null_count: null_count.map_or(-1, |count| count as i64),
            offset: offset as i64,
            n_buffers: owned.addresses.len() as i64,
            n_children: owned.children.len() as i64,
            buffers: owned.addresses.as_mut_ptr(),
            children: owned.children.as_mut_ptr().cast(),
            dictionary: owned.dictionary.as_mut().map_or(ptr::null_mut(), |dictionary| (&raw mut **dictionary).cast()),
            release: Some(release),
            private_data: ptr::null_mut(),
        };
        array.private_data = Box::into_raw(owned).cast();
        // SAFETY: both types have the layout of the C struct, and this one is valid.
        unsafe { FFI_ArrowArray::from_raw((&raw mut array).cast()) }
    }
}

unsafe extern "C" fn release(array: *mut ArrowArray) {
    // SAFETY: the C Data Interface asks for a valid struct that was not released; its private data was made by `into_array`.
    unsafe {
        let array = &mut *array;
        array.release = None;
        drop(Box::from_raw(array.private_data.cast::<Owned>()));
    }
}
