//! Parts of a table are the whole, digests and all.

mod common;

use common::request;
use writeproof_tables::{Facts, Request, facts};

/// Facts of all parts, in order.
fn parts(table: &str, scale: f64, count: u64) -> Vec<Facts> {
    let part = |index| facts(&Request { part: (index, count), ..request(table, scale) }).expect("facts of a part");
    (1..=count).map(part).collect()
}

#[test]
fn digests_of_parts_merge_into_that_of_the_whole() {
    // Rows beyond one block; several rows a unit; lines that are counted order by order; nested types.
    let tables =
        [("orders", 0.1, 3), ("partsupp", 0.01, 4), ("lineitem", 0.01, 5), ("types", 0.001, 3), ("nation", 1.0, 2)];
    for (table, scale, count) in tables {
        let whole = facts(&request(table, scale)).expect("facts of the whole");
        let parts = parts(table, scale, count);
        let mut row = 0;
        for part in &parts {
            assert_eq!(part.first_row, row, "{table} {:?}", part.part);
            row += part.rows;
        }
        assert_eq!(row, whole.rows, "{table}");
        assert_eq!(parts.iter().map(|part| part.arrow_bytes).sum::<u64>(), whole.arrow_bytes, "{table}");
        let digests = parts.into_iter().map(|part| part.digest);
        let merged = digests.reduce(|one, other| one.merge(other).expect("the same columns"));
        assert_eq!(merged, Some(whole.digest), "{table}");
    }
}

#[test]
fn a_part_twice_is_not_the_whole() {
    let whole = facts(&request("orders", 0.01)).expect("facts of the whole");
    let first = || parts("orders", 0.01, 2).swap_remove(0);
    let twice = first().digest.merge(first().digest).expect("the same columns");
    assert_eq!(twice.rows, whole.rows);
    assert_ne!((twice.multiset, twice.order), (whole.digest.multiset, whole.digest.order));
}
