//! Each step of the Arrow IPC writer on its own: what it refuses, what it removes, what it lets go.

mod ipc_support;
mod support;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::RecordBatch;
use ipc_support::{check, read};
use serde_json::json;
use support::{Directory, batch, create_as, hand, options};
use writeproof_abi::Writer;
use writeproof_columnar::ArrowWriter;

#[test]
fn options_that_are_unknown_or_ill_typed_are_refused() {
    let directory = Directory::new();
    let schema = batch(0, 1).schema();
    let cases = [
        (
            "rowGroupRows",
            json!(1),
            "the arrow writer has no option \"rowGroupRows\"; it knows variant, batching, io, threads",
        ),
        (
            "compression",
            json!("snappy"),
            "option compression of the arrow writer is snappy; expected none, lz4 or zstd",
        ),
        ("container", json!("feather"), "option container of the arrow writer is feather; expected file or stream"),
        (
            "messageRows",
            json!(-1),
            "option messageRows of the arrow writer is -1; expected a whole number of at least 0",
        ),
        ("threads", json!(0), "is 0; expected a whole number of at least 1"),
        ("bufferBytes", json!(12), "is 12; expected a whole number of at least 4096"),
    ];
    for (name, value, sentence) in cases {
        let path = directory.file("refused.arrow");
        let refused = create_as::<ArrowWriter>(&path, &schema, options(&[(name, value)]));
        let refused = refused.err().expect("it was accepted").to_string();
        assert!(refused.contains(sentence), "{refused}");
        assert!(!path.exists());
    }
}

#[test]
fn capabilities_name_every_option_that_create_takes() {
    let capabilities = ArrowWriter::capabilities();
    let directory = Directory::new();
    let declared = capabilities["options"].as_object().unwrap();
    assert_eq!(declared.len(), 6);
    for (name, option) in declared {
        let path = directory.file(&format!("{name}.arrow"));
        let settings = options(&[(name.as_str(), option["default"].clone())]);
        create_as::<ArrowWriter>(&path, &batch(0, 1).schema(), settings).unwrap().close().unwrap();
    }
    assert_eq!(capabilities["name"], json!("arrow"));
    assert_eq!(capabilities["variants"], json!(["accumulate", "stream", "zero-copy", "direct"]));
}

#[test]
fn abort_and_drop_remove_the_file_and_release_what_is_held() {
    let directory = Directory::new();
    for (batching, message_rows, abort) in
        [("per_batch", 0, true), ("per_batch", 100_000, true), ("at_close", 0, true), ("per_batch", 100_000, false)]
    {
        let path = directory.file("given-up.arrow");
        let settings = options(&[("batching", json!(batching)), ("messageRows", json!(message_rows))]);
        let mut writer: ArrowWriter = create_as(&path, &batch(0, 1).schema(), settings).unwrap();
        let releases = Arc::new(AtomicUsize::new(0));
        for part in 0..5 {
            hand(&batch(part * 3000, 3000), &releases).write(&mut writer).unwrap();
        }
        assert!(path.exists());
        if abort {
            writer.abort().unwrap();
            assert!(!path.exists());
            assert!(writer.flush().is_err());
        }
        drop(writer);
        assert!(!path.exists());
        assert_eq!(releases.load(Ordering::SeqCst), 5, "{batching}, {message_rows}, {abort}");
    }
}

#[test]
fn a_file_that_was_closed_is_removed_by_abort_and_takes_no_more() {
    let directory = Directory::new();
    let path = directory.file("closed.arrow");
    let mut writer: ArrowWriter = create_as(&path, &batch(0, 1).schema(), options(&[])).unwrap();
    writer.close().unwrap();
    let refused = hand(&batch(0, 1), &Arc::new(AtomicUsize::new(0))).write(&mut writer).unwrap_err().to_string();
    assert_eq!(refused, "the writer is closed or has failed; it takes no more");
    writer.abort().unwrap();
    assert!(!path.exists());
}

#[test]
fn per_batch_lets_a_batch_go_at_once_and_at_close_holds_it() {
    let directory = Directory::new();
    for (batching, released) in [("per_batch", 1), ("at_close", 0)] {
        let path = directory.file(batching);
        let releases = Arc::new(AtomicUsize::new(0));
        let settings = options(&[("batching", json!(batching))]);
        let mut writer: ArrowWriter = create_as(&path, &batch(0, 1).schema(), settings).unwrap();
        hand(&batch(0, 3000), &releases).write(&mut writer).unwrap();
        assert_eq!(releases.load(Ordering::SeqCst), released, "{batching}");
        writer.close().unwrap();
        assert_eq!(releases.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn flush_ends_the_message_of_gathered_rows() {
    let directory = Directory::new();
    for batching in ["per_batch", "at_close"] {
        let path = directory.file(&format!("flush-{batching}.arrow"));
        let settings = options(&[("batching", json!(batching)), ("messageRows", json!(250))]);
        let schema = batch(0, 1).schema();
        let mut writer: ArrowWriter = create_as(&path, &schema, settings).unwrap();
        let releases = Arc::new(AtomicUsize::new(0));
        let mut given: Vec<RecordBatch> = Vec::new();
        for rows in [100, 0, 50, 200, 300] {
            given.push(batch(rows, rows));
            hand(&given[given.len() - 1], &releases).write(&mut writer).unwrap();
            if rows != 100 {
                writer.flush().unwrap();
                writer.flush().unwrap();
            }
        }
        assert_eq!(writer.close().unwrap()["messages"], json!(5));
        assert_eq!(check(&path, "file", &given, &schema, batching), [100, 50, 200, 250, 50]);
    }
}

#[test]
fn a_batch_of_another_schema_is_refused_and_released() {
    let directory = Directory::new();
    let releases = Arc::new(AtomicUsize::new(0));
    let path = directory.file("schema.arrow");
    let mut writer: ArrowWriter = create_as(&path, &batch(0, 1).schema(), options(&[])).unwrap();
    let narrow = batch(0, 10).project(&[0, 1]).unwrap();
    let refused = hand(&narrow, &releases).write(&mut writer).unwrap_err().to_string();
    assert!(refused.contains("does not have the schema given to create"), "{refused}");
    assert_eq!(releases.load(Ordering::SeqCst), 1);
}

#[test]
fn metadata_of_the_schema_and_of_fields_stays_beside_the_nonce() {
    let directory = Directory::new();
    let path = directory.file("metadata.arrow");
    let plain = batch(0, 10);
    let noted = |[key, value]: [&str; 2]| HashMap::from([(key.to_owned(), value.to_owned())]);
    let mut fields = plain.schema().fields().to_vec();
    fields[0] = Arc::new(fields[0].as_ref().clone().with_metadata(noted(["of a field", "kept"])));
    let schema = Arc::new(arrow::datatypes::Schema::new_with_metadata(fields, noted(["of the schema", "kept"])));
    let given = RecordBatch::try_new(Arc::clone(&schema), plain.columns().to_vec()).unwrap();
    support::write_as::<ArrowWriter>(&path, &schema, &[given], options(&[]));
    let (found, _) = read(&path, "file");
    assert_eq!(found.fields(), schema.fields());
    assert_eq!(found.metadata().get("of the schema").map(String::as_str), Some("kept"));
    assert_eq!(found.metadata().get("writeproof.nonce").map(String::as_str), Some(support::NONCE));
    assert_eq!(found.metadata().len(), 2);
}
