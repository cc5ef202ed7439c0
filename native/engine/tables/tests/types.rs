//! The table of edge values has the shapes and the values that TYPES.md promises.

mod common;

use std::collections::BTreeSet;
use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{Int32Type, UInt16Type};
use common::thousand::Thousand;
use common::{batches, request};
use writeproof_digest::{Digester, TableDigest};
use writeproof_tables::{Request, arrow_bytes, facts, schema};

fn types(scale: f64) -> Vec<RecordBatch> {
    batches(&request("types", scale))
}

fn digest(batches: &[RecordBatch]) -> TableDigest {
    let mut digester = Digester::new(&schema("types").expect("the table"), 0).expect("types that are digested");
    batches.iter().for_each(|batch| digester.update(batch).expect("a batch of the schema"));
    digester.finish()
}

#[test]
fn batches_have_no_rows_one_row_or_those_asked_for() {
    let sizes = |rows: f64, batch_rows| {
        let asked = Request { batch_rows, ..request("types", rows / 1e6) };
        batches(&asked).iter().map(RecordBatch::num_rows).collect::<Vec<_>>()
    };
    assert_eq!(sizes(1_000.0, 8_192), [0, 1, 64, 63, 65, 100, 66, 1, 100, 0, 539, 1, 0]);
    assert_eq!(
        sizes(2_000.0, 150),
        [0, 1, 64, 63, 65, 100, 66, 1, 100, 0, 150, 150, 150, 150, 0, 150, 150, 150, 150, 1, 150, 150, 38, 1, 0]
    );
    assert_eq!(sizes(100.0, 30), [0, 1, 30, 30, 30, 8, 1, 0]);
}

#[test]
fn batches_are_slices_at_seven_offsets() {
    let offset = |batch: &RecordBatch, name: &str| batch[name].nulls().map_or(0, |nulls| nulls.offset());
    // Arrays of a few rows may have no null, and then no bitmap.
    let (made, expected): (Vec<_>, Vec<_>) = types(0.001)
        .into_iter()
        .zip([0, 1, 7, 8, 63, 64, 65, 0, 1, 7, 8, 63, 64])
        .filter(|(batch, _)| batch.num_rows() > 1)
        .unzip();
    assert_eq!(expected, [7, 8, 63, 64, 65, 1, 8]);
    for name in ["bool", "utf8", "utf8_view", "dictionary_int8", "list", "struct", "map", "decimal256_76_38"] {
        assert_eq!(made.iter().map(|batch| offset(batch, name)).collect::<Vec<_>>(), expected, "{name}");
    }
    // Values have other rows in front of them too, and behind.
    for batch in &made {
        let values = batch["int64"].to_data().buffers()[0].clone();
        assert_eq!(values.ptr_offset(), 8 * offset(batch, "int64"));
    }
    let rows_of = |offset: usize| {
        made.iter().zip(&expected).filter(|(_, at)| **at == offset).map(|(batch, _)| batch.num_rows()).max()
    };
    assert_eq!([1, 7, 8, 63, 64, 65].map(rows_of), [100, 64, 539, 65, 100, 66].map(Some));
}

#[test]
fn rows_are_the_same_for_any_batches_and_parts() {
    let expected = facts(&request("types", 0.005)).expect("facts");
    assert_eq!((expected.rows, expected.digest.rows), (5_000, 5_000));
    for batch_rows in [1, 7, 64, 1_000, 1 << 23] {
        let made = batches(&Request { batch_rows, ..request("types", 0.005) });
        assert!(digest(&made) == expected.digest, "batches of {batch_rows} rows");
        assert_eq!(made.iter().map(arrow_bytes).sum::<u64>(), expected.arrow_bytes, "batches of {batch_rows} rows");
    }
    for count in [2, 3, 7] {
        let part = |index| batches(&Request { part: (index, count), ..request("types", 0.005) });
        let parts: Vec<RecordBatch> = (1..=count).flat_map(part).collect();
        assert!(digest(&parts) == expected.digest, "{count} parts");
    }
}

#[test]
fn a_part_without_rows_is_one_batch_without_rows() {
    let made = batches(&Request { part: (1, 1_000), ..request("types", 0.0001) });
    assert_eq!(made.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [0]);
}

#[test]
fn dictionaries_differ_from_batch_to_batch_and_fit_their_keys_together() {
    let made = types(0.01);
    for (name, most) in [
        ("dictionary_int8", 128),
        ("dictionary_uint8", 256),
        ("dictionary_int16", 1_000),
        ("dictionary_uint16", 1 << 16),
        ("dictionary_int32_int64", 1_000),
    ] {
        let dictionaries: Vec<ArrayRef> =
            made.iter().map(|batch| batch[name].as_any_dictionary().values().clone()).collect();
        let different = dictionaries.iter().map(|values| format!("{:?}", values.to_data())).collect::<BTreeSet<_>>();
        assert_eq!(different.len(), dictionaries.len(), "{name}");
        let entries: BTreeSet<String> = dictionaries
            .iter()
            .flat_map(|values| {
                arrow::util::display::array_value_to_string(values, 0).ok().into_iter().chain(
                    (1..values.len())
                        .map(|row| arrow::util::display::array_value_to_string(values, row).expect("text")),
                )
            })
            .collect();
        assert!(entries.len() <= most, "{name}: {} entries", entries.len());
    }
    let full = made.iter().max_by_key(|batch| batch.num_rows()).expect("a batch");
    for (name, entries) in [("dictionary_int8", 128), ("dictionary_uint8", 256)] {
        let column = full[name].as_any_dictionary();
        let keys = column.normalized_keys();
        let used: BTreeSet<usize> =
            (0..column.len()).filter(|&row| column.is_valid(row)).map(|row| keys[row]).collect();
        assert_eq!((used.len(), column.values().len()), (entries, entries), "{name}");
        assert!(column.null_count() > 100, "{name}");
    }
    let beyond_int16 = types(0.04);
    let most =
        beyond_int16.iter().map(|batch| batch["dictionary_uint16"].as_dictionary::<UInt16Type>().values().len()).max();
    assert!(most > Some(8_000), "{most:?}");
}

#[test]
fn nulls_lie_at_every_class_of_positions() {
    let rows = Thousand::rows();
    let edges = BTreeSet::from([0, 7, 8, 63, 64, 65, 127, 128, 999]);
    let all: BTreeSet<usize> = (0..1_000).collect();
    assert_eq!(rows.nulls("nulls_at_edges"), edges);
    assert_eq!(rows.nulls("nulls_at_edges_text"), edges);
    assert_eq!(rows.nulls("nulls_but_at_edges"), &all - &edges);
    assert_eq!(rows.nulls("nulls_none"), BTreeSet::new());
    assert_eq!(rows.nulls("nulls_all"), all);
    assert_eq!(rows.nulls("nulls_all_text"), all);
    assert_eq!(rows.nulls("nulls_every_second"), all.iter().copied().filter(|row| row % 2 == 1).collect());
    let runs: BTreeSet<usize> = [64..128, 192..256, 320..384, 448..512, 576..640, 704..768, 832..896, 960..1_000]
        .into_iter()
        .flat_map(|run: Range<usize>| run)
        .collect();
    assert_eq!(rows.nulls("nulls_in_runs"), runs);
    assert_eq!(rows.nulls("nulls_in_runs_bool"), runs);
    let schema = schema("types").expect("the table");
    for field in schema.fields().iter().filter(|field| !field.name().starts_with("nulls_")) {
        let nulls = rows.nulls(field.name()).len();
        let expected = if field.is_nullable() { 90..160 } else { 0..1 };
        assert!(expected.contains(&nulls), "{} has {nulls} nulls", field.name());
    }
    assert_eq!(schema.fields().iter().filter(|field| !field.is_nullable()).count(), 6);
}

#[test]
fn something_lies_under_nulls() {
    let rows = Thousand::rows();
    let under = |name: &str, holds: fn(&dyn Array, usize) -> bool| {
        rows.count(name, |column, row| column.is_null(row) && holds(column, row))
    };
    let found = [
        under("int32", |column, row| column.as_primitive::<Int32Type>().value(row) != 0),
        under("bool", |column, row| column.as_boolean().value(row)),
        under("utf8", |column, row| !column.as_string::<i32>().value(row).is_empty()),
        under("utf8_view", |column, row| column.as_string_view().value(row).len() > 12),
        under("binary_view", |column, row| column.as_binary_view().value(row).len() > 12),
        under("fixed_size_binary_16", |column, row| column.as_fixed_size_binary().value(row) != [0; 16]),
        under("dictionary_int8", |column, row| column.as_any_dictionary().normalized_keys()[row] != 0),
        under("list", |column, row| column.as_list::<i32>().value_length(row) > 0),
        under("map", |column, row| column.as_map().value_length(row) > 0),
        under("fixed_size_list", |column, row| column.as_fixed_size_list().value(row).null_count() < 3),
        under("struct", |column, row| column.as_struct().column(0).is_valid(row)),
        under("struct_of_required", |column, row| column.as_struct().column(1).is_valid(row)),
    ];
    assert!(found.iter().all(|&rows| rows > 20), "{found:?}");
}
