//! Each lie changes the digest of a query for which ENTITIES.md says so, and of no other.

mod support;

use support::{Folder, digest, expected, made, open};
use writeproof_entity_store::{Encoding, Fault, OnBadValue, Options, Store, Strategy};

fn changes(store: &Store, query: &str, strategy: Strategy, fault: Fault) -> bool {
    let options = Options { on_bad_value: OnBadValue::Stop, batch_rows: 16, fault: Some(fault) };
    digest(store, query, strategy, options) != expected(store, query)
}

/// The baseline and the full set; batches only where they are asked for.
fn strategies(batches: bool) -> [Strategy; 4] {
    let baseline = Strategy { batches, ..Strategy::BASELINE };
    let full = Strategy { batches, ..Strategy::FULL };
    [baseline, full, Strategy { iterate: true, ..baseline }, Strategy { one_pass: false, ..full }]
}

fn each(check: impl Fn(&Store)) {
    let folder = Folder::new("faults");
    for encoding in [Encoding::Json, Encoding::Compact] {
        check(&open(&made(&folder, 300, 20, encoding)));
    }
}

const CASES: [(Fault, &str, &str); 6] = [
    (Fault::LimitOffByOne, r#"{"limit":10}"#, r#"{"limit":1000}"#),
    (Fault::DeletedReturned, r#"{"limit":10}"#, r#"{"filter":{"column":"id","op":"=","value":386}}"#),
    (Fault::FilterAfterLimit, r#"{"limit":10,"filter":{"column":"active","op":"=","value":true}}"#, r#"{"limit":10}"#),
    (Fault::ProjectionByWrongIndex, r#"{"columns":["group"]}"#, r#"{"columns":["quantity"]}"#),
    (Fault::NullsLost, r#"{"columns":["note"]}"#, r#"{"columns":["code"]}"#),
    (Fault::BatchEdgeDropped, r#"{"limit":16}"#, r#"{"limit":15}"#),
];

#[test]
fn each_fault_changes_what_it_says() {
    each(|store| {
        for (fault, affected, unaffected) in CASES {
            for strategy in strategies(fault == Fault::BatchEdgeDropped) {
                assert!(
                    changes(store, affected, strategy, fault),
                    "{fault:?} changes nothing of {affected} by {strategy:?}"
                );
                assert!(!changes(store, unaffected, strategy, fault), "{fault:?} changes {unaffected} by {strategy:?}");
            }
        }
    });
}

#[test]
fn a_fault_of_flushes_leaves_scans_alone() {
    each(|store| assert!(!changes(store, "{}", Strategy::FULL, Fault::SnapshotNotHeld)));
}

#[test]
fn lost_edges_need_batches() {
    each(|store| assert!(!changes(store, "{}", strategies(false)[0], Fault::BatchEdgeDropped)));
}

#[test]
fn every_fault_of_scans_has_its_case() {
    let with_case = CASES.map(|(fault, ..)| fault);
    let without: Vec<Fault> = Fault::ALL.into_iter().filter(|fault| !with_case.contains(fault)).collect();
    assert_eq!(without, [Fault::SnapshotNotHeld]);
}
