//! Each step on its own: what it refuses, what it removes, what it lets go.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use support::{Directory, batch, create, group_rows, hand, options, read};
use writeproof_abi::Writer;
use writeproof_columnar::ParquetWriter;

#[test]
fn options_that_are_unknown_or_ill_typed_are_refused() {
    let directory = Directory::new();
    let schema = batch(0, 1).schema();
    let cases = [
        (
            "compresion",
            json!("snappy"),
            "no option \"compresion\"; it knows variant, batching, io, threads, compression",
        ),
        ("compression", json!("lzo"), "option compression of the parquet writer is lzo; expected none, snappy or zstd"),
        ("rowGroupRows", json!("many"), "is \"many\"; expected a whole number of at least 1"),
        ("rowGroupRows", json!(0), "is 0; expected a whole number of at least 1"),
        ("threads", json!(1.5), "is 1.5; expected a whole number of at least 1"),
        ("dictionary", json!(3), "option dictionary of the parquet writer is 3; expected text"),
        ("io", json!("mapped"), "expected buffered or direct"),
    ];
    for (name, value, sentence) in cases {
        let path = directory.file("refused.parquet");
        let refused = create(&path, &schema, options(&[(name, value)])).err().expect("it was accepted").to_string();
        assert!(refused.contains(sentence), "{refused}");
        assert!(!path.exists());
    }
}

#[test]
fn capabilities_name_every_option_that_create_takes() {
    let capabilities = ParquetWriter::capabilities();
    let directory = Directory::new();
    let declared = capabilities["options"].as_object().unwrap();
    assert_eq!(declared.len(), 8);
    for (name, option) in declared {
        let path = directory.file(&format!("{name}.parquet"));
        let settings = options(&[(name.as_str(), option["default"].clone())]);
        create(&path, &batch(0, 1).schema(), settings).unwrap().close().unwrap();
    }
    assert_eq!(capabilities["variants"], json!(["accumulate", "stream", "zero-copy", "direct"]));
}

#[test]
fn abort_removes_the_file_and_releases_what_is_held() {
    let directory = Directory::new();
    for (threads, batching) in [(1, "per_batch"), (3, "per_batch"), (1, "at_close"), (2, "at_close")] {
        let path = directory.file("given-up.parquet");
        let settings = [("threads", json!(threads)), ("batching", json!(batching)), ("rowGroupRows", json!(1000))];
        let mut writer = create(&path, &batch(0, 1).schema(), options(&settings)).unwrap();
        let releases = Arc::new(AtomicUsize::new(0));
        for part in 0..5 {
            hand(&batch(part * 3000, 3000), &releases).write(&mut writer).unwrap();
        }
        assert!(path.exists());
        writer.abort().unwrap();
        assert!(!path.exists());
        assert!(writer.flush().is_err());
        drop(writer);
        assert_eq!(releases.load(Ordering::SeqCst), 5, "{threads} threads, {batching}");
    }
}

#[test]
fn a_writer_that_is_dropped_open_leaves_nothing() {
    let directory = Directory::new();
    let path = directory.file("dropped.parquet");
    let releases = Arc::new(AtomicUsize::new(0));
    let mut writer = create(&path, &batch(0, 1).schema(), options(&[("threads", json!(2))])).unwrap();
    hand(&batch(0, 3000), &releases).write(&mut writer).unwrap();
    drop(writer);
    assert_eq!(releases.load(Ordering::SeqCst), 1);
    assert!(!path.exists());
}

#[test]
fn per_batch_lets_a_batch_go_at_once_and_at_close_holds_it() {
    let directory = Directory::new();
    for (batching, released) in [("per_batch", 1), ("at_close", 0)] {
        let path = directory.file(batching);
        let releases = Arc::new(AtomicUsize::new(0));
        let mut writer = create(&path, &batch(0, 1).schema(), options(&[("batching", json!(batching))])).unwrap();
        hand(&batch(0, 3000), &releases).write(&mut writer).unwrap();
        assert_eq!(releases.load(Ordering::SeqCst), released, "{batching}");
        writer.close().unwrap();
        assert_eq!(releases.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn flush_ends_the_row_group() {
    let directory = Directory::new();
    for (threads, batching) in [(1, "per_batch"), (2, "per_batch"), (1, "at_close"), (2, "at_close")] {
        let path = directory.file(&format!("flush-{threads}-{batching}.parquet"));
        let settings = options(&[("threads", json!(threads)), ("batching", json!(batching))]);
        let mut writer = create(&path, &batch(0, 1).schema(), settings).unwrap();
        let releases = Arc::new(AtomicUsize::new(0));
        for rows in [100, 200, 300] {
            hand(&batch(0, rows), &releases).write(&mut writer).unwrap();
            writer.flush().unwrap();
            writer.flush().unwrap();
        }
        writer.close().unwrap();
        assert_eq!(group_rows(&read(&path).1), [100, 200, 300]);
    }
}

#[test]
fn a_batch_of_another_schema_is_refused_and_released() {
    let directory = Directory::new();
    let releases = Arc::new(AtomicUsize::new(0));
    let path = directory.file("schema.parquet");
    let mut writer = create(&path, &batch(0, 1).schema(), options(&[])).unwrap();
    let narrow = batch(0, 10).project(&[0, 1]).unwrap();
    let refused = hand(&narrow, &releases).write(&mut writer).unwrap_err().to_string();
    assert!(refused.contains("does not have the schema given to create"), "{refused}");
    assert_eq!(releases.load(Ordering::SeqCst), 1);
}

#[test]
fn a_buffer_that_is_copied_on_import_shows_in_the_address_fold() {
    let directory = Directory::new();
    let given = batch(0, 100);
    let expected = given.column(2).to_data().buffers()[0].as_slice().to_vec();
    let mut folds = Vec::new();
    for shift in [0, 8] {
        // The money column's values at an address that is, or is not, aligned for 128 bits: arrow-rs copies the latter.
        let mut memory = vec![0_u128; expected.len() / 16 + 1];
        let start = memory.as_mut_ptr().cast::<u8>().wrapping_add(shift);
        let path = directory.file(&format!("shifted-by-{shift}.parquet"));
        let mut handed = hand(&given, &Arc::new(AtomicUsize::new(0)));
        // SAFETY: `memory` has room for the values behind `start` and lives until the writer is closed.
        unsafe {
            std::ptr::copy_nonoverlapping(expected.as_ptr(), start, expected.len());
            *(**handed.array.children.add(2)).buffers.add(1) = start.cast();
        }
        let fold = format!("{:016x}", handed.fold());
        let mut writer = create(&path, &given.schema(), options(&[])).unwrap();
        handed.write(&mut writer).unwrap();
        let report = writer.close().unwrap();
        drop(memory);
        assert_eq!(read(&path).0, given);
        folds.push(report["addressFold"] == json!(fold));
    }
    assert_eq!(folds, [true, false]);
}
