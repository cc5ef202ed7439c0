//! Every type, in both containers, with every codec and batching, comes back as it went in.

mod ipc_support;
mod ipc_types;
mod support;

use std::sync::Arc;

use arrow::array::{Array, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field, Schema};
use ipc_support::{check, read};
use ipc_types::{ROWS, types};
use serde_json::{Value, json};
use support::{Directory, options, write_as};
use writeproof_columnar::ArrowWriter;

/// Whole, sliced at odd places, and empty.
fn batches(whole: &RecordBatch) -> Vec<RecordBatch> {
    [(0, ROWS), (1, 64), (7, 1), (8, 0), (63, 65), (65, 100), (ROWS - 9, 9), (0, 0)]
        .map(|(from, rows)| whole.slice(from, rows))
        .to_vec()
}

#[test]
fn every_type_comes_back_from_both_containers_with_every_codec_and_batching() {
    let directory = Directory::new();
    let mut checked = 0;
    for (name, array) in types() {
        assert_eq!(array.len(), ROWS, "{name}");
        let schema = Arc::new(Schema::new(vec![Field::new(name, array.data_type().clone(), true)]));
        let whole = RecordBatch::try_new(Arc::clone(&schema), vec![array]).unwrap();
        let given = batches(&whole);
        for container in ["file", "stream"] {
            for compression in ["none", "lz4", "zstd"] {
                for message_rows in [0, 50, 100_000] {
                    let what = format!("{name}, {container}, {compression}, {message_rows}");
                    let path = directory.file("types.arrow");
                    let settings = [
                        ("container", json!(container)),
                        ("compression", json!(compression)),
                        ("messageRows", json!(message_rows)),
                    ];
                    let report = write_as::<ArrowWriter>(&path, &schema, &given, options(&settings));
                    let found = check(&path, container, &given, &schema, &what);
                    let total: usize = given.iter().map(RecordBatch::num_rows).sum();
                    let expected: Vec<usize> = match message_rows {
                        0 => given.iter().map(RecordBatch::num_rows).collect(),
                        50 => [vec![50; total / 50], vec![total % 50]].concat(),
                        _ => vec![total],
                    };
                    assert_eq!(found, expected, "{what}");
                    assert_eq!(report["messages"], json!(expected.len()), "{what}");
                    assert_eq!(report["rows"], json!(total), "{what}");
                    assert_eq!(report["bytes"], json!(std::fs::metadata(&path).unwrap().len()), "{what}");
                    std::fs::remove_file(&path).unwrap();
                    checked += 1;
                }
            }
        }
    }
    assert_eq!(checked, types().len() * 18);
}

#[test]
fn all_types_in_one_file_are_the_same_in_every_variant() {
    let directory = Directory::new();
    let (fields, columns): (Vec<_>, Vec<_>) =
        types().into_iter().map(|(name, array)| (Field::new(name, array.data_type().clone(), true), array)).unzip();
    let schema = Arc::new(Schema::new(fields));
    let given = batches(&RecordBatch::try_new(Arc::clone(&schema), columns).unwrap());
    let mut files: Vec<Vec<u8>> = Vec::new();
    for (variant, batching, io, queue) in [
        ("accumulate", "at_close", "buffered", "auto"),
        ("stream", "per_batch", "buffered", "auto"),
        ("direct", "per_batch", "direct", "auto"),
        ("direct", "per_batch", "direct", "pwrite"),
    ] {
        let path = directory.file(&format!("{variant}-{queue}.arrow"));
        let settings =
            [("variant", json!(variant)), ("batching", json!(batching)), ("io", json!(io)), ("queue", json!(queue))];
        let report = write_as::<ArrowWriter>(&path, &schema, &given, options(&settings));
        let rows = check(&path, "file", &given, &schema, variant);
        assert_eq!(rows, given.iter().map(RecordBatch::num_rows).collect::<Vec<_>>());
        assert!(report["io"]["mode"].as_str().unwrap().starts_with(io), "{report}");
        let length = std::fs::metadata(&path).unwrap().len();
        assert_eq!(report["bytes"], json!(length));
        files.push(std::fs::read(&path).unwrap());
    }
    assert_eq!(files.len(), 4);
    assert!(files.iter().all(|bytes| *bytes == files[0]), "bytes differ");
    assert_eq!((&files[0][..8], &files[0][files[0].len() - 6..]), (&b"ARROW1\0\0"[..], &b"ARROW1"[..]));
}

#[test]
fn a_target_without_batches_or_columns_is_valid() {
    let directory = Directory::new();
    for container in ["file", "stream"] {
        let schema = Arc::new(Schema::new(vec![Field::new("a", DataType::Utf8, false)]));
        let path = directory.file(&format!("none.{container}"));
        let report = write_as::<ArrowWriter>(&path, &schema, &[], options(&[("container", json!(container))]));
        assert_eq!(report["messages"], json!(0));
        let (found, batches) = read(&path, container);
        assert_eq!((found.fields(), batches.len()), (schema.fields(), 0));

        let none = Arc::new(Schema::empty());
        let rows = RecordBatchOptions::new().with_row_count(Some(3));
        let batch = RecordBatch::try_new_with_options(Arc::clone(&none), vec![], &rows).unwrap();
        let path = directory.file(&format!("no-columns.{container}"));
        write_as::<ArrowWriter>(&path, &none, &[batch], options(&[("container", json!(container))]));
        let (_, batches) = read(&path, container);
        assert_eq!(batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [3]);
    }
}

#[test]
fn a_slice_is_written_without_what_lies_round_it() {
    let directory = Directory::new();
    let mut sizes = Vec::new();
    for (name, array) in types() {
        let schema = Arc::new(Schema::new(vec![Field::new(name, array.data_type().clone(), true)]));
        let whole = RecordBatch::try_new(Arc::clone(&schema), vec![array]).unwrap();
        let written = |batch: RecordBatch, message_rows: usize| {
            let path = directory.file("slice.arrow");
            let settings = options(&[("messageRows", json!(message_rows))]);
            let report = write_as::<ArrowWriter>(&path, &schema, &[batch], settings);
            std::fs::remove_file(&path).unwrap();
            report["bytes"].as_u64().unwrap()
        };
        let slice = written(whole.slice(ROWS / 2 + 1, 3), 0);
        let (one, many) = (written(whole.clone(), 0), written(whole, ROWS / 10));
        sizes.push((name, slice, one, many));
    }
    // Three rows and nothing of the other 297; dictionaries are written whole. Ten messages add their headers and padding.
    let large = sizes.iter().filter(|(name, slice, _, _)| !name.contains("dictionary") && *slice > 4096);
    assert_eq!(large.collect::<Vec<_>>(), Vec::<&(&str, u64, u64, u64)>::new());
    let repeated = sizes.iter().filter(|(_, _, one, many)| *many > one + one / 4 + 10 * 1024);
    assert_eq!(repeated.collect::<Vec<_>>(), Vec::<&(&str, u64, u64, u64)>::new());
    assert_eq!(sizes.len(), types().len());
}

#[test]
fn the_same_bytes_are_reported_as_options_say() {
    let directory = Directory::new();
    let given: Vec<_> = (0..20).map(|part| support::batch(part * 1000, 1000)).collect();
    let schema = given[0].schema();
    let bytes = |settings: &[(&str, Value)]| {
        let path = directory.file("sized.arrow");
        let report = write_as::<ArrowWriter>(&path, &schema, &given, options(settings));
        std::fs::remove_file(&path).unwrap();
        report["bytes"].as_u64().unwrap()
    };
    let plain = bytes(&[]);
    assert!(bytes(&[("compression", json!("lz4"))]) * 10 < plain * 9);
    assert!(bytes(&[("compression", json!("zstd"))]) * 10 < plain * 8);
    assert!(bytes(&[("messageRows", json!(20_000))]) < plain);
    assert!(bytes(&[("container", json!("stream"))]) < plain);
}
