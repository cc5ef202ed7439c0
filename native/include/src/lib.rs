//! `writeproof.h` for Rust: the C structs for whoever loads a writer, and [`export_writer!`] for whoever writes one.
//!
//! No Arrow crate in it: a writer imports the two C structs with the `from_ffi` of whichever Arrow version it uses.

mod export;

use std::ffi::{c_char, c_void};

pub use export::{CreateArgs, Error, Exported, OpenReader, Writer, open_reader, panic_message};

/// Version of the interface; equal to `WRITEPROOF_ABI_VERSION` of the header (asserted by a test that compiles it).
pub const ABI_VERSION: u32 = 1;

/// Key of the schema metadata under which a writer stores the nonce of its run.
pub const NONCE_KEY: &str = "writeproof.nonce";

/// `struct ArrowArray` of the Arrow C Data Interface, by layout.
#[repr(C)]
#[derive(Debug)]
pub struct ArrowArray {
    /// Rows.
    pub length: i64,
    /// Nulls, or -1 when not counted.
    pub null_count: i64,
    /// Rows to skip at the front of every buffer.
    pub offset: i64,
    /// Number of `buffers`.
    pub n_buffers: i64,
    /// Number of `children`.
    pub n_children: i64,
    /// Addresses of the buffers; entries may be null.
    pub buffers: *mut *const c_void,
    /// Child arrays.
    pub children: *mut *mut ArrowArray,
    /// Dictionary, or null.
    pub dictionary: *mut ArrowArray,
    /// Frees the array; `None` once released or moved.
    pub release: Option<unsafe extern "C" fn(*mut ArrowArray)>,
    /// The producer's own.
    pub private_data: *mut c_void,
}

/// `struct ArrowSchema` of the Arrow C Data Interface, by layout.
#[repr(C)]
#[derive(Debug)]
pub struct ArrowSchema {
    /// The type, as text.
    pub format: *const c_char,
    /// The field's name, or null.
    pub name: *const c_char,
    /// Encoded key-value metadata, or null.
    pub metadata: *const c_char,
    /// Nullable, sorted keys, ordered dictionary.
    pub flags: i64,
    /// Number of `children`.
    pub n_children: i64,
    /// Child schemas.
    pub children: *mut *mut ArrowSchema,
    /// Dictionary, or null.
    pub dictionary: *mut ArrowSchema,
    /// Frees the schema; `None` once released or moved.
    pub release: Option<unsafe extern "C" fn(*mut ArrowSchema)>,
    /// The producer's own.
    pub private_data: *mut c_void,
}

/// `struct ArrowArrayStream` of the Arrow C Stream Interface; opaque here but for its size.
#[repr(C)]
#[derive(Debug)]
pub struct ArrowArrayStream {
    fields: [*mut c_void; 5],
}

/// `writeproof_create_args`.
#[repr(C)]
#[derive(Debug)]
pub struct RawCreateArgs {
    /// Size of this struct at the caller, bytes.
    pub struct_size: u32,
    /// [`ABI_VERSION`] of the caller.
    pub abi_version: u32,
    /// Path of the target.
    pub target: *const c_char,
    /// Options, a JSON object.
    pub options_json: *const c_char,
    /// Nonce of the run.
    pub nonce: *const c_char,
    /// Schema of every batch; borrowed.
    pub schema: *const ArrowSchema,
}

/// Folds the addresses of every buffer of a batch into one number: the sum, modulo 2^64, of splitmix64(address + i) over
/// the non-null buffers that hold rows, i counting buffers depth first. Equal folds over all batches prove, as far as
/// 64 bits can, that a writer encoded from the very memory that was handed over.
///
/// # Safety
/// `array` points to a valid, unreleased array.
pub unsafe fn address_fold(array: *const ArrowArray) -> u64 {
    let mut index = 0;
    // SAFETY: passed on from the caller.
    unsafe { fold(array, &mut index) }
}

unsafe fn fold(array: *const ArrowArray, index: &mut u64) -> u64 {
    // SAFETY: the caller passes a valid array, and the C Data Interface gives the lengths of both lists.
    let array = unsafe { &*array };
    let mut sum = 0_u64;
    for buffer in 0..usize::try_from(array.n_buffers).unwrap_or(0) {
        *index += 1;
        // SAFETY: `buffers` has `n_buffers` entries.
        let address = unsafe { *array.buffers.add(buffer) } as u64;
        if address != 0 {
            sum = sum.wrapping_add(splitmix64(address.wrapping_add(*index)));
        }
    }
    for child in 0..usize::try_from(array.n_children).unwrap_or(0) {
        // SAFETY: `children` has `n_children` valid entries.
        sum = sum.wrapping_add(unsafe { fold(*array.children.add(child), index) });
    }
    if !array.dictionary.is_null() {
        // SAFETY: a dictionary that is not null is a valid array.
        sum = sum.wrapping_add(unsafe { fold(array.dictionary, index) });
    }
    sum
}

/// Finaliser of splitmix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators").
fn splitmix64(value: u64) -> u64 {
    let mut z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
