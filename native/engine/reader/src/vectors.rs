//! The vectors of a chunk of DuckDB's: values that are digested where they are, and any others by way of Arrow.

use std::slice;

use arrow::array::{RecordBatch, StructArray};
use arrow::datatypes::{DataType, Schema};
use arrow::ffi::{FFI_ArrowArray, from_ffi_and_data_type};
use writeproof_digest::{HeldColumn, HeldValues, PointedBytes};

use crate::ReaderError;
use crate::duckdb::text;
use crate::library::{Functions, Handle};

/// Numbers of `enum DUCKDB_TYPE`.
mod type_id {
    pub const BOOLEAN: u32 = 1;
    pub const TINYINT: u32 = 2;
    pub const SMALLINT: u32 = 3;
    pub const INTEGER: u32 = 4;
    pub const BIGINT: u32 = 5;
    pub const UTINYINT: u32 = 6;
    pub const USMALLINT: u32 = 7;
    pub const UINTEGER: u32 = 8;
    pub const UBIGINT: u32 = 9;
    pub const FLOAT: u32 = 10;
    pub const DOUBLE: u32 = 11;
    pub const TIMESTAMP: u32 = 12;
    pub const DATE: u32 = 13;
    pub const TIME: u32 = 14;
    pub const HUGEINT: u32 = 16;
    pub const VARCHAR: u32 = 17;
    pub const BLOB: u32 = 18;
    pub const DECIMAL: u32 = 19;
    pub const TIMESTAMP_S: u32 = 20;
    pub const TIMESTAMP_MS: u32 = 21;
    pub const TIMESTAMP_NS: u32 = 22;
    pub const TIMESTAMP_TZ: u32 = 31;
    pub const ANY: u32 = 34;
}
pub(crate) use type_id::{ANY, UTINYINT};

/// How a vector holds its values where they are the digest's canonical ones.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Held {
    /// So many bytes each.
    Fixed(usize),
    Bytes,
}

/// Rows in vectors that are flat: a value for each row, at the row's place.
pub(crate) struct Chunk<'a> {
    functions: &'a Functions,
    handle: Handle,
    pub rows: usize,
}

impl<'a> Chunk<'a> {
    /// # Safety
    /// `handle` is a chunk with flat vectors, which nobody changes for all of `'a`.
    pub unsafe fn new(functions: &'a Functions, handle: Handle) -> Result<Self, ReaderError> {
        // SAFETY: the caller's promise.
        let rows = unsafe { (functions.data_chunk_get_size)(handle) };
        let rows = usize::try_from(rows).map_err(|error| ReaderError::new("counting DuckDB's rows", error))?;
        Ok(Self { functions, handle, rows })
    }

    pub fn columns(&self) -> u64 {
        // SAFETY: the chunk is alive.
        unsafe { (self.functions.data_chunk_get_column_count)(self.handle) }
    }

    fn vector(&self, position: u64) -> Handle {
        // SAFETY: the chunk is alive; a position outside of it has the null vector, for which DuckDB answers null.
        unsafe { (self.functions.data_chunk_get_vector)(self.handle, position) }
    }

    /// How the column holds its values; `None` where only Arrow can tell them.
    pub fn held(&self, position: u64) -> Option<Held> {
        use type_id::*;
        // SAFETY: the chunk is alive, the type is asked for and destroyed once.
        let of_values = unsafe {
            let mut declared = (self.functions.vector_get_column_type)(self.vector(position));
            let id = (self.functions.get_type_id)(declared);
            let decimal_id = (id == DECIMAL).then(|| (self.functions.decimal_internal_type)(declared));
            (self.functions.destroy_logical_type)(&mut declared);
            decimal_id.unwrap_or(if id == HUGEINT { ANY } else { id })
        };
        Some(match of_values {
            BOOLEAN | TINYINT | UTINYINT => Held::Fixed(1),
            SMALLINT | USMALLINT => Held::Fixed(2),
            INTEGER | UINTEGER | FLOAT | DATE => Held::Fixed(4),
            BIGINT | UBIGINT | DOUBLE | TIME => Held::Fixed(8),
            TIMESTAMP | TIMESTAMP_S | TIMESTAMP_MS | TIMESTAMP_NS | TIMESTAMP_TZ => Held::Fixed(8),
            // Of a decimal: as an integer of its own, Arrow has no type for it.
            HUGEINT => Held::Fixed(16),
            VARCHAR | BLOB => Held::Bytes,
            _ => return None,
        })
    }

    /// The column's values where they are.
    pub fn column(&self, position: u64, held: Held) -> HeldColumn<'a> {
        let vector = self.vector(position);
        // SAFETY: the chunk is alive and flat: it has `rows` values of the width that its type has, and where there is a
        // validity, a bit for each of them.
        unsafe {
            let data = (self.functions.vector_get_data)(vector);
            let validity = (self.functions.vector_get_validity)(vector);
            let valid = (!validity.is_null()).then(|| slice::from_raw_parts(validity, self.rows.div_ceil(64)));
            let values = match held {
                Held::Bytes => HeldValues::Bytes(PointedBytes::entries(data, self.rows)),
                Held::Fixed(stored) => {
                    HeldValues::Fixed { bytes: slice::from_raw_parts(data.cast(), self.rows * stored), stored }
                }
            };
            HeldColumn { valid, values }
        }
    }

    /// All columns, by way of Arrow.
    pub fn to_arrow(&self, options: Handle, schema: &Schema) -> Result<RecordBatch, ReaderError> {
        let failed = |reason: String| ReaderError::new("DuckDB's rows as Arrow", reason);
        let mut exported = FFI_ArrowArray::empty();
        // SAFETY: the array goes to the place given, which owns it from then on; an error is read and destroyed once.
        let failure = unsafe {
            let mut error = (self.functions.data_chunk_to_arrow)(options, self.handle, &mut exported);
            let failure = (!error.is_null()).then(|| text((self.functions.error_data_message)(error)));
            if !error.is_null() {
                (self.functions.destroy_error_data)(&mut error);
            }
            failure
        };
        if let Some(reason) = failure {
            return Err(failed(reason));
        }
        // SAFETY: DuckDB made the array as the schema says, which it made for the same options.
        let data = unsafe { from_ffi_and_data_type(exported, DataType::Struct(schema.fields().clone())) };
        data.map(|data| RecordBatch::from(StructArray::from(data))).map_err(|error| failed(error.to_string()))
    }
}
