//! Bytes of rows in plain layout, whatever they were sliced from and whichever layout they have.

use std::ops::Range;
use std::slice::from_ref;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayRef, AsArray, GenericListViewArray, OffsetSizeTrait, RecordBatch, RunArray, UnionArray,
};
use arrow::datatypes::{ArrowNativeType, DataType, Int16Type, Int32Type, Int64Type, RunEndIndexType, UnionFields};

/// Bytes of the batch's rows as TYPES.md counts them: a slot a row, and the bytes or elements of values that are not null.
/// The same for any batches, slices, offsets and dictionaries; bitmaps and padding are not counted.
pub fn arrow_bytes(batch: &RecordBatch) -> u64 {
    let all = 0..batch.num_rows();
    let of = |column: &ArrayRef| contents(column, from_ref(&all)) + all.len() as u64 * slot(column.data_type());
    batch.columns().iter().map(of).sum()
}

/// What every value costs, null or not.
fn slot(kind: &DataType) -> u64 {
    match kind {
        DataType::Null => 0,
        DataType::Boolean => 1,
        DataType::LargeUtf8 | DataType::LargeBinary | DataType::LargeList(_) | DataType::LargeListView(_) => 8,
        DataType::FixedSizeBinary(width) => *width as u64,
        DataType::FixedSizeList(child, size) => *size as u64 * slot(child.data_type()),
        DataType::Struct(fields) => fields.iter().map(|field| slot(field.data_type())).sum(),
        DataType::Dictionary(_, values) => slot(values),
        DataType::RunEndEncoded(_, values) => slot(values.data_type()),
        DataType::Union(fields, _) => 1 + fields.iter().map(|(_, field)| slot(field.data_type())).max().unwrap_or(0),
        // Text, binary, lists and maps, views among them.
        kind => kind.primitive_width().unwrap_or(4) as u64,
    }
}

/// Whether values cost more than their slots.
fn is_variable(kind: &DataType) -> bool {
    match kind {
        DataType::Dictionary(_, values) => is_variable(values),
        DataType::FixedSizeList(child, _) | DataType::RunEndEncoded(_, child) => is_variable(child.data_type()),
        DataType::Struct(fields) => fields.iter().any(|field| is_variable(field.data_type())),
        DataType::Union(fields, _) => fields.iter().any(|(_, field)| is_variable(field.data_type())),
        DataType::Null | DataType::Boolean | DataType::FixedSizeBinary(_) => false,
        kind => !kind.is_primitive(),
    }
}

/// The rows of `rows` that are not null.
fn valid(array: &dyn Array, rows: &[Range<usize>]) -> Vec<Range<usize>> {
    let Some(nulls) = array.nulls().filter(|nulls| nulls.null_count() > 0) else { return rows.to_vec() };
    let of_range = |range: &Range<usize>| {
        let start = range.start;
        let slices = nulls.inner().slice(start, range.len());
        slices.set_slices().map(|(from, to)| start + from..start + to).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of_range).collect()
}

/// What values of these rows that are not null cost beyond their slots.
fn contents(array: &ArrayRef, rows: &[Range<usize>]) -> u64 {
    if !is_variable(array.data_type()) {
        return 0;
    }
    let rows = valid(array, rows);
    match array.data_type() {
        DataType::Utf8 => between(array.as_string::<i32>().value_offsets(), &rows),
        DataType::LargeUtf8 => between(array.as_string::<i64>().value_offsets(), &rows),
        DataType::Binary => between(array.as_binary::<i32>().value_offsets(), &rows),
        DataType::LargeBinary => between(array.as_binary::<i64>().value_offsets(), &rows),
        DataType::Utf8View => of_views(array.as_string_view().views(), &rows),
        DataType::BinaryView => of_views(array.as_binary_view().views(), &rows),
        DataType::List(_) => elements(array.as_list::<i32>().values(), array.as_list::<i32>().value_offsets(), &rows),
        DataType::LargeList(_) => {
            elements(array.as_list::<i64>().values(), array.as_list::<i64>().value_offsets(), &rows)
        }
        DataType::Map(..) => {
            let entries: ArrayRef = Arc::new(array.as_map().entries().clone());
            elements(&entries, array.as_map().value_offsets(), &rows)
        }
        DataType::FixedSizeList(_, size) => {
            let size = *size as usize;
            let children: Vec<_> = rows.iter().map(|rows| rows.start * size..rows.end * size).collect();
            contents(array.as_fixed_size_list().values(), &children)
        }
        DataType::Struct(_) => array.as_struct().columns().iter().map(|column| contents(column, &rows)).sum(),
        DataType::ListView(_) => of_list_views(array.as_list_view::<i32>(), &rows),
        DataType::LargeListView(_) => of_list_views(array.as_list_view::<i64>(), &rows),
        DataType::Union(fields, _) => of_union(array.as_union(), fields, &rows),
        DataType::RunEndEncoded(ends, _) => match ends.data_type() {
            DataType::Int16 => of_runs(array.as_run::<Int16Type>(), &rows),
            DataType::Int32 => of_runs(array.as_run::<Int32Type>(), &rows),
            _ => of_runs(array.as_run::<Int64Type>(), &rows),
        },
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            // Of an empty one arrow-rs has no keys to give; all rows are null then.
            if dictionary.values().is_empty() {
                return 0;
            }
            let keys = dictionary.normalized_keys();
            of_entries(dictionary.values(), rows.into_iter().flatten().map(|row| (keys[row], 1)))
        }
        other => unreachable!("{other} costs no more than its slots"),
    }
}

/// What entries cost beyond their slots, each as many times as it is shown.
fn of_entries(values: &ArrayRef, shown: impl Iterator<Item = (usize, u64)>) -> u64 {
    let cost = cost_of_entry(values);
    shown.filter(|(entry, _)| values.is_valid(*entry)).map(|(entry, times)| times * cost(entry)).sum()
}

/// What an entry that is not null costs beyond its slot. Nothing is counted before it is asked for.
fn cost_of_entry(values: &ArrayRef) -> Box<dyn Fn(usize) -> u64 + '_> {
    match values.data_type() {
        DataType::Utf8 => length_of(values.as_string::<i32>().value_offsets()),
        DataType::LargeUtf8 => length_of(values.as_string::<i64>().value_offsets()),
        DataType::Binary => length_of(values.as_binary::<i32>().value_offsets()),
        DataType::LargeBinary => length_of(values.as_binary::<i64>().value_offsets()),
        _ => Box::new(|entry| contents(values, from_ref(&(entry..entry + 1)))),
    }
}

fn length_of<Offset: OffsetSizeTrait>(offsets: &[Offset]) -> Box<dyn Fn(usize) -> u64 + '_> {
    Box::new(|entry| (offsets[entry + 1] - offsets[entry]).as_usize() as u64)
}

fn of_runs<Ends: RunEndIndexType>(array: &RunArray<Ends>, rows: &[Range<usize>]) -> u64 {
    let ends = array.run_ends();
    let of_range = |rows: &Range<usize>| {
        let first = ends.get_physical_index(rows.start);
        // Ends count from the array's beginning, which slices leave behind.
        let (mut from, to) = (rows.start + ends.offset(), rows.end + ends.offset());
        let runs = ends.values()[first..].iter().enumerate().map_while(move |(run, end)| {
            let shown = end.as_usize().min(to) - from;
            from += shown;
            (shown > 0).then_some((first + run, shown as u64))
        });
        of_entries(array.values(), runs)
    };
    rows.iter().filter(|rows| !rows.is_empty()).map(of_range).sum()
}

fn of_union(array: &UnionArray, fields: &UnionFields, rows: &[Range<usize>]) -> u64 {
    let of_field = |id: i8| {
        let own = rows.iter().cloned().flatten().filter(|row| array.type_id(*row) == id);
        let places = own.map(|row| array.value_offset(row));
        of_entries(array.child(id), places.map(|place| (place, 1)))
    };
    fields.iter().filter(|(_, field)| is_variable(field.data_type())).map(|(id, _)| of_field(id)).sum()
}

fn between<Offset: OffsetSizeTrait>(offsets: &[Offset], rows: &[Range<usize>]) -> u64 {
    rows.iter().map(|rows| (offsets[rows.end].as_usize() - offsets[rows.start].as_usize()) as u64).sum()
}

fn of_views(views: &[u128], rows: &[Range<usize>]) -> u64 {
    // The lowest four bytes of a view are its length.
    rows.iter().flat_map(|rows| &views[rows.clone()]).map(|view| u64::from(*view as u32)).sum()
}

fn elements<Offset: OffsetSizeTrait>(child: &ArrayRef, offsets: &[Offset], rows: &[Range<usize>]) -> u64 {
    let of = |rows: &Range<usize>| offsets[rows.start].as_usize()..offsets[rows.end].as_usize();
    of_elements(child, &rows.iter().map(of).collect::<Vec<_>>())
}

fn of_list_views<Offset: OffsetSizeTrait>(array: &GenericListViewArray<Offset>, rows: &[Range<usize>]) -> u64 {
    let of = |row: usize| {
        let start = array.value_offset(row).as_usize();
        start..start + array.value_size(row).as_usize()
    };
    of_elements(array.values(), &rows.iter().cloned().flatten().map(of).collect::<Vec<_>>())
}

/// Slots of these elements of lists, and what is in them.
fn of_elements(child: &ArrayRef, ranges: &[Range<usize>]) -> u64 {
    let count: usize = ranges.iter().map(ExactSizeIterator::len).sum();
    count as u64 * slot(child.data_type()) + contents(child, ranges)
}

#[cfg(test)]
mod tests;
