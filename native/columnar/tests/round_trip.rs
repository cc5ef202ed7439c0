//! What goes in comes out, whatever the variant and the number of threads.

mod support;

use std::fs::File;
use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, DictionaryArray, RecordBatch, StringArray};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::{DataType, Field, Int8Type, IntervalUnit, Schema};
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use serde_json::{Value, json};
use support::{Directory, NONCE, batch, batches, create, group_rows, options, read, write};

const VARIANTS: [(&str, &str, &str); 4] = [
    ("accumulate", "at_close", "buffered"),
    ("stream", "per_batch", "buffered"),
    ("zero-copy", "per_batch", "buffered"),
    ("direct", "per_batch", "direct"),
];

#[test]
fn every_variant_and_number_of_threads_writes_the_same_bytes() {
    let directory = Directory::new();
    let given = batches(70_001);
    let schema = given[0].schema();
    let expected = concat_batches(&schema, &given).unwrap();
    let mut files = Vec::new();
    for (variant, batching, io) in VARIANTS {
        for threads in 1..=3 {
            let path = directory.file(&format!("{variant}-{threads}.parquet"));
            let settings = [
                ("variant", json!(variant)),
                ("batching", json!(batching)),
                ("io", json!(io)),
                ("threads", json!(threads)),
                ("rowGroupRows", json!(20_000)),
            ];
            let report = write(&path, &schema, &given, options(&settings));
            let (rows, metadata) = read(&path);
            assert_eq!(rows, expected, "{variant}, {threads} threads");
            assert_eq!(group_rows(&metadata), [20_000, 20_000, 20_000, 10_001]);
            assert_eq!(report["rows"], json!(70_001));
            assert_eq!(report["rowGroups"], json!(4));
            assert_eq!(report["threads"], json!(threads));
            assert_eq!(report["bytes"], json!(std::fs::metadata(&path).unwrap().len()));
            assert!(report["io"]["mode"].as_str().unwrap().starts_with(io));
            assert!(report["encodeNs"].as_u64().unwrap() > 0);
            files.push(std::fs::read(&path).unwrap());
        }
    }
    assert_eq!(files.len(), 12);
    assert!(files.iter().all(|bytes| *bytes == files[0]), "bytes differ");
}

#[test]
fn a_file_of_no_batches_is_valid_and_empty() {
    let directory = Directory::new();
    let schema = batch(0, 1).schema();
    for threads in [1, 2] {
        for (name, given) in [("none", vec![]), ("empty", vec![batch(0, 0), batch(0, 0)])] {
            let path = directory.file(&format!("{name}-{threads}.parquet"));
            let report = write(&path, &schema, &given, options(&[("threads", json!(threads))]));
            let (rows, metadata) = read(&path);
            assert_eq!(rows.num_rows(), 0);
            assert_eq!(rows.schema().fields(), schema.fields());
            assert_eq!(metadata.num_row_groups(), 0);
            assert_eq!(report["rows"], json!(0));
        }
    }
}

#[test]
fn the_nonce_is_in_the_metadata() {
    let directory = Directory::new();
    let path = directory.file("nonce.parquet");
    write(&path, &batch(0, 1).schema(), &[batch(0, 10)], options(&[]));
    let (_, metadata) = read(&path);
    let pairs = metadata.file_metadata().key_value_metadata().unwrap();
    let values: Vec<_> =
        pairs.iter().filter(|pair| pair.key == "writeproof.nonce").map(|pair| pair.value.as_deref()).collect();
    assert_eq!(values, [Some(NONCE)]);
    assert_eq!(pairs.iter().filter(|pair| pair.key == "ARROW:schema").count(), 1);
}

#[test]
fn codecs_dictionaries_and_statistics_are_as_asked() {
    let directory = Directory::new();
    let given = batches(20_000);
    let schema = given[0].schema();
    let expected = concat_batches(&schema, &given).unwrap();
    // Columns `unique` and `word`: dictionary page or not.
    let cases: [(&str, Value, &str, [bool; 2]); 4] = [
        ("dictionary", json!("auto"), "SNAPPY", [false, true]),
        ("dictionary", json!(true), "SNAPPY", [true, true]),
        ("dictionary", json!(false), "SNAPPY", [false, false]),
        ("compression", json!("none"), "UNCOMPRESSED", [false, true]),
    ];
    for (index, (name, value, codec, dictionaries)) in cases.into_iter().enumerate() {
        let path = directory.file(&format!("{index}.parquet"));
        write(&path, &schema, &given, options(&[(name, value)]));
        let (rows, metadata) = read(&path);
        assert_eq!(rows, expected);
        let group = metadata.row_group(0);
        let has = |column: usize| group.column(column).dictionary_page_offset().is_some();
        assert_eq!([has(1), has(4)], dictionaries, "case {index}");
        assert_eq!(group.column(0).compression().to_string(), codec);
        assert!(group.columns().iter().all(|column| column.statistics().is_some()));
    }
    for (statistics, chunk, page) in
        [(json!(true), true, false), (json!("page"), true, true), (json!(false), false, false)]
    {
        let path = directory.file(&format!("statistics-{statistics}.parquet").replace('"', ""));
        write(&path, &schema, &given, options(&[("statistics", statistics), ("compression", json!("zstd"))]));
        let (rows, metadata) = read(&path);
        assert_eq!(rows, expected);
        let column = metadata.row_group(0).column(0);
        assert_eq!(column.statistics().is_some(), chunk);
        assert_eq!(column.column_index_offset().is_some(), page);
        assert!(column.compression().to_string().starts_with("ZSTD"));
    }
}

#[test]
fn row_groups_end_at_their_bytes_whatever_the_threads() {
    let directory = Directory::new();
    let given = batches(60_000);
    let schema = given[0].schema();
    let mut borders = Vec::new();
    for threads in [1, 2, 3] {
        let path = directory.file(&format!("{threads}.parquet"));
        let settings = [("rowGroupBytes", json!(200_000)), ("dictionary", json!(false)), ("threads", json!(threads))];
        write(&path, &schema, &given, options(&settings));
        let (rows, metadata) = read(&path);
        assert_eq!(rows.num_rows(), 60_000);
        assert!(metadata.num_row_groups() > 4, "{} row groups", metadata.num_row_groups());
        let sizes = metadata.row_groups().iter().map(|group| group.compressed_size());
        assert!(sizes.clone().all(|bytes| bytes < 240_000), "{:?}", sizes.collect::<Vec<_>>());
        borders.push(group_rows(&metadata));
    }
    assert_eq!(borders[0], borders[1]);
    assert_eq!(borders[0], borders[2]);
}

#[test]
fn slices_are_written_as_slices() {
    let directory = Directory::new();
    let path = directory.file("slice.parquet");
    let whole = batch(0, 5000);
    let slice = whole.slice(1234, 2001);
    write(&path, &whole.schema(), std::slice::from_ref(&slice), options(&[]));
    assert_eq!(read(&path).0, slice);
}

/// 128 values behind int8 keys, in another order in every batch, and nulls.
fn dictionary_batch(turn: usize) -> RecordBatch {
    let words = (0..128).map(|entry| format!("word {}", (entry + turn * 29) % 128));
    let values = Arc::new(StringArray::from_iter_values(words));
    let keys = (0..300).map(|row| (row % 9 != 4).then_some(((row * 37 + turn) % 128) as i8));
    let array = DictionaryArray::<Int8Type>::try_new(keys.collect(), values).unwrap();
    RecordBatch::try_from_iter_with_nullable([("word", Arc::new(array) as ArrayRef, true)]).unwrap()
}

#[test]
fn dictionaries_that_change_from_batch_to_batch_keep_their_words() {
    let directory = Directory::new();
    let given: Vec<_> = (0..6).map(|turn| dictionary_batch(turn).slice(turn * 7, 250)).collect();
    let words = |batch: &RecordBatch| {
        let plain = cast(batch.column(0), &DataType::Utf8).unwrap();
        plain.as_string::<i32>().iter().map(|word| word.map(str::to_owned)).collect::<Vec<_>>()
    };
    let expected: Vec<_> = given.iter().flat_map(words).collect();
    for (dictionary, threads) in [(json!("auto"), 1), (json!(true), 3), (json!(false), 2)] {
        let path = directory.file(&format!("{dictionary}-{threads}.parquet").replace('"', ""));
        let settings = [("dictionary", dictionary), ("threads", json!(threads)), ("rowGroupRows", json!(333))];
        write(&path, &given[0].schema(), &given, options(&settings));
        // As plain words: arrow-rs' reader joins the dictionaries of row groups, which is more than int8 keys can tell apart.
        let plain = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(File::open(&path).unwrap(), plain).unwrap();
        let found: Vec<_> = builder.build().unwrap().flat_map(|batch| words(&batch.unwrap())).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn what_parquet_cannot_hold_is_refused_and_leaves_no_file() {
    let directory = Directory::new();
    let path = directory.file("refused.parquet");
    let interval = DataType::new_list(DataType::Interval(IntervalUnit::MonthDayNano), true);
    let schema = Schema::new(vec![Field::new("pause", interval, true)]);
    let error = create(&path, &schema, options(&[])).err().unwrap();
    assert!(error.to_string().contains("column pause: Parquet cannot hold Interval(MonthDayNano)"), "{error}");
    assert!(!path.exists());
}
