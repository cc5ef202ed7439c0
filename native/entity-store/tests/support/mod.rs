//! What the tests share: folders that go with them, and small stores.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use writeproof_entity_store::{
    Definition, Encoding, MakeOptions, OpenOptions, Options, Query, Scan, Store, Strategy, TableDigest,
    expected_digest, make,
};

/// A folder for one test.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(name: &str) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("writeproof-{name}-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).expect("the directory for temporary files is writable");
        Self(path)
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What the tests' stores are made from.
pub fn definition(rows: u64, columns: usize) -> Definition {
    Definition { rows, columns, seed: 7 }
}

/// Makes a store and says where.
pub fn made(folder: &Folder, rows: u64, columns: usize, encoding: Encoding) -> PathBuf {
    let path = folder.join(&format!("{rows}-{columns}-{encoding:?}"));
    make(&path, &MakeOptions { rows, columns, encoding, seed: 7 }).expect("a store");
    path
}

/// Opens a store for reading.
pub fn open(path: &Path) -> Store {
    Store::open(path, &OpenOptions::default()).expect("a store")
}

/// Opens a store for writing.
pub fn open_to_write(path: &Path) -> Store {
    Store::open(path, &OpenOptions { read_only: false, ..OpenOptions::default() }).expect("a store")
}

/// A scan of a store.
pub fn prepare(store: &Store, query: &str, strategy: Strategy, options: Options) -> Scan {
    let facts = store.facts();
    Scan::new(facts, Query::parse(query, facts.columns).expect(query), strategy, options)
}

/// Digest of what a query gives.
pub fn digest(store: &Store, query: &str, strategy: Strategy, options: Options) -> TableDigest {
    let mut scan = prepare(store, query, strategy, options);
    let rows = scan.run(store).expect(query);
    let digest = scan.digest().expect(query);
    assert_eq!(digest.rows, rows, "{query}");
    digest
}

/// Digest of what a query must give of a store as it is made.
pub fn expected(store: &Store, query: &str) -> TableDigest {
    expected_digest(&store.facts().definition(), query).expect(query)
}

/// Rows that count as deleted, among the first `rows`.
pub fn deleted_among(definition: &Definition, rows: u64) -> u64 {
    (0..rows).filter(|row| definition.is_deleted(*row)).count() as u64
}

/// Every file below a folder, with its bytes and the time it was last changed.
pub fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>, std::time::SystemTime)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let metadata = entry.metadata().expect("it is there");
        let changed = metadata.modified().expect("Linux knows it");
        if metadata.is_dir() {
            files.extend(contents(&entry.path()));
        } else {
            files.push((entry.path(), fs::read(entry.path()).expect("readable"), changed));
        }
    }
    files.sort();
    files
}
