//! Values that do not parse: the row's key is named, or they are counted and left out.

mod support;

use rocksdb::DB;
use support::{Folder, made, open, prepare};
use writeproof_entity_store::{Encoding, ErrorKind, OnBadValue, Options, SWITCHES, Store, Strategy};

const ROWS: u64 = 200;

const COUNT: Options = Options { on_bad_value: OnBadValue::Count, batch_rows: 7, fault: None };

const STOP: Options = Options { on_bad_value: OnBadValue::Stop, ..COUNT };

/// A store of 10 columns whose row 100 has this value.
fn with_value(folder: &Folder, encoding: Encoding, value: &[u8]) -> (Store, String) {
    let path = made(folder, ROWS, 10, encoding);
    let definition = support::definition(ROWS, 10);
    let key = definition.key_of(definition.id(100)).expect("a key");
    let db = DB::open_default(&path).expect("a store");
    db.put(&key, value).expect("writable");
    drop(db);
    (open(&path), key)
}

/// Values that no reader of all columns takes.
fn ill_values() -> Vec<(Encoding, Vec<u8>)> {
    let definition = support::definition(ROWS, 10);
    let live = (0..ROWS).find(|row| !definition.is_deleted(*row)).expect("a live row");
    let value = |encoding| {
        let mut value = Vec::new();
        writeproof_entity_store::encode(encoding, &definition.row(live), &mut value);
        value
    };
    let json = String::from_utf8(value(Encoding::Json)).expect("text");
    let compact = value(Encoding::Compact);
    let mut not_utf8 = compact.clone();
    *not_utf8.last_mut().expect("a text") = 0xFF;
    let mut null_id = compact.clone();
    null_id[2] |= 1;
    let mut other_mark = compact.clone();
    other_mark[0] = 0x7B;
    let mut cases: Vec<_> = [
        String::new(),
        "null".to_owned(),
        json[..json.len() - 1].to_owned(),
        format!("{json}x"),
        json.replace("\"_deleted\":false", "\"_deleted\":0"),
        json.replace("\"_deleted\":false,", ""),
        json.replace("\"quantity\":", "\"quantity\":1e99"),
        json.replace("\"quantity\":-", "\"quantity\":99999999999"),
        json.replace("\"group\":\"", "\"group\":\"\\q"),
        json.replace("\"group\":\"g00\"", "\"group\":null"),
        json.replace("\"group\":\"g00\",", ""),
        json.replace("\"active\":", "\"active\":0"),
    ]
    .into_iter()
    .map(|text| (Encoding::Json, text.into_bytes()))
    .collect();
    cases.extend(
        [Vec::new(), compact[..compact.len() - 1].to_vec(), compact[..20].to_vec(), not_utf8, null_id, other_mark]
            .map(|bytes| (Encoding::Compact, bytes)),
    );
    cases
}

#[test]
fn a_value_that_does_not_parse_is_named_or_counted_by_every_strategy() {
    let cases = ill_values();
    assert_eq!(cases.len(), 18);
    for (number, (encoding, value)) in cases.iter().enumerate() {
        let folder = Folder::new("ill");
        let (store, key) = with_value(&folder, *encoding, value);
        let shown = String::from_utf8_lossy(value);
        let definition = store.facts().definition();
        let others = (0..ROWS).filter(|row| *row != 100 && !definition.is_deleted(*row)).count() as u64;
        for bits in 0..1 << SWITCHES {
            let strategy = Strategy::of_bits(bits);
            let error = prepare(&store, "{}", strategy, STOP).run(&store).expect_err(&shown);
            assert_eq!(error.kind(), ErrorKind::Integrity);
            let start =
                format!("the value under the key {key} of the store {} does not parse: ", store.path().display());
            assert!(error.to_string().starts_with(&start), "{error}");
            let mut scan = prepare(&store, "{}", strategy, COUNT);
            assert_eq!(scan.run(&store), Ok(others), "case {number}, {shown}");
            assert_eq!(scan.found().map(|found| found.bad_values), Ok(1), "{shown}");
        }
    }
}

#[test]
fn a_scan_can_go_on_after_an_error() {
    let folder = Folder::new("again");
    let (store, _) = with_value(&folder, Encoding::Json, b"{}");
    let mut scan = prepare(&store, "{}", Strategy::FULL, STOP);
    assert!(scan.run(&store).is_err());
    assert!(scan.found().is_err());
    let early = r#"{"limit":20}"#;
    let mut scan = prepare(&store, early, Strategy::FULL, STOP);
    assert_eq!(scan.run(&store), Ok(20));
    assert_eq!(scan.digest().expect("a result"), support::expected(&store, early));
}

#[test]
fn a_row_that_passes_the_filter_and_does_not_parse_is_not_counted_by_the_limit() {
    let folder = Folder::new("limit");
    let definition = support::definition(ROWS, 10);
    let mut value = Vec::new();
    writeproof_entity_store::encode(Encoding::Json, &definition.row(100), &mut value);
    let text = String::from_utf8(value).expect("text").replace("\"count\":", "\"count\":x");
    let (store, _) = with_value(&folder, Encoding::Json, text.as_bytes());
    let query = format!(r#"{{"limit":5,"filter":{{"column":"id","op":">=","value":{}}}}}"#, definition.id(100));
    for bits in 0..1 << SWITCHES {
        let mut scan = prepare(&store, &query, Strategy::of_bits(bits), COUNT);
        assert_eq!(scan.run(&store), Ok(5));
        assert_eq!(scan.found().map(|found| found.bad_values), Ok(1));
    }
}

#[test]
fn what_nobody_reads_nobody_finds() {
    let folder = Folder::new("unread");
    let definition = support::definition(ROWS, 10);
    let mut value = Vec::new();
    writeproof_entity_store::encode(Encoding::Json, &definition.row(100), &mut value);
    let text = String::from_utf8(value).expect("text").replace("\"count\":", "\"count\":x");
    let (store, _) = with_value(&folder, Encoding::Json, text.as_bytes());
    let rows = |strategy| prepare(&store, r#"{"columns":["id"]}"#, strategy, STOP).run(&store);
    assert!(rows(Strategy::FULL).is_ok());
    assert!(rows(Strategy { projection: false, ..Strategy::FULL }).is_err());
}

#[test]
fn members_may_come_in_any_order_and_with_others_beside_them() {
    let folder = Folder::new("order");
    let id = support::definition(ROWS, 10).id(100);
    let value = format!(
        r#" {{ "category" : "\u0070et\ud83d\ude00" , "extra": [1, {{"a": null}}, "]"], "quantity": 5, "created": 7, "_deleted": false,
        "group": "a\"b", "id": {id}, "amount": 3 }} "#
    );
    let (store, _) = with_value(&folder, Encoding::Json, value.as_bytes());
    let query = format!(r#"{{"filter":{{"column":"id","op":"=","value":{id}}}}}"#);
    let mut digests = Vec::new();
    for bits in 0..1 << SWITCHES {
        digests.push(support::digest(&store, &query, Strategy::of_bits(bits), STOP));
    }
    digests.dedup();
    assert_eq!(digests.len(), 1);
    let texts: Vec<_> = digests[0]
        .columns
        .iter()
        .map(|column| column.min.as_ref().map_or_else(|| "null".to_owned(), |min| min.text().to_owned()))
        .collect();
    assert_eq!(texts[0], id.to_string());
    assert_eq!([&texts[1], &texts[2], &texts[3], &texts[4]], ["a\"b", "null", "3", "5"]);
    assert_eq!([&texts[8], &texts[9]], ["pet😀", "null"]);
}
