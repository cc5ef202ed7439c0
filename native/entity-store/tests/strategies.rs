//! Every combination of the switches gives the rows that the definition gives, in their order.

mod support;

use support::{Folder, definition, digest, expected, made, open};
use writeproof_entity_store::{COLUMNS, ColumnKind, Definition, Encoding, Item, Options, SWITCHES, Sequence, Strategy};

const ROWS: u64 = 300;

/// Rows of a batch: few, so that there are several batches, the last one in part.
const OPTIONS: Options =
    Options { on_bad_value: writeproof_entity_store::OnBadValue::Stop, batch_rows: 7, fault: None };

fn queries(definition: &Definition) -> Vec<String> {
    let live = (0..ROWS).find(|row| !definition.is_deleted(*row)).expect("a live row");
    let deleted = (0..ROWS).find(|row| definition.is_deleted(*row)).expect("a deleted row");
    let (live, deleted) = (definition.id(live), definition.id(deleted));
    let mut queries: Vec<String> = [
        r#"{}"#,
        r#"{"limit":10}"#,
        r#"{"limit":7}"#,
        r#"{"limit":1000000}"#,
        r#"{"columns":["quantity"]}"#,
        r#"{"columns":["name","id"]}"#,
        r#"{"prefix":"g07/"}"#,
        r#"{"prefix":"g0","limit":30}"#,
        r#"{"prefix":"g63/","columns":["group","id"]}"#,
        r#"{"prefix":"x"}"#,
        r#"{"prefix":"!"}"#,
        r#"{"filter":{"column":"quantity","op":">=","value":900}}"#,
        r#"{"filter":{"column":"quantity","op":"<","value":0},"limit":10,"columns":["name","amount"]}"#,
        r#"{"filter":{"column":"name","op":"isNull"}}"#,
        r#"{"filter":{"column":"name","op":"isNotNull"},"limit":5}"#,
        r#"{"filter":{"column":"category","op":"=","value":"music"}}"#,
        r#"{"filter":{"column":"category","op":"!=","value":"music"},"columns":["category"]}"#,
        r#"{"filter":{"column":"name","op":">","value":"t"}}"#,
        r#"{"filter":{"column":"active","op":"=","value":true}}"#,
        r#"{"filter":{"column":"active","op":"!=","value":true}}"#,
        r#"{"filter":{"column":"amount","op":"<=","value":0.5}}"#,
        r#"{"filter":{"column":"created","op":"<","value":1600000050000000}}"#,
        r#"{"filter":{"and":[{"column":"day","op":">","value":19000},{"column":"count","op":"<","value":0},{"column":"group","op":">=","value":"g10"}]}}"#,
    ]
    .map(str::to_owned)
    .to_vec();
    for id in [live, deleted, live + 1, -1, i64::MAX] {
        queries.push(format!(r#"{{"filter":{{"column":"id","op":"=","value":{id}}}}}"#));
    }
    queries.push(format!(
        r#"{{"filter":{{"and":[{{"column":"id","op":"=","value":{live}}},{{"column":"quantity","op":">","value":5000}}]}}}}"#
    ));
    queries.push(format!(r#"{{"prefix":"g63/","filter":{{"column":"id","op":"=","value":{live}}}}}"#));
    queries.push(format!(r#"{{"filter":{{"column":"id","op":">","value":{live}}},"columns":["id"]}}"#));
    if definition.columns == 20 {
        queries.push(r#"{"columns":["code"]}"#.to_owned());
        queries
            .push(r#"{"columns":["weight","note","region"],"filter":{"column":"updated","op":"isNull"}}"#.to_owned());
        queries.push(r#"{"filter":{"column":"verified","op":"=","value":false},"limit":20}"#.to_owned());
    }
    queries
}

fn each_store(check: impl Fn(&writeproof_entity_store::Store)) {
    let folder = Folder::new("strategies");
    for columns in [10, 20] {
        for encoding in [Encoding::Json, Encoding::Compact] {
            check(&open(&made(&folder, ROWS, columns, encoding)));
        }
    }
}

#[test]
fn every_strategy_gives_every_query_the_rows_of_the_definition() {
    let checked = std::cell::Cell::new(0);
    each_store(|store| {
        for query in queries(&store.facts().definition()) {
            let expected = expected(store, &query);
            for bits in 0..1 << SWITCHES {
                let strategy = Strategy::of_bits(bits);
                assert_eq!(digest(store, &query, strategy, OPTIONS), expected, "{query} by {strategy:?}");
                checked.set(checked.get() + 1);
            }
        }
    });
    // 31 queries for 10 columns, 34 for 20, and two encodings.
    assert_eq!(checked.get(), 128 * 2 * (31 + 34));
}

#[test]
fn queries_have_rows_and_do_not_all_have_the_same() {
    let definition = definition(ROWS, 20);
    let mut rows: Vec<u64> = queries(&definition)
        .iter()
        .map(|query| writeproof_entity_store::expected_digest(&definition, query).expect(query).rows)
        .collect();
    assert_eq!(rows.iter().filter(|rows| **rows == 0).count(), 8, "{rows:?}");
    rows.sort_unstable();
    rows.dedup();
    assert!(rows.len() >= 15, "{rows:?}");
}

/// A condition that some rows satisfy: it is made from a value of one.
fn condition(definition: &Definition, choices: &mut Sequence) -> String {
    let column = choices.below(definition.columns as u64) as usize;
    let name = COLUMNS[column].name;
    let item = &definition.row(choices.below(ROWS)).items[column];
    let all = ["=", "!=", "<", "<=", ">", ">="];
    let most = if COLUMNS[column].kind == ColumnKind::Boolean { 2 } else { 6 };
    let op = all[choices.below(most) as usize];
    let value = match item {
        Item::Null => {
            let op = ["isNull", "isNotNull"][choices.below(2) as usize];
            return format!(r#"{{"column":"{name}","op":"{op}"}}"#);
        }
        Item::Integer(value) => value.to_string(),
        Item::Float(value) => format!("{value:?}"),
        Item::Boolean(value) => value.to_string(),
        Item::Text(text) => serde_json::to_string(text).expect("text"),
    };
    format!(r#"{{"column":"{name}","op":"{op}","value":{value}}}"#)
}

fn random_query(definition: &Definition, choices: &mut Sequence) -> String {
    let mut members = Vec::new();
    if choices.below(2) == 0 {
        let conditions: Vec<String> = (0..=choices.below(2)).map(|_| condition(definition, choices)).collect();
        members.push(format!(r#""filter":{{"and":[{}]}}"#, conditions.join(",")));
    }
    if choices.below(2) == 0 {
        let mut columns: Vec<usize> = (0..definition.columns).collect();
        for place in (1..columns.len()).rev() {
            columns.swap(place, choices.below(place as u64 + 1) as usize);
        }
        columns.truncate(1 + choices.below(definition.columns as u64) as usize);
        let names: Vec<String> = columns.iter().map(|column| format!("{:?}", COLUMNS[*column].name)).collect();
        members.push(format!(r#""columns":[{}]"#, names.join(",")));
    }
    if choices.below(3) == 0 {
        members.push(format!(r#""prefix":"g{}""#, choices.below(7)));
    }
    if choices.below(2) == 0 {
        members.push(format!(r#""limit":{}"#, 1 + choices.below(40)));
    }
    format!("{{{}}}", members.join(","))
}

#[test]
fn random_queries_have_the_same_rows_by_random_strategies() {
    each_store(|store| {
        let mut choices = Sequence::new(store.facts().columns as u64);
        let definition = store.facts().definition();
        for _ in 0..400 {
            let query = random_query(&definition, &mut choices);
            let strategy = Strategy::of_bits(choices.below(128) as u32);
            let options = Options { batch_rows: 1 + choices.below(50) as usize, ..OPTIONS };
            assert_eq!(digest(store, &query, strategy, options), expected(store, &query), "{query} by {strategy:?}");
        }
    });
}

#[test]
fn batches_are_full_but_for_the_last_and_share_their_schema_or_not() {
    each_store(|store| {
        for shared_schema in [false, true] {
            let strategy = Strategy { shared_schema, ..Strategy::FULL };
            let mut scan = support::prepare(store, r#"{"limit":20}"#, strategy, OPTIONS);
            scan.run(store).expect("a scan");
            let batches = &scan.found().expect("a result").batches;
            assert_eq!(batches.iter().map(|batch| batch.num_rows()).collect::<Vec<_>>(), [7, 7, 6]);
            let shared = std::sync::Arc::ptr_eq(&batches[0].schema(), &batches[1].schema());
            assert_eq!(shared, shared_schema);
            assert_eq!(batches[0].schema(), batches[1].schema());
        }
        let mut scan = support::prepare(store, "{}", Strategy::BASELINE, OPTIONS);
        scan.run(store).expect("a scan");
        assert_eq!(scan.found().expect("a result").batches.len(), 1);
    });
}

#[test]
fn a_scan_can_be_run_again_and_released() {
    each_store(|store| {
        let mut scan = support::prepare(store, r#"{"limit":20}"#, Strategy::FULL, OPTIONS);
        assert!(scan.digest().is_err_and(|error| error.to_string() == "there is no result: run the scan first"));
        let first = scan.run(store).and_then(|_| scan.digest()).expect("a scan");
        let second = scan.run(store).and_then(|_| scan.digest()).expect("a scan");
        assert_eq!(first, second);
        scan.release();
        assert!(scan.found().is_err());
    });
}
