//! Plain buffers from JavaScript, made into Arrow arrays of declared types.

use std::sync::Arc;

use arrow::array::{
    Array, ArrayData, ArrayRef, BinaryArray, BooleanArray, ListArray, StringArray, StructArray, make_array,
    new_null_array,
};
use arrow::buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer};
use arrow::datatypes::{DataType, Field, FieldRef};
use napi::Result;
use napi::bindgen_prelude::{BigInt64Array, Int32Array as JsInt32Array, Uint8Array};
use napi_derive::napi;

use crate::to_js;

/// One column of one batch. Which buffers it has follows from its type: values of a fixed width have `longs`, `ints` or `fixed`; strings and
/// binary `bytes` and `offsets` (rows + 1); lists and maps `offsets` and one child, structs children. Of decimals, `longs` are unscaled
/// values that fit in 64 bits.
#[napi(object)]
pub struct ColumnBuffers {
    /// 64-bit values.
    pub longs: Option<BigInt64Array>,
    /// 32-bit values.
    pub ints: Option<JsInt32Array>,
    /// Little-endian values of any width, as Arrow holds them; a byte for each bool.
    pub fixed: Option<Uint8Array>,
    /// All strings, one after the other.
    pub bytes: Option<Uint8Array>,
    /// Where each string or list starts, and where the last one ends.
    pub offsets: Option<JsInt32Array>,
    /// One byte a row, 0 for null; absent when no row is null.
    pub validity: Option<Uint8Array>,
    /// Elements of lists (of maps: structs of key and value), or the fields of structs.
    pub children: Option<Vec<ColumnBuffers>>,
    /// So many nulls; no other buffer is looked at.
    pub null_rows: Option<u32>,
}

/// The column as an Arrow array of a layout of the field's type.
pub(crate) fn array(field: &Field, column: &ColumnBuffers) -> Result<ArrayRef> {
    if let Some(rows) = column.null_rows {
        return Ok(new_null_array(field.data_type(), rows as usize));
    }
    let nulls = column
        .validity
        .as_ref()
        .map(|validity| NullBuffer::new(BooleanBuffer::collect_bool(validity.len(), |row| validity[row] != 0)));
    let failed = |error: &dyn std::fmt::Display| to_js(format!("column {}: {error}", field.name()));
    match field.data_type() {
        DataType::Dictionary(_, values) => array(&Field::new(field.name(), values.as_ref().clone(), true), column),
        DataType::RunEndEncoded(_, values) => {
            array(&Field::new(field.name(), values.data_type().clone(), true), column)
        }
        DataType::Boolean => {
            let values = needed(field, "fixed", column.fixed.as_ref())?;
            let bits = BooleanBuffer::collect_bool(values.len(), |row| values[row] != 0);
            Ok(Arc::new(BooleanArray::new(bits, of_length(field, nulls, values.len())?)))
        }
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let bytes = needed(field, "bytes", column.bytes.as_ref())?.to_vec();
            let strings = StringArray::try_new(offsets(field, column)?, bytes.into(), nulls);
            Ok(Arc::new(strings.map_err(|error| failed(&error))?))
        }
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView | DataType::FixedSizeBinary(_) => {
            let bytes = needed(field, "bytes", column.bytes.as_ref())?.to_vec();
            let binary = BinaryArray::try_new(offsets(field, column)?, bytes.into(), nulls);
            Ok(Arc::new(binary.map_err(|error| failed(&error))?))
        }
        DataType::List(item)
        | DataType::LargeList(item)
        | DataType::ListView(item)
        | DataType::LargeListView(item)
        | DataType::FixedSizeList(item, _)
        | DataType::Map(item, _) => {
            let [child] = children(field, column, 1)? else { return Err(failed(&"a list has one child")) };
            let elements = array(item, child)?;
            let list = ListArray::try_new(any(&elements), offsets(field, column)?, elements, nulls);
            Ok(Arc::new(list.map_err(|error| failed(&error))?))
        }
        DataType::Struct(fields) => {
            let buffers = children(field, column, fields.len())?;
            let columns: Vec<_> =
                fields.iter().zip(buffers).map(|(field, child)| array(field, child)).collect::<Result<_>>()?;
            let fields: Vec<_> = columns.iter().map(any).collect();
            Ok(Arc::new(StructArray::try_new(fields.into(), columns, nulls).map_err(|error| failed(&error))?))
        }
        other => fixed(field, other, column, nulls),
    }
}

/// Nullability is the schema's matter; the digest looks at the values only.
fn any(values: &ArrayRef) -> FieldRef {
    Arc::new(Field::new("value", values.data_type().clone(), true))
}

fn fixed(field: &Field, kind: &DataType, column: &ColumnBuffers, nulls: Option<NullBuffer>) -> Result<ArrayRef> {
    let width =
        kind.primitive_width().ok_or_else(|| to_js(format!("column {}: no buffers for {kind}", field.name())))?;
    let is_decimal = matches!(kind, DataType::Decimal32(..) | DataType::Decimal64(..) | DataType::Decimal128(..));
    let (stored, values, rows) = if let Some(longs) = &column.longs {
        // A decimal of 64 bits is a layout of any narrower or wider one.
        let stored = match kind {
            DataType::Decimal32(precision, scale) | DataType::Decimal64(precision, scale) => {
                DataType::Decimal64(*precision, *scale)
            }
            DataType::Decimal128(precision, scale) if *precision <= 18 => DataType::Decimal64(*precision, *scale),
            other if width == 8 => other.clone(),
            _ => return Err(mismatch(field, "longs")),
        };
        (stored, Buffer::from_vec(longs.to_vec()), longs.len())
    } else if let Some(ints) = &column.ints {
        if width != 4 || is_decimal {
            return Err(mismatch(field, "ints"));
        }
        (kind.clone(), Buffer::from_vec(ints.to_vec()), ints.len())
    } else {
        let bytes = needed(field, "longs, ints or fixed", column.fixed.as_ref())?;
        if bytes.len() % width != 0 {
            return Err(mismatch(field, "fixed"));
        }
        (kind.clone(), Buffer::from(bytes.to_vec()), bytes.len() / width)
    };
    let data = ArrayData::builder(stored).len(rows).nulls(of_length(field, nulls, rows)?).add_buffer(values);
    data.align_buffers(true).build().map(make_array).map_err(|error| to_js(format!("column {}: {error}", field.name())))
}

fn mismatch(field: &Field, buffer: &str) -> napi::Error {
    to_js(format!("column {} of type {} cannot be made of {buffer}", field.name(), field.data_type()))
}

fn of_length(field: &Field, nulls: Option<NullBuffer>, rows: usize) -> Result<Option<NullBuffer>> {
    match &nulls {
        Some(nulls) if nulls.len() != rows => {
            Err(to_js(format!("column {}: {rows} values came with {} validities", field.name(), nulls.len())))
        }
        _ => Ok(nulls),
    }
}

fn offsets(field: &Field, column: &ColumnBuffers) -> Result<OffsetBuffer<i32>> {
    let offsets = needed(field, "offsets", column.offsets.as_ref())?.to_vec();
    if offsets.first() != Some(&0) || offsets.windows(2).any(|pair| pair[0] > pair[1]) {
        return Err(to_js(format!("column {}: offsets must start at 0 and not decrease", field.name())));
    }
    Ok(OffsetBuffer::new(offsets.into()))
}

fn children<'a>(field: &Field, column: &'a ColumnBuffers, count: usize) -> Result<&'a [ColumnBuffers]> {
    let children = needed(field, "children", column.children.as_ref())?;
    if children.len() == count {
        return Ok(children);
    }
    Err(to_js(format!("column {}: expected {count} children, got {}", field.name(), children.len())))
}

fn needed<'a, T>(field: &Field, buffer: &str, value: Option<&'a T>) -> Result<&'a T> {
    value.ok_or_else(|| {
        to_js(format!("column {} of type {} needs the buffer {buffer}", field.name(), field.data_type()))
    })
}
