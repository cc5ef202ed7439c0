//! Plain buffers from JavaScript, made into Arrow arrays of declared types.

use std::sync::Arc;

use arrow::array::{ArrayRef, Date32Array, Decimal128Array, Int32Array, Int64Array, StringArray};
use arrow::buffer::{BooleanBuffer, NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field};
use napi::Result;
use napi::bindgen_prelude::{BigInt64Array, Int32Array as JsInt32Array, Uint8Array};
use napi_derive::napi;

use crate::to_js;

/// One column of one batch. Which buffers it has follows from its type: int64 and decimal128 (unscaled values that fit in 64
/// bits) have `longs`, int32 and date32 `ints`, utf8 `bytes` and `offsets` (rows + 1).
#[napi(object)]
pub struct ColumnBuffers {
    /// 64-bit values.
    pub longs: Option<BigInt64Array>,
    /// 32-bit values.
    pub ints: Option<JsInt32Array>,
    /// All strings, one after the other.
    pub bytes: Option<Uint8Array>,
    /// Where each string starts, and where the last one ends.
    pub offsets: Option<JsInt32Array>,
    /// One byte a row, 0 for null; absent when no row is null.
    pub validity: Option<Uint8Array>,
}

/// The column as an Arrow array of the field's type.
pub(crate) fn array(field: &Field, column: &ColumnBuffers) -> Result<ArrayRef> {
    let nulls = column
        .validity
        .as_ref()
        .map(|validity| NullBuffer::new(BooleanBuffer::collect_bool(validity.len(), |row| validity[row] != 0)));
    let array: ArrayRef = match field.data_type() {
        DataType::Int64 => {
            let values = longs(field, column)?.to_vec().into();
            Arc::new(Int64Array::try_new(values, nulls).map_err(to_js)?)
        }
        DataType::Decimal128(precision, scale) => {
            let values: Vec<i128> = longs(field, column)?.iter().copied().map(i128::from).collect();
            let decimals = Decimal128Array::try_new(values.into(), nulls).map_err(to_js)?;
            Arc::new(decimals.with_precision_and_scale(*precision, *scale).map_err(to_js)?)
        }
        DataType::Int32 => {
            let values = needed(field, "ints", column.ints.as_ref())?.to_vec().into();
            Arc::new(Int32Array::try_new(values, nulls).map_err(to_js)?)
        }
        DataType::Date32 => {
            let values = needed(field, "ints", column.ints.as_ref())?.to_vec().into();
            Arc::new(Date32Array::try_new(values, nulls).map_err(to_js)?)
        }
        DataType::Utf8 => {
            let offsets = needed(field, "offsets", column.offsets.as_ref())?.to_vec();
            if offsets.first() != Some(&0) || offsets.windows(2).any(|pair| pair[0] > pair[1]) {
                return Err(to_js(format!(
                    "column {}: offsets of strings must start at 0 and not decrease",
                    field.name()
                )));
            }
            let bytes = needed(field, "bytes", column.bytes.as_ref())?.to_vec();
            let strings = StringArray::try_new(OffsetBuffer::new(offsets.into()), bytes.into(), nulls);
            Arc::new(strings.map_err(|error| to_js(format!("column {}: {error}", field.name())))?)
        }
        other => return Err(to_js(format!("column {}: no buffers for {other}", field.name()))),
    };
    Ok(array)
}

fn longs<'a>(field: &Field, column: &'a ColumnBuffers) -> Result<&'a BigInt64Array> {
    needed(field, "longs", column.longs.as_ref())
}

fn needed<'a, T>(field: &Field, buffer: &str, value: Option<&'a T>) -> Result<&'a T> {
    value.ok_or_else(|| {
        to_js(format!("column {} of type {} needs the buffer {buffer}", field.name(), field.data_type()))
    })
}
