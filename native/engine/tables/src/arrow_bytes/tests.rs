use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, DictionaryArray, Int8Array, Int64Array, LargeStringArray, ListArray,
    ListBuilder, MapBuilder, PrimitiveArray, StringArray, StringBuilder, StringViewArray, StructArray,
};
use arrow::buffer::{NullBuffer, ScalarBuffer};
use arrow::compute::cast;
use arrow::datatypes::{Field, Int8Type, Int64Type};

use super::*;

fn of(array: ArrayRef) -> u64 {
    arrow_bytes(&RecordBatch::try_from_iter_with_nullable([("column", array, true)]).expect("one column"))
}

#[test]
fn a_row_costs_its_slot_and_its_bytes() {
    assert_eq!(of(Arc::new(Int64Array::from(vec![Some(1), None, Some(3)]))), 24);
    assert_eq!(of(Arc::new(Decimal128Array::from(vec![1, 2]))), 32);
    assert_eq!(of(Arc::new(BooleanArray::from(vec![true, false, true]))), 3);
    assert_eq!(of(Arc::new(StringArray::from(vec!["a", "bcd", ""]))), 3 * 4 + 4);
    assert_eq!(of(Arc::new(LargeStringArray::from(vec!["a", "bcd", ""]))), 3 * 8 + 4);
    assert_eq!(of(Arc::new(StringViewArray::from(vec!["a", "a text beyond twelve bytes"]))), 2 * 4 + 27);
}

#[test]
fn bytes_under_nulls_do_not_count() {
    let (offsets, values, _) = StringArray::from(vec!["a", "bcd", "ef"]).into_parts();
    let hidden = StringArray::new(offsets, values, Some(NullBuffer::from(vec![true, false, true])));
    assert_eq!(of(Arc::new(hidden.clone())), 3 * 4 + 3);
    let field = Arc::new(Field::new("text", DataType::Utf8, true));
    let hidden_by_parent =
        StructArray::new(vec![field].into(), vec![Arc::new(hidden)], Some(NullBuffer::from(vec![true, true, false])));
    assert_eq!(of(Arc::new(hidden_by_parent)), 3 * 4 + 1);
}

#[test]
fn a_dictionary_costs_what_its_values_cost() {
    let dictionary: DictionaryArray<Int8Type> = [Some("a"), None, Some("bcd"), Some("a")].into_iter().collect();
    assert_eq!(of(Arc::new(dictionary)), 4 * 4 + 5);
    let empty: DictionaryArray<Int8Type> = [None::<&str>, None].into_iter().collect();
    assert_eq!(of(Arc::new(empty)), 2 * 4);
}

#[test]
fn lists_and_maps_cost_their_elements() {
    let lists = ListArray::from_iter_primitive::<Int64Type, _, _>([
        Some(vec![Some(1), None]),
        None,
        Some(vec![]),
        Some(vec![Some(4)]),
    ]);
    assert_eq!(of(Arc::new(lists.clone())), 4 * 4 + 3 * 8);
    assert_eq!(of(Arc::new(lists.slice(3, 1))), 4 + 8);
    let mut maps = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    maps.keys().append_value("key");
    maps.values().append_value("value");
    maps.append(true).expect("one entry");
    assert_eq!(of(Arc::new(maps.finish())), 4 + (4 + 3) + (4 + 5));
}

#[test]
fn a_dictionary_of_any_values_costs_the_entries_that_are_shown() {
    let (offsets, bytes, _) = StringArray::from(vec!["a", "hidden", "bcd", "in no row"]).into_parts();
    let texts: ArrayRef = Arc::new(StringArray::new(offsets, bytes, Some(vec![true, false, true, true].into())));
    let keys = Int8Array::from(vec![Some(2), Some(1), None, Some(0), Some(2)]);
    for (kind, slot) in [
        (DataType::Utf8, 4),
        (DataType::LargeUtf8, 8),
        (DataType::Binary, 4),
        (DataType::LargeBinary, 8),
        (DataType::Utf8View, 4),
    ] {
        let values = cast(&texts, &kind).expect("another layout of the same texts");
        assert_eq!(of(Arc::new(DictionaryArray::new(keys.clone(), values))), 5 * slot + 3 + 1 + 3, "{kind}");
    }
    let lists = ListArray::from_iter_primitive::<Int64Type, _, _>([Some(vec![Some(1)]), None, Some(vec![None; 3])]);
    assert_eq!(of(Arc::new(DictionaryArray::new(keys, Arc::new(lists)))), 5 * 4 + (3 + 1 + 3) * 8);
}

/// Views backwards and over one another, with elements in a row that is null.
fn list_views<Offset: OffsetSizeTrait>() -> GenericListViewArray<Offset> {
    let texts = StringArray::from(vec![Some("a"), Some("bcd"), None, Some("efghi")]);
    let numbers = |numbers: [usize; 5]| numbers.map(Offset::usize_as).into_iter().collect::<ScalarBuffer<_>>();
    let nulls = NullBuffer::from(vec![true, true, false, true, true]);
    let item = Arc::new(Field::new("item", DataType::Utf8, true));
    let (offsets, sizes) = (numbers([2, 0, 0, 1, 4]), numbers([2, 3, 4, 3, 0]));
    GenericListViewArray::new(item, offsets, sizes, Arc::new(texts), Some(nulls))
}

#[test]
fn a_list_view_costs_what_a_list_of_the_same_rows_costs() {
    let mut lists = ListBuilder::new(StringBuilder::new());
    lists.append_value([None, Some("efghi")]);
    lists.append_value([Some("a"), Some("bcd"), None]);
    lists.append_null();
    lists.append_value([Some("bcd"), None, Some("efghi")]);
    lists.append_value([None::<&str>; 0]);
    let lists = lists.finish();
    let views = list_views::<i32>();
    assert_eq!(of(Arc::new(lists.clone())), 5 * 4 + 8 * 4 + 5 + 4 + 8);
    for from in 0..5 {
        for rows in 0..=5 - from {
            assert_eq!(of(Arc::new(views.slice(from, rows))), of(Arc::new(lists.slice(from, rows))));
        }
    }
    assert_eq!(of(Arc::new(list_views::<i64>())), 5 * 8 + 8 * 4 + 5 + 4 + 8);
}

fn check_runs<Ends: RunEndIndexType>() {
    let ends = [2, 5, 6, 9].map(Ends::Native::usize_as);
    let ends = PrimitiveArray::<Ends>::from_iter_values(ends);
    let values = StringArray::from(vec![Some("ab"), None, Some("cde"), Some("f")]);
    let runs = RunArray::try_new(&ends, &values).expect("four runs");
    let (two, none) = ([Some("ab"); 2], [None; 3]);
    let plain = StringArray::from([&two[..], &none, &[Some("cde")], &[Some("f"); 3]].concat());
    assert_eq!(of(Arc::new(runs.clone())), 9 * 4 + 2 * 2 + 3 + 3);
    for from in 0..9 {
        for rows in 0..=9 - from {
            assert_eq!(of(Arc::new(runs.slice(from, rows))), of(Arc::new(plain.slice(from, rows))), "{rows} at {from}");
        }
    }
}

#[test]
fn run_ends_cost_what_their_rows_cost() {
    check_runs::<Int16Type>();
    check_runs::<Int32Type>();
    check_runs::<Int64Type>();
}

#[test]
fn a_union_costs_its_type_its_widest_slot_and_the_value_of_its_type() {
    let fields = UnionFields::try_new(
        [3, 5],
        [Field::new("number", DataType::Int64, true), Field::new("text", DataType::Utf8, true)],
    )
    .expect("two members");
    let types: ScalarBuffer<i8> = vec![5, 3, 5, 5].into();
    let numbers: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3, 4]));
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), Some("of another type"), None, Some("bcd")]));
    let sparse = UnionArray::try_new(fields.clone(), types.clone(), None, vec![Arc::clone(&numbers), texts]);
    let sparse = sparse.expect("a sparse union");
    let texts: ArrayRef = Arc::new(StringArray::from(vec![Some("bcd"), Some("in no row"), None, Some("a")]));
    let places: ScalarBuffer<i32> = vec![3, 0, 2, 0].into();
    let dense = UnionArray::try_new(fields, types, Some(places), vec![numbers, texts]).expect("a dense union");
    assert_eq!(of(Arc::new(sparse.clone())), 4 * (1 + 8) + 1 + 3);
    for from in 0..4 {
        for rows in 0..=4 - from {
            assert_eq!(
                of(Arc::new(dense.slice(from, rows))),
                of(Arc::new(sparse.slice(from, rows))),
                "{rows} at {from}"
            );
        }
    }
}

#[test]
fn slices_cost_their_rows() {
    let column: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("bcd")]));
    assert_eq!(of(column.slice(1, 2)), 2 * 4 + 3);
    assert_eq!(of(column.slice(3, 0)), 0);
}
