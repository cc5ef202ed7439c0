//! Nodes as Arrow arrays.

use std::sync::Arc;

use arrow::array::{
    ArrayData, ArrayRef, BinaryViewArray, BooleanArray, DictionaryArray, Int64Array, PrimitiveArray, StringArray,
    StringViewArray, make_array,
};
use arrow::buffer::{Buffer, NullBuffer};
use arrow::datatypes::{
    ArrowDictionaryKeyType, ArrowNativeType, DataType, Int8Type, Int16Type, Int32Type, UInt8Type, UInt16Type,
};
use arrow::error::ArrowError;

use super::node::{Node, Store};
use super::text::{number, word};

/// The array of a node of batch `batch`, on which the order of dictionaries depends.
pub(super) fn array_of(node: Node, batch: usize) -> Result<ArrayRef, ArrowError> {
    let (rows, kind) = (node.len(), node.kind);
    let nulls = node.nullable.then(|| NullBuffer::from(node.valid));
    let child_of = |child: Node| Ok::<_, ArrowError>(array_of(child, batch)?.to_data());
    let data = ArrayData::builder(kind.clone()).len(rows).nulls(nulls.clone());
    let data = match node.store {
        Store::Bool(values) => return Ok(Arc::new(BooleanArray::new(values.into(), nulls))),
        Store::Bytes { ends, bytes } => match kind {
            DataType::Utf8View => {
                let text =
                    String::from_utf8(bytes).map_err(|error| ArrowError::InvalidArgumentError(error.to_string()))?;
                let all = StringViewArray::from_iter_values(cut(&ends).map(|(from, to)| &text[from..to]));
                let (views, buffers, _) = all.into_parts();
                return Ok(Arc::new(StringViewArray::try_new(views, buffers, nulls)?));
            }
            DataType::BinaryView => {
                let all = BinaryViewArray::from_iter_values(cut(&ends).map(|(from, to)| &bytes[from..to]));
                let (views, buffers, _) = all.into_parts();
                return Ok(Arc::new(BinaryViewArray::try_new(views, buffers, nulls)?));
            }
            DataType::LargeUtf8 | DataType::LargeBinary => {
                data.buffers(vec![offsets::<i64>(&ends), Buffer::from_vec(bytes)])
            }
            _ => data.buffers(vec![offsets::<i32>(&ends), Buffer::from_vec(bytes)]),
        },
        // A copy, because memory of bytes is not aligned for wider values.
        Store::Fixed { bytes, .. } => data.add_buffer(Buffer::from_slice_ref(&bytes)),
        Store::Entries { entries, .. } => return dictionary(&kind, &entries, nulls, batch),
        Store::List { ends, child } => {
            let offsets = match kind {
                DataType::LargeList(_) => offsets::<i64>(&ends),
                _ => offsets::<i32>(&ends),
            };
            data.add_buffer(offsets).add_child_data(child_of(*child)?)
        }
        Store::FixedList { child, .. } => data.add_child_data(child_of(*child)?),
        Store::Struct(children) => data.child_data(children.into_iter().map(child_of).collect::<Result<_, _>>()?),
    };
    Ok(make_array(data.build()?))
}

/// Where each value begins and ends.
fn cut(ends: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    std::iter::once(0).chain(ends.iter().copied()).zip(ends.iter().copied())
}

fn offsets<Offset: ArrowNativeType>(ends: &[usize]) -> Buffer {
    std::iter::once(0).chain(ends.iter().copied()).map(Offset::usize_as).collect::<Vec<_>>().into()
}

fn dictionary(
    kind: &DataType,
    entries: &[u64],
    nulls: Option<NullBuffer>,
    batch: usize,
) -> Result<ArrayRef, ArrowError> {
    let DataType::Dictionary(keys, values) = kind else { unreachable!("{kind} is no dictionary") };
    let mut used = entries.to_vec();
    used.sort_unstable();
    used.dedup();
    if !used.is_empty() {
        let turn = 29 * batch % used.len();
        used.rotate_left(turn);
    }
    if batch % 2 == 1 {
        used.reverse();
    }
    let dictionary: ArrayRef = match **values {
        DataType::Int64 => Arc::new(Int64Array::from_iter_values(used.iter().map(|&entry| number(entry)))),
        _ => Arc::new(StringArray::from_iter_values(used.iter().map(|&entry| word(entry)))),
    };
    let mut places: Vec<(u64, usize)> = used.iter().copied().zip(0..).collect();
    places.sort_unstable();
    let key_of = |entry: &u64| places[places.partition_point(|(used, _)| used < entry)].1;
    let indices: Vec<usize> = entries.iter().map(key_of).collect();
    match **keys {
        DataType::Int8 => keyed::<Int8Type>(&indices, nulls, dictionary),
        DataType::UInt8 => keyed::<UInt8Type>(&indices, nulls, dictionary),
        DataType::Int16 => keyed::<Int16Type>(&indices, nulls, dictionary),
        DataType::UInt16 => keyed::<UInt16Type>(&indices, nulls, dictionary),
        _ => keyed::<Int32Type>(&indices, nulls, dictionary),
    }
}

fn keyed<K: ArrowDictionaryKeyType>(
    indices: &[usize],
    nulls: Option<NullBuffer>,
    dictionary: ArrayRef,
) -> Result<ArrayRef, ArrowError> {
    let keys = indices.iter().map(|&index| K::Native::usize_as(index)).collect::<Vec<_>>();
    Ok(Arc::new(DictionaryArray::<K>::try_new(PrimitiveArray::new(keys.into(), nulls), dictionary)?))
}
