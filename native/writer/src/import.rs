//! Batches from the C Data Interface, and whether they stayed where the caller had them.

use std::sync::Arc;

use arrow::array::{Array, ArrayData, RecordBatch, RecordBatchOptions, StructArray};
use arrow::buffer::Buffer;
use arrow::datatypes::{DataType, Schema, SchemaRef};
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use writeproof_abi::{ArrowArray, ArrowSchema, Error, address_fold};

/// A batch that was moved in.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The batch; it releases the caller's array when its last buffer is dropped.
    pub batch: RecordBatch,
    /// [`address_fold`] over the buffers that this batch is encoded from. It differs from that of the caller's array
    /// when a buffer was copied on import (arrow-rs copies those that are not aligned for their type).
    pub address_fold: u64,
}

/// Reads the borrowed schema of create.
///
/// # Errors
/// When it is not a struct of Arrow types that arrow-rs knows.
///
/// # Safety
/// `schema` points to a valid, unreleased schema.
pub unsafe fn import_schema(schema: *const ArrowSchema) -> Result<SchemaRef, Error> {
    // SAFETY: both types have the layout of the C Data Interface; the struct is borrowed, and not released.
    let schema = unsafe { &*schema.cast::<FFI_ArrowSchema>() };
    Schema::try_from(schema)
        .map(Arc::new)
        .map_err(|error| Error::new(format!("the schema given to create cannot be imported: {error}")))
}

/// Moves a batch in: both structs are marked as released, also when this fails.
///
/// # Errors
/// When it is not a batch of the schema `expected`.
///
/// # Safety
/// Both pointers are valid and follow the C Data Interface.
pub unsafe fn import(
    array: *mut ArrowArray,
    schema: *mut ArrowSchema,
    expected: &SchemaRef,
) -> Result<Imported, Error> {
    // SAFETY: both types have the layout of the C Data Interface, and the caller gives both structs away. Moving a struct
    // leaves the addresses in it valid, so that `array` may be folded after it.
    let (moved, moved_schema) =
        unsafe { (FFI_ArrowArray::from_raw(array.cast()), FFI_ArrowSchema::from_raw(schema.cast())) };
    if moved.is_released() {
        return Err(Error::new("the batch was released before it was handed over"));
    }
    let raw = (&raw const moved).cast::<ArrowArray>();
    let mut addresses = Vec::new();
    // SAFETY: `moved` is a valid array until it is imported.
    let fold = unsafe {
        collect(&*raw, &mut addresses);
        address_fold(raw)
    };
    // SAFETY: the caller promises that array and schema agree.
    let data = unsafe { from_ffi(moved, &moved_schema) }
        .map_err(|error| Error::new(format!("the batch cannot be imported: {error}")))?;
    if !matches!(data.data_type(), DataType::Struct(_)) {
        return Err(Error::new(format!("a batch is a struct array; this one is {}", data.data_type())));
    }
    if data.null_count() > 0 {
        return Err(Error::new(format!("a batch has no nulls of its own; this one has {}", data.null_count())));
    }
    let rows = data.len();
    let (_, columns, _) = StructArray::from(narrowed(&data, 0, rows)).into_parts();
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let batch = RecordBatch::try_new_with_options(Arc::clone(expected), columns, &options)
        .map_err(|error| Error::new(format!("the batch does not have the schema given to create: {error}")))?;

    let mut nodes = addresses.iter().skip(1);
    let moved_away: u64 = batch.columns().iter().map(|column| elsewhere(&column.to_data(), &mut nodes)).sum();
    Ok(Imported { batch, address_fold: fold.wrapping_add(moved_away) })
}

/// The rows `offset..offset + length` of `data`, with those of structs cut from their children. `ArrayData::slice` of arrow-rs before 60 both
/// cuts the children and moves the struct's own offset, and so counts it twice for structs within structs.
fn narrowed(data: &ArrayData, offset: usize, length: usize) -> ArrayData {
    if !matches!(data.data_type(), DataType::Struct(_)) {
        return data.slice(offset, length);
    }
    let first = data.offset() + offset;
    let children = data.child_data().iter().map(|child| narrowed(child, first, length)).collect();
    let builder = ArrayData::builder(data.data_type().clone())
        .len(length)
        .nulls(data.nulls().map(|nulls| nulls.slice(offset, length)))
        .child_data(children);
    // SAFETY: a struct of valid children, each with as many rows as it has.
    unsafe { builder.build_unchecked() }
}

/// Buffer addresses of every array, depth first.
///
/// # Safety
/// `array` is valid.
unsafe fn collect(array: &ArrowArray, into: &mut Vec<Vec<usize>>) {
    let count = |number: i64| usize::try_from(number).unwrap_or(0);
    // SAFETY: the C Data Interface gives the lengths of both lists, and every entry of `children` is valid.
    unsafe {
        into.push((0..count(array.n_buffers)).map(|index| *array.buffers.add(index) as usize).collect());
        for child in 0..count(array.n_children) {
            collect(&**array.children.add(child), into);
        }
        if let Some(dictionary) = array.dictionary.as_ref() {
            collect(dictionary, into);
        }
    }
}

/// Counts the buffers of `data` that hold something and do not begin where the caller's did.
fn elsewhere<'a>(data: &ArrayData, nodes: &mut impl Iterator<Item = &'a Vec<usize>>) -> u64 {
    let Some(addresses) = nodes.next() else { return 1 };
    let differs = |buffer: &Buffer, address: Option<&usize>| {
        u64::from(!buffer.is_empty() && address != Some(&(buffer.data_ptr().as_ptr() as usize)))
    };
    let validity = !matches!(data.data_type(), DataType::Null | DataType::Union(..) | DataType::RunEndEncoded(..));
    let nulls = data.nulls().map_or(0, |nulls| differs(nulls.buffer(), addresses.first()));
    let values: u64 = data
        .buffers()
        .iter()
        .enumerate()
        .map(|(index, buffer)| differs(buffer, addresses.get(index + usize::from(validity))))
        .sum();
    let children: u64 = data.child_data().iter().map(|child| elsewhere(child, nodes)).sum();
    nulls + values + children
}
