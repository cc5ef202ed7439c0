use arrow::array::{Array, AsArray};
use arrow::datatypes::Float64Type;

use super::ColumnBuilder;
use crate::columns::COLUMNS;
use crate::row::Cell;

#[test]
fn both_ways_of_making_give_equal_arrays() {
    let mut builder = ColumnBuilder::new(COLUMNS[2], false);
    let mut arrays = [false, true].map(|unchecked| {
        for cell in [Cell::Text("a"), Cell::Null, Cell::Text("Zoë")] {
            builder.append(&cell).expect("short");
        }
        builder.finish(unchecked).expect("valid")
    });
    assert_eq!(arrays[0].as_ref(), arrays[1].as_ref());
    assert_eq!(arrays[0].as_string::<i32>().iter().collect::<Vec<_>>(), [Some("a"), None, Some("Zoë")]);
    arrays = [false, true].map(|unchecked| builder.finish(unchecked).expect("valid"));
    assert_eq!(arrays.map(|array| array.len()), [0, 0]);
}

#[test]
fn a_lost_null_is_a_value() {
    let kept = [false, true].map(|loses_nulls| {
        let mut builder = ColumnBuilder::new(COLUMNS[3], loses_nulls);
        builder.append(&Cell::Null).expect("a number");
        let array = builder.finish(false).expect("valid");
        (array.null_count(), array.as_primitive::<Float64Type>().value(0))
    });
    assert_eq!(kept, [(1, 0.0), (0, 0.0)]);
}
