//! Rows and batches do not depend on parts, threads or batch sizes.

mod common;

use arrow::array::RecordBatch;
use common::{batches, request, whole};
use writeproof_tables::{Request, TPCH, expected_rows, expected_rows_of_part, facts, generated, tables};

const SCALE: f64 = 0.003;

/// Of those whose scale is a size `raw` says what this file says of the others.
fn scaled() -> impl Iterator<Item = &'static str> {
    tables().filter(|table| !["raw", "pattern"].contains(table))
}

#[test]
fn parts_in_order_are_the_whole() {
    for table in TPCH {
        let expected = whole(&batches(&request(table, SCALE)));
        for count in [1, 2, 3, 7, 11] {
            let mut rows = 0;
            let mut parts = vec![RecordBatch::new_empty(expected.schema())];
            for index in 1..=count {
                let part = Request { part: (index, count), ..request(table, SCALE) };
                let of_part = batches(&part);
                let counted: usize = of_part.iter().map(RecordBatch::num_rows).sum();
                assert_eq!(counted as u64, expected_rows_of_part(&part), "{table} part {index} of {count}");
                rows += counted as u64;
                parts.extend(of_part);
            }
            assert_eq!(rows, expected_rows(table, SCALE), "{table} in {count} parts");
            assert!(whole(&parts) == expected, "{table} in {count} parts differs");
        }
    }
}

#[test]
fn batches_are_full_but_the_last_and_hold_the_same_rows() {
    for table in TPCH {
        let expected = whole(&batches(&Request { batch_rows: 1 << 23, ..request(table, SCALE) }));
        for batch_rows in [1, 7, 8_192] {
            let made = batches(&Request { batch_rows, ..request(table, SCALE) });
            let sizes: Vec<usize> = made.iter().map(RecordBatch::num_rows).collect();
            let (last, full) = sizes.split_last().expect("a batch");
            assert!(full.iter().all(|&rows| rows == batch_rows), "{table} in batches of {batch_rows}");
            assert_eq!(*last, expected.num_rows() - full.len() * batch_rows, "{table} in batches of {batch_rows}");
            assert!(whole(&made) == expected, "{table} in batches of {batch_rows} differs");
        }
    }
}

#[test]
fn batches_are_the_same_for_any_number_of_threads() {
    for table in scaled() {
        for batch_rows in [1_000, 8_192, 40_000] {
            let asked = Request { batch_rows, part: (2, 3), ..request(table, 0.07) };
            let expected = batches(&asked);
            for threads in [2, 3, 5] {
                let made = batches(&Request { threads, ..asked.clone() });
                assert!(made == expected, "{table} on {threads} threads, batches of {batch_rows} rows, differs");
            }
        }
    }
}

#[test]
fn facts_are_the_same_for_any_number_of_threads_and_batches() {
    for table in scaled() {
        let expected = facts(&request(table, 0.01)).expect("facts");
        let other = facts(&Request { threads: 3, batch_rows: 777, ..request(table, 0.01) }).expect("facts");
        assert_eq!(other, expected);
        assert_eq!(expected.rows, expected_rows(table, 0.01));
        assert_eq!(expected.digest.rows, expected.rows);
    }
}

#[test]
fn facts_describe_the_columns_and_count_bytes() {
    let facts = facts(&request("region", 1.0)).expect("facts");
    let json = serde_json::to_value(&facts).expect("JSON");
    let schema = serde_json::json!([
        { "name": "r_regionkey", "type": "int64", "nullable": false },
        { "name": "r_name", "type": "utf8", "nullable": false },
        { "name": "r_comment", "type": "utf8", "nullable": false },
    ]);
    assert_eq!(json["schema"], schema);
    // Five rows of 8 + 4 + 4 bytes; names of 34 letters, comments of 330.
    let names = "AFRICAAMERICAASIAEUROPEMIDDLE EAST".len() as u64;
    let text: u64 = facts.digest.columns[1..].iter().map(|column| column.bytes).sum();
    assert_eq!(facts.digest.columns[1].bytes, names);
    assert_eq!(json["arrowBytes"], 5 * 16 + text);
    assert_eq!(json["part"], serde_json::json!({ "index": 1, "count": 1 }));
}

#[test]
fn what_cannot_be_is_refused_with_a_sentence() {
    let refused = |asked: Request| generated(&asked).err().map(|error| error.to_string()).unwrap_or_default();
    let good = request("nation", 1.0);
    for (asked, expected) in [
        (
            Request { table: "lineitems".to_string(), ..good.clone() },
            "unknown table \"lineitems\"; the tables are customer,",
        ),
        (Request { scale: 0.0, ..good.clone() }, "the scale must be a number above 0, not 0"),
        (Request { scale: -1.0, ..good.clone() }, "the scale must be a number above 0, not -1"),
        (Request { scale: f64::NAN, ..good.clone() }, "the scale must be a number above 0, not NaN"),
        (Request { scale: f64::INFINITY, ..good.clone() }, "the scale must be a number above 0, not inf"),
        (Request { scale: 0.00001, ..good.clone() }, "the scale must be from 0.0001 to 1431, not 0.00001"),
        (Request { scale: 5e9, ..good.clone() }, "the scale must be from 0.0001 to 1431, not 5000000000"),
        (Request { part: (0, 2), ..good.clone() }, "the part must be from 1 to the number of parts, not 0 of 2"),
        (Request { part: (3, 2), ..good.clone() }, "the part must be from 1 to the number of parts, not 3 of 2"),
        (Request { batch_rows: 0, ..good.clone() }, "batch rows must be from 1 to 8388608, not 0"),
        (Request { threads: 0, ..good.clone() }, "threads must be at least 1, not 0"),
    ] {
        let message = refused(asked.clone());
        assert!(message.starts_with(expected), "{asked:?} gave {message:?}");
    }
}

#[test]
fn the_smallest_scale_has_rows_in_every_table() {
    for table in scaled() {
        let rows: usize = batches(&request(table, 0.0001)).iter().map(RecordBatch::num_rows).sum();
        assert!(rows > 0, "{table}");
    }
}
