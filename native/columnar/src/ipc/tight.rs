//! Slices that carry no more than their rows: what the format's own encoder would write whole.

use arrow::array::{Array, ArrayData, BinaryViewArray, StringViewArray, UInt32Array, make_array};
use arrow::buffer::Buffer;
use arrow::compute::take;
use arrow::datatypes::{ArrowNativeType, DataType, UnionMode};
use arrow::error::ArrowError;

/// The same rows, with children and view buffers that hold little else.
pub fn tight(data: ArrayData) -> Result<ArrayData, ArrowError> {
    match data.data_type() {
        DataType::List(_) | DataType::Map(..) => list::<i32>(data),
        DataType::LargeList(_) => list::<i64>(data),
        DataType::ListView(_) => list_view::<i32>(data),
        DataType::LargeListView(_) => list_view::<i64>(data),
        DataType::Utf8View => {
            let array = StringViewArray::from(data.clone());
            Ok(if wasteful(&data, array.total_buffer_bytes_used()) { array.gc().into_data() } else { data })
        }
        DataType::BinaryView => {
            let array = BinaryViewArray::from(data.clone());
            Ok(if wasteful(&data, array.total_buffer_bytes_used()) { array.gc().into_data() } else { data })
        }
        DataType::Union(_, UnionMode::Dense) => dense_union(data),
        _ => Ok(data),
    }
}

/// Views of one buffer may leave some of it unused; copying pays off when that is more than an eighth.
fn wasteful(data: &ArrayData, used: usize) -> bool {
    let held: usize = data.buffers()[1..].iter().map(Buffer::len).sum();
    held > used + used / 8
}

fn offset<O: ArrowNativeType>(value: usize) -> O {
    // Never larger than an offset that was there before.
    O::from_usize(value).unwrap_or_default()
}

/// Replaces the first buffers, and the one child.
fn rebuilt(data: ArrayData, buffers: Vec<Buffer>, child: ArrayData) -> Result<ArrayData, ArrowError> {
    let rows = data.len();
    let nulls = data.nulls().cloned();
    let builder = data.into_builder().offset(0).len(rows).nulls(nulls).buffers(buffers);
    builder.child_data(vec![child]).build()
}

fn rows_of(child: &ArrayData, from: usize, to: usize) -> ArrayData {
    // Through an array, which turns a slice of a struct into slices of its children.
    make_array(child.slice(from, to - from)).to_data()
}

fn list<O: ArrowNativeType>(data: ArrayData) -> Result<ArrayData, ArrowError> {
    let child = &data.child_data()[0];
    let Some(offsets) = data.buffers()[0].typed_data::<O>().get(data.offset()..=data.offset() + data.len()) else {
        return Ok(data);
    };
    let (from, to) = (offsets[0].as_usize(), offsets[data.len()].as_usize());
    if from == 0 && to == child.len() {
        return Ok(data);
    }
    let child = rows_of(child, from, to);
    let moved: Vec<O> = offsets.iter().map(|value| offset(value.as_usize() - from)).collect();
    rebuilt(data, vec![Buffer::from_vec(moved)], child)
}

fn list_view<O: ArrowNativeType>(data: ArrayData) -> Result<ArrayData, ArrowError> {
    let rows = data.offset()..data.offset() + data.len();
    let (offsets, sizes) =
        (&data.buffers()[0].typed_data::<O>()[rows.clone()], &data.buffers()[1].typed_data::<O>()[rows]);
    let ranges: Vec<_> = (0..data.len())
        .map(|row| if data.is_null(row) { (0, 0) } else { (offsets[row].as_usize(), sizes[row].as_usize()) })
        .collect();
    let filled = || ranges.iter().filter(|(_, size)| *size > 0);
    let from = filled().map(|(start, _)| *start).min().unwrap_or(0);
    let to = filled().map(|(start, size)| start + size).max().unwrap_or(0);
    let child = &data.child_data()[0];
    if from == 0 && to == child.len() {
        return Ok(data);
    }
    let child = rows_of(child, from, to);
    let starts = ranges.iter().map(|(start, size)| offset(if *size > 0 { start - from } else { 0 }));
    let starts: Vec<O> = starts.collect();
    let sizes: Vec<O> = ranges.iter().map(|(_, size)| offset(*size)).collect();
    rebuilt(data, vec![Buffer::from_vec(starts), Buffer::from_vec(sizes)], child)
}

fn dense_union(data: ArrayData) -> Result<ArrayData, ArrowError> {
    let held: usize = data.child_data().iter().map(ArrayData::len).sum();
    if held <= data.len() {
        return Ok(data);
    }
    let rows = UInt32Array::from_iter_values((0..data.len()).map(|row| row as u32));
    Ok(take(&make_array(data), &rows, None)?.to_data())
}
