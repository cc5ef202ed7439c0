//! What scans read of a store, by the count of the one place that reads it.

mod support;

use support::{Folder, deleted_among, made, open, prepare};
use writeproof_entity_store::{Encoding, Options, Report, Store, Strategy, encode};

const ROWS: u64 = 2000;

fn report(store: &Store, query: &str, strategy: Strategy) -> Report {
    prepare(store, query, strategy, Options::default()).run_measured(store).expect(query)
}

fn stores() -> (Folder, [Store; 2]) {
    let folder = Folder::new("touched");
    let stores = [Encoding::Json, Encoding::Compact].map(|encoding| open(&made(&folder, ROWS, 10, encoding)));
    (folder, stores)
}

#[test]
fn a_limit_reads_its_rows_and_the_deleted_ones_between() {
    let (_folder, stores) = stores();
    for store in stores {
        let definition = store.facts().definition();
        let rows = (10..ROWS).find(|rows| rows - deleted_among(&definition, *rows) == 10).expect("ten live rows");
        let found = report(&store, r#"{"limit":10}"#, Strategy::FULL);
        assert_eq!((found.rows, found.touched.rows_read, found.touched.deleted_read), (10, rows, rows - 10));
        assert!(found.touched.deleted_read >= 1, "one of the first ten is deleted");
        let early = Strategy { filter_in_scan: true, ..Strategy::BASELINE };
        assert_eq!(report(&store, r#"{"limit":10}"#, early).touched, found.touched);
        let late = Strategy { filter_in_scan: false, ..Strategy::FULL };
        assert_eq!(report(&store, r#"{"limit":10}"#, late).touched.rows_read, ROWS);
    }
}

#[test]
fn a_unique_key_is_looked_up() {
    let (_folder, stores) = stores();
    for store in stores {
        let definition = store.facts().definition();
        let by_id = |id: i64| format!(r#"{{"filter":{{"column":"id","op":"=","value":{id}}}}}"#);
        let live = (1000..ROWS).find(|row| !definition.is_deleted(*row)).expect("a live row");
        let deleted = (0..ROWS).find(|row| definition.is_deleted(*row)).expect("a deleted row");
        let touched = |query: &str, strategy| {
            let found = report(&store, query, strategy);
            (found.rows, found.touched.rows_read, found.touched.deleted_read)
        };
        assert_eq!(touched(&by_id(definition.id(live)), Strategy::FULL), (1, 1, 0));
        assert_eq!(touched(&by_id(definition.id(deleted)), Strategy::FULL), (0, 1, 1));
        assert_eq!(touched(&by_id(definition.id(live) + 1), Strategy::FULL), (0, 0, 0));
        assert_eq!(touched(&by_id(-1), Strategy::FULL), (0, 0, 0));
        let all_deleted = deleted_among(&definition, ROWS);
        assert_eq!(touched(&by_id(definition.id(live)), Strategy::BASELINE), (1, ROWS, all_deleted));
    }
}

#[test]
fn a_prefix_is_a_range() {
    let (_folder, stores) = stores();
    for store in stores {
        let definition = store.facts().definition();
        let rows = (0..ROWS).filter(|row| definition.group_of(definition.id(*row)) == 7).count() as u64;
        assert!(rows > 20);
        assert_eq!(report(&store, r#"{"prefix":"g07/"}"#, Strategy::FULL).touched.rows_read, rows);
        assert_eq!(report(&store, r#"{"prefix":"g07/"}"#, Strategy::BASELINE).touched.rows_read, ROWS);
        assert_eq!(report(&store, r#"{"prefix":"x"}"#, Strategy::FULL).touched.rows_read, 0);
    }
}

#[test]
fn a_whole_scan_reads_the_bytes_of_all_rows() {
    let (_folder, stores) = stores();
    for store in stores {
        let definition = store.facts().definition();
        let mut bytes = Vec::new();
        for row in 0..ROWS {
            bytes.extend(definition.key_of(definition.id(row)).expect("a key").into_bytes());
            encode(store.facts().encoding, &definition.row(row), &mut bytes);
        }
        for strategy in [Strategy::BASELINE, Strategy::FULL] {
            let found = report(&store, "{}", strategy);
            assert_eq!((found.touched.rows_read, found.touched.bytes_read), (ROWS, bytes.len() as u64));
            assert_eq!(found.rows, ROWS - deleted_among(&definition, ROWS));
            assert!(found.first_batch_ns.is_some_and(|ns| ns > 0 && ns <= found.ns), "{found:?}");
            assert_eq!((found.batches, found.bad_values), (1, 0));
        }
    }
}
