//! Prepared files hold what was generated, and damage is noticed and named.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use arrow::ipc::reader::StreamReader;
use common::{batches, collect, request};
use writeproof_tables::{BatchSource, PreparedSource, Request, TPCH, facts, prepare, prepared, prepared_facts};

/// A fresh folder, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("writeproof-tables-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).expect("folder");
        Self(path)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn read(path: &Path) -> Result<usize, String> {
    let mut source = prepared(path).map_err(|error| error.to_string())?;
    let mut rows = 0;
    while let Some(batch) = source.next().map_err(|error| error.to_string())? {
        rows += batch.num_rows();
    }
    Ok(rows)
}

#[test]
fn prepared_batches_are_the_generated_ones() {
    let folder = Folder::new("same");
    for table in TPCH {
        for batch_rows in [999, 8_192] {
            let asked = Request { batch_rows, threads: 2, part: (2, 2), ..request(table, 0.01) };
            let path = folder.file(table);
            let made = prepare(&asked, &path).expect("prepare");
            assert_eq!(made, facts(&asked).expect("facts"), "{table}");
            assert_eq!(prepared_facts(&path).expect("facts").digest.order, made.digest.order);
            assert!(collect(prepared(&path).expect("open")) == batches(&asked), "{table} differs");
        }
    }
    assert_eq!(fs::read_dir(&folder.0).expect("folder").count(), TPCH.len(), "no partial file is left");
}

#[test]
fn the_file_is_an_arrow_stream() {
    let folder = Folder::new("stream");
    let asked = request("orders", 0.01);
    prepare(&asked, &folder.file("orders")).expect("prepare");
    let stream = StreamReader::try_new(fs::File::open(folder.file("orders")).expect("open"), None).expect("stream");
    let read: Vec<_> = stream.map(|batch| batch.expect("batch")).collect();
    assert!(read == batches(&asked));
}

#[test]
fn arrays_point_into_slots_that_are_used_again() {
    let folder = Folder::new("ring");
    let path = folder.file("lineitem");
    prepare(&Request { batch_rows: 1_000, ..request("lineitem", 0.01) }, &path).expect("prepare");

    let mut source = PreparedSource::open(&path).expect("open");
    let mut addresses = Vec::new();
    while let Some(batch) = source.next().expect("batch") {
        addresses.push(batch.column(0).as_primitive::<Int64Type>().values().as_ptr().addr());
    }
    assert_eq!(addresses.len(), 61);
    assert!(addresses.iter().all(|address| address % 64 == 0));
    addresses.dedup();
    assert_eq!((addresses.len(), source.slots().0), (1, 1), "one slot served all batches");

    let mut source = PreparedSource::open(&path).expect("open");
    let mut kept = Vec::new();
    while let Some(batch) = source.next().expect("batch") {
        kept.push(batch);
    }
    assert_eq!(source.slots().0, 61, "kept batches keep their slots");
    drop(source);
    assert!(kept == batches(&Request { batch_rows: 1_000, ..request("lineitem", 0.01) }), "they outlive the source");
}

#[test]
fn any_flipped_byte_is_noticed_and_the_file_named() {
    let folder = Folder::new("flip");
    let path = folder.file("supplier");
    prepare(&Request { batch_rows: 40, ..request("supplier", 0.01) }, &path).expect("prepare");
    let good = fs::read(&path).expect("read");
    assert_eq!(read(&path), Ok(100));
    let mut flipped = 0;
    let places = (0..good.len()).step_by(41).chain(good.len() - 40..good.len());
    for place in places {
        let mut bad = good.clone();
        bad[place] ^= 4;
        fs::write(&path, bad).expect("write");
        let message = read(&path).expect_err("a flipped byte");
        assert!(message.contains(path.to_str().expect("path")), "byte {place}: {message}");
        flipped += 1;
    }
    assert!(flipped > 500, "{flipped} bytes were flipped");

    let mut bad = good.clone();
    bad[12_288 + 100] ^= 1;
    fs::write(&path, bad).expect("write");
    let message = read(&path).expect_err("a flipped byte");
    assert!(message.contains("the XXH3 of message 2 of 3 is ") && message.contains(", expected "), "{message}");
}

#[test]
fn a_truncated_file_is_named() {
    let folder = Folder::new("cut");
    let path = folder.file("nation");
    prepare(&request("nation", 1.0), &path).expect("prepare");
    let good = fs::read(&path).expect("read");
    for length in [0, 10, 4_096, good.len() / 2, good.len() - 1] {
        fs::write(&path, &good[..length]).expect("write");
        let message = read(&path).expect_err("a truncated file");
        assert!(message.contains(path.to_str().expect("path")) && message.contains("damaged"), "{length}: {message}");
    }
    let message = read(&folder.file("none")).expect_err("no file");
    assert!(message.starts_with("cannot open prepared file"), "{message}");
}

#[test]
fn nothing_is_left_where_a_file_cannot_be_made() {
    let folder = Folder::new("none");
    let path = folder.file("missing").join("nation");
    let error = prepare(&request("nation", 1.0), &path).expect_err("no folder");
    assert_eq!(error.errno(), Some(2));
    assert!(error.to_string().starts_with("cannot write prepared file"), "{error}");
    assert_eq!(fs::read_dir(&folder.0).expect("folder").count(), 0);
}

#[test]
fn the_table_of_edge_values_is_not_prepared() {
    let folder = Folder::new("types");
    let refusal = prepare(&request("types", 0.001), &folder.file("types")).expect_err("no file").to_string();
    assert_eq!(refusal, "table types cannot be prepared: use its source `generated`");
    assert_eq!(fs::read_dir(&folder.0).expect("folder").count(), 0);
}
