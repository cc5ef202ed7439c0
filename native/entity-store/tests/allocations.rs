//! What scans allocate.

mod support;

use std::path::PathBuf;
use std::process::Command;

use support::{Folder, made, open, prepare};
use writeproof_entity_store::{Encoding, Options, Report, Store, Strategy};

const ROWS: u64 = 3000;

/// Of the second run: the first one may have grown what the next ones use again.
fn report(store: &Store, query: &str, strategy: Strategy) -> Report {
    let mut scan = prepare(store, query, strategy, Options::default());
    scan.run(store).expect(query);
    scan.run_measured(store).expect(query)
}

fn each_store(check: impl Fn(&Store)) {
    let folder = Folder::new("allocations");
    for columns in [10, 20] {
        for encoding in [Encoding::Json, Encoding::Compact] {
            check(&open(&made(&folder, ROWS, columns, encoding)));
        }
    }
}

#[test]
fn ten_rows_allocate_their_result_and_at_most_a_kilobyte() {
    each_store(|store| {
        let report = report(store, r#"{"limit":10}"#, Strategy::FULL);
        let columns = store.facts().columns as u64;
        assert!(report.rust.result_bytes > columns * 40, "{report:?}");
        assert!(report.rust.made.bytes <= report.rust.result_bytes + 1024, "{report:?}");
        assert!(report.rust.made.peak_bytes >= report.rust.result_bytes, "{report:?}");
    });
}

#[test]
fn the_baseline_allocates_far_more_and_both_hold_a_result_of_the_same_rows() {
    each_store(|store| {
        let [baseline, full] =
            [Strategy::BASELINE, Strategy::FULL].map(|strategy| report(store, r#"{"limit":10}"#, strategy));
        assert_eq!((baseline.rows, full.rows), (10, 10));
        // Every row of the store is owned once: a map with a name for each column.
        assert!(baseline.rust.made.peak_bytes > ROWS * 500, "{baseline:?}");
        assert!(baseline.rust.made.allocations > ROWS * store.facts().columns as u64, "{baseline:?}");
        assert!(full.rust.made.peak_bytes < 20_000, "{full:?}");
        assert!(full.rust.made.allocations < 300, "{full:?}");
    });
}

/// Set in the process that is started with the library in front of malloc.
const IN_CHILD: &str = "WRITEPROOF_ENTITY_STORE_COUNTS_MALLOC";

#[test]
fn malloc_is_counted_where_the_library_is_loaded() {
    if std::env::var_os(IN_CHILD).is_some() {
        each_store(|store| {
            let report = report(store, r#"{"limit":10}"#, Strategy::FULL);
            let malloc = report.malloc.expect("the library is loaded");
            // Rust's share, and what RocksDB takes for an iterator.
            assert!(malloc.bytes > report.rust.made.bytes, "{report:?}");
            assert!(malloc.allocations > report.rust.made.allocations, "{report:?}");
            assert!(malloc.peak_bytes >= report.rust.made.peak_bytes, "{report:?}");
        });
        println!("counted in the child");
        return;
    }
    each_store(|store| assert_eq!(report(store, "{}", Strategy::FULL).malloc, None));
    let program = std::env::current_exe().expect("Linux knows it");
    let release: PathBuf = program.ancestors().nth(2).expect("release/deps/test").to_owned();
    let library = release.join("examples/libwriteproof_count_malloc.so");
    assert!(library.is_file(), "cargo builds examples before tests: {}", library.display());
    let output = Command::new(&program)
        .args(["--exact", "malloc_is_counted_where_the_library_is_loaded", "--nocapture"])
        .env("LD_PRELOAD", &library)
        .env(IN_CHILD, "1")
        .output()
        .expect("the test's own program");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("counted in the child"), "{said}{:?}", output.stderr);
}
