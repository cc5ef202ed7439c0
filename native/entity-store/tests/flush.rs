//! Flushes of a snapshot while others write.

mod support;

use std::fs::{self, File};
use std::path::Path;

use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use support::{Folder, contents, made, open_to_write, prepare};
use writeproof_digest::Digester;
use writeproof_entity_store::{
    Encoding, Error, FlushJob, FlushReport, Options, Store, Strategy, TableDigest, expected_digest, flush,
};

fn job(target: &Path, more: &str) -> FlushJob {
    FlushJob::parse(&format!(r#"{{"target":{:?},{more}}}"#, target.display().to_string())).expect("a job")
}

fn run(store: &Store, target: &Path, more: &str) -> Result<FlushReport, Error> {
    flush(store, &job(target, more))
}

/// Digest and nonce of a Parquet file, read by arrow-rs.
fn read_back(path: &Path) -> (TableDigest, Option<String>) {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).expect("a file")).expect("Parquet");
    let entries = builder.metadata().file_metadata().key_value_metadata().cloned().unwrap_or_default();
    let nonce = entries.into_iter().find(|entry| entry.key == "writeproof.nonce").and_then(|entry| entry.value);
    let mut digester = Digester::new(builder.schema(), 0).expect("known types");
    for batch in builder.build().expect("readable") {
        digester.update(&batch.expect("readable")).expect("digested");
    }
    (digester.finish(), nonce)
}

fn check(store: &Store, report: &FlushReport) {
    let first = expected_digest(&store.facts().definition(), "{}").expect("a definition");
    assert_eq!(report.digest_of_snapshot, first);
    assert_eq!(report.rows, first.rows);
    for file in &report.files {
        let (digest, nonce) = read_back(&file.path);
        assert_eq!(digest, report.digest_of_snapshot, "{}", file.path.display());
        assert_eq!(nonce, Some(report.sequence.to_string()));
        assert_eq!((file.rows, file.bytes), (first.rows, fs::metadata(&file.path).expect("a file").len()));
    }
}

#[test]
fn the_same_snapshot_gives_the_same_bytes_under_load() {
    let folder = Folder::new("flush");
    for encoding in [Encoding::Json, Encoding::Compact] {
        let store = open_to_write(&made(&folder, 20_000, 20, encoding));
        let target = folder.join(&format!("{encoding:?}.parquet"));
        let report = run(&store, &target, r#""copies":3,"load":{"threads":2,"seed":5,"seconds":1}"#).expect("a flush");
        check(&store, &report);
        assert_eq!(report.files.len(), 3);
        assert_eq!(report.files[1].path, folder.join(&format!("{encoding:?}-2.parquet")));
        let bytes = report.files.iter().map(|file| fs::read(&file.path).expect("a file"));
        let mut bytes: Vec<_> = bytes.collect();
        bytes.dedup();
        assert_eq!(bytes.len(), 1, "the files differ");
        assert!(report.files.iter().all(|file| file.sha256 == report.files[0].sha256 && file.sha256.len() == 64));
        assert_ne!(report.digest_after, report.digest_of_snapshot);
        let written = report.written;
        assert!(written.puts > 10 && written.deletes > 10 && written.overwrites > 10, "{written:?}");
        assert!(store.facts_now().expect("facts").changed && !store.facts().changed);
        let mut scan = prepare(&store, "{}", Strategy::FULL, Options::default());
        scan.run(&store).expect("a scan");
        assert_eq!(scan.digest().expect("a result"), report.digest_after);
    }
}

#[test]
fn without_a_load_nothing_changes() {
    let folder = Folder::new("still");
    let store = open_to_write(&made(&folder, 500, 10, Encoding::Compact));
    let report = run(&store, &folder.join("a.parquet"), r#""load":{"threads":0,"seed":5}"#).expect("a flush");
    check(&store, &report);
    assert_eq!(report.digest_after, report.digest_of_snapshot);
    assert_eq!(report.written, Default::default());
    assert!(!store.facts_now().expect("facts").changed);
}

#[test]
fn a_load_of_so_many_operations_does_them_all() {
    let folder = Folder::new("operations");
    for operations in [0, 3, 16, 200] {
        let store = open_to_write(&made(&folder, 500 + operations, 10, Encoding::Json));
        let load = format!(r#""load":{{"threads":3,"seed":5,"operations":{operations}}}"#);
        let report = run(&store, &folder.join(&format!("{operations}.parquet")), &load).expect("a flush");
        check(&store, &report);
        let written = report.written;
        assert_eq!(written.puts + written.deletes + written.overwrites, 3 * operations);
        assert_eq!(report.digest_after != report.digest_of_snapshot, operations > 0);
    }
}

#[test]
fn a_snapshot_that_is_not_held_is_seen() {
    let folder = Folder::new("not-held");
    let store = open_to_write(&made(&folder, 5000, 10, Encoding::Compact));
    let more = r#""copies":2,"fault":"snapshot-not-held","load":{"threads":2,"seed":5,"seconds":1}"#;
    let report = run(&store, &folder.join("a.parquet"), more).expect("a flush");
    for file in &report.files {
        assert_ne!(read_back(&file.path).0, report.digest_of_snapshot);
    }
}

#[test]
fn a_flush_that_cannot_write_says_so_and_leaves_nothing() {
    let folder = Folder::new("cannot");
    let store = open_to_write(&made(&folder, 500, 10, Encoding::Json));
    let load = r#""copies":2,"load":{"threads":1,"seed":5}"#;
    let there = folder.join("a-2.parquet");
    fs::write(&there, "text").expect("writable");
    let error = run(&store, &folder.join("a.parquet"), load).expect_err("a file lies there");
    assert_eq!(error.to_string(), format!("there is something at {} already; expected nothing", there.display()));
    assert!(!folder.join("a.parquet").exists());
    let error = run(&store, &folder.join("no/folder/a.parquet"), load).expect_err("no folder");
    assert!(error.to_string().starts_with("cannot write "), "{error}");
    let left: Vec<_> = contents(folder.path())
        .into_iter()
        .filter(|(path, ..)| path.extension().is_some_and(|text| text == "parquet"))
        .collect();
    assert_eq!(left.len(), 1);
    let error = FlushJob::parse(r#"{"target":"a","copies":0,"load":{"threads":1,"seed":1}}"#).expect_err("no copies");
    assert_eq!(error.to_string(), "copies is 0 and batchRows 8192; expected at least 1 of both");
    let error = FlushJob::parse(r#"{"target":"a"}"#).expect_err("no load");
    assert!(error.to_string().contains("missing field `load`"), "{error}");
}

#[test]
#[ignore = "takes a minute"]
fn a_minute_of_flushes_under_load() {
    let folder = Folder::new("minute");
    let store = open_to_write(&made(&folder, 200_000, 20, Encoding::Compact));
    let more = r#""copies":5,"load":{"threads":4,"seed":9,"seconds":60}"#;
    let report = run(&store, &folder.join("a.parquet"), more).expect("a flush");
    check(&store, &report);
    assert!(report.files.iter().all(|file| file.sha256 == report.files[0].sha256));
    assert_ne!(report.digest_after, report.digest_of_snapshot);
    assert!(report.written.overwrites > 10_000, "{:?}", report.written);
}
