use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Decimal128Array, DictionaryArray, Int64Array, LargeStringArray, ListArray, MapBuilder,
    StringArray, StringBuilder, StringViewArray, StructArray,
};
use arrow::buffer::NullBuffer;
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
fn slices_cost_their_rows() {
    let column: ArrayRef = Arc::new(StringArray::from(vec![Some("a"), None, Some("bcd")]));
    assert_eq!(of(column.slice(1, 2)), 2 * 4 + 3);
    assert_eq!(of(column.slice(3, 0)), 0);
}
