//! What is no store, or a damaged one, is named; the store stays as it was.

mod support;

use std::fs;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rocksdb::DB;
use support::{Folder, contents, made, open, open_to_write, prepare};
use writeproof_entity_store::{Encoding, Error, ErrorKind, MakeOptions, OpenOptions, Options, Store, Strategy, make};

fn refusal(path: &Path) -> Error {
    match Store::open(path, &OpenOptions::default()) {
        Ok(_) => panic!("{} was opened", path.display()),
        Err(error) => error,
    }
}

/// The largest table of a store.
fn table(store: &Path) -> PathBuf {
    let mut tables: Vec<_> =
        contents(store).into_iter().filter(|(path, ..)| path.extension().is_some_and(|text| text == "sst")).collect();
    tables.sort_by_key(|(_, bytes, _)| bytes.len());
    tables.pop().expect("a table").0
}

#[test]
fn what_is_no_store_is_named() {
    let folder = Folder::new("none");
    let file = folder.join("file");
    fs::write(&file, "text").expect("writable");
    let empty = folder.join("empty");
    fs::create_dir(&empty).expect("writable");
    for (path, found) in [(folder.join("missing"), "nothing"), (file, "a file"), (empty, "a folder without a store")] {
        let error = refusal(&path);
        let expected = format!("there is no entity store at {}: expected its folder, found {found}", path.display());
        assert_eq!((error.kind(), error.to_string()), (ErrorKind::Misuse, expected));
    }
    assert!(!folder.join("missing").exists());
}

#[test]
fn stores_of_others_are_named() {
    let folder = Folder::new("others");
    let foreign = folder.join("foreign");
    drop(DB::open_default(&foreign).expect("a store"));
    let error = refusal(&foreign);
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(error.to_string().contains("is no entity store: expected a facts record under the key !facts"), "{error}");

    let other = made(&folder, 100, 10, Encoding::Json);
    let db = DB::open_default(&other).expect("a store");
    db.put(b"!facts", br#"{"format":2,"rows":100}"#).expect("writable");
    drop(db);
    let error = refusal(&other);
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(error.to_string().contains("was made by another version: its format is 2; expected 1"), "{error}");

    let db = DB::open_default(&other).expect("a store");
    db.put(b"!facts", br#"{"format":1,"rows":0,"columns":10,"encoding":"json","seed":7,"changed":false}"#)
        .expect("writable");
    drop(db);
    let error = refusal(&other);
    assert_eq!(error.kind(), ErrorKind::Integrity);
    assert!(error.to_string().contains("is damaged: its facts record: rows is 0"), "{error}");
}

#[test]
fn a_locked_store_can_be_read_and_not_written() {
    let folder = Folder::new("locked");
    let path = made(&folder, 100, 10, Encoding::Json);
    let holder = open_to_write(&path);
    let error = match Store::open(&path, &OpenOptions { read_only: false, ..OpenOptions::default() }) {
        Ok(_) => panic!("it was opened twice"),
        Err(error) => error,
    };
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(error.to_string().contains("is locked: it is open for writing elsewhere"), "{error}");
    assert_eq!(open(&path).facts().rows, 100);
    drop(holder);
    assert!(!open_to_write(&path).is_read_only());
}

#[test]
fn a_cut_table_is_damage() {
    let folder = Folder::new("cut");
    let path = made(&folder, 3000, 10, Encoding::Json);
    let table = table(&path);
    let bytes = fs::read(&table).expect("readable");
    fs::write(&table, &bytes[..bytes.len() / 2]).expect("writable");
    let error = refusal(&path);
    assert_eq!(error.kind(), ErrorKind::Integrity);
    assert!(error.to_string().contains(&format!("the store {} is damaged: ", path.display())), "{error}");
    fs::remove_file(&table).expect("it is there");
    assert_eq!(refusal(&path).kind(), ErrorKind::Integrity);
}

#[test]
fn a_flipped_bit_is_found_by_the_scan_that_reads_it() {
    let folder = Folder::new("bit");
    let path = made(&folder, 3000, 10, Encoding::Compact);
    let table = table(&path);
    let file = fs::OpenOptions::new().read(true).write(true).open(&table).expect("writable");
    let mut byte = [0];
    file.read_exact_at(&mut byte, 100_000).expect("long enough");
    file.write_all_at(&[byte[0] ^ 1], 100_000).expect("writable");
    drop(file);
    let store = open(&path);
    for strategy in [Strategy::BASELINE, Strategy::FULL] {
        let error = prepare(&store, "{}", strategy, Options::default()).run(&store).expect_err("a bit is wrong");
        assert_eq!(error.kind(), ErrorKind::Integrity);
        assert!(error.to_string().contains("is damaged: Corruption: block checksum mismatch"), "{error}");
        let mut scan = prepare(&store, r#"{"limit":10}"#, Strategy::FULL, Options::default());
        assert_eq!(scan.run(&store), Ok(10));
    }
}

#[test]
fn reading_changes_nothing() {
    let folder = Folder::new("unchanged");
    let path = made(&folder, 500, 10, Encoding::Json);
    let before = contents(folder.path());
    let store = open(&path);
    for strategy in [Strategy::BASELINE, Strategy::FULL] {
        assert!(prepare(&store, "{}", strategy, Options::default()).run(&store).is_ok());
    }
    let job = r#"{"target":"never.parquet","load":{"threads":1,"seed":1}}"#;
    let error = writeproof_entity_store::FlushJob::parse(job)
        .and_then(|job| writeproof_entity_store::flush(&store, &job))
        .expect_err("it is read-only");
    assert!(error.to_string().contains("was opened read-only; a flush writes to it"), "{error}");
    drop(store);
    assert!(before == contents(folder.path()), "files of the store have changed");
}

#[test]
fn a_store_that_nobody_may_write_can_be_read() {
    let folder = Folder::new("rights");
    let path = made(&folder, 100, 10, Encoding::Json);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o555)).expect("our own");
    let rows = open(&path).facts().rows;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("our own");
    assert_eq!(rows, 100);
}

#[test]
fn making_fails_with_a_sentence_and_leaves_nothing() {
    let folder = Folder::new("making");
    let options = MakeOptions { rows: 100, columns: 10, encoding: Encoding::Json, seed: 7 };
    let there = folder.join("there");
    fs::write(&there, "text").expect("writable");
    let before = contents(folder.path());
    let error = make(&there, &options).expect_err("something lies there");
    assert_eq!(error.to_string(), format!("there is something at {} already; expected nothing", there.display()));
    let error = make(&folder.join("no/such/folder/store"), &options).expect_err("no folder");
    assert_eq!(error.kind(), ErrorKind::Io);
    for (options, sentence) in [
        (MakeOptions { rows: 0, ..options }, "rows is 0; expected 1 to"),
        (MakeOptions { columns: 11, ..options }, "columns is 11; expected 10 or 20"),
        (MakeOptions { seed: 1 << 53, ..options }, "expected a number below 2^53"),
    ] {
        let error = make(&folder.join("store"), &options).expect_err("it cannot be");
        assert!(error.to_string().contains(sentence), "{error}");
    }
    assert!(before == contents(folder.path()), "something was left");
    let error = MakeOptions::parse(r#"{"rows":1,"columns":10,"encoding":"xml","seed":1}"#).expect_err("no encoding");
    assert!(error.to_string().contains("unknown variant `xml`, expected `json` or `compact`"), "{error}");
}
