//! What ENTITIES.md says.

mod support;

use sha2::{Digest, Sha256};
use support::{Folder, definition, made, open};
use writeproof_entity_store::{Encoding, Facts, MakeOptions, encode, make};

/// SHA-256 over key, JSON and compact form of 300 rows, each with a line feed behind it, from a second implementation of ENTITIES.md in another
/// language.
const BY_ANOTHER: [(usize, &str); 2] = [
    (10, "6eca3074286b409d39842aec4649bf813ef6d31c08400e6671e78a0ca60ba75a"),
    (20, "272034bd00c63de4cb57b79d0532e9f073183aade0688767eff0cf197ea34ff7"),
];

#[test]
fn rows_are_those_of_another_implementation() {
    for (columns, expected) in BY_ANOTHER {
        let definition = definition(300, columns);
        let mut hash = Sha256::new();
        for row in 0..definition.rows {
            let content = definition.row(row);
            let mut bytes = definition.key_of(definition.id(row)).expect("a key").into_bytes();
            for encoding in [Encoding::Json, Encoding::Compact] {
                bytes.push(b'\n');
                encode(encoding, &content, &mut bytes);
            }
            bytes.push(b'\n');
            hash.update(&bytes);
        }
        let found: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(found, expected, "{columns} columns");
    }
}

#[test]
fn a_row_is_as_it_is_written_down() {
    let row = definition(300, 10).row(7);
    let written = |encoding| {
        let mut bytes = Vec::new();
        encode(encoding, &row, &mut bytes);
        bytes
    };
    let json = concat!(
        r#"{"_deleted":true,"id":7343,"group":"g01","name":"東京 jade 848","amount":-289699.125,"quantity":-116,"#,
        r#""active":null,"created":1600000007080327,"day":18771,"category":"book","count":-961444928830246}"#
    );
    assert_eq!(String::from_utf8(written(Encoding::Json)).expect("text"), json);
    let compact: String = written(Encoding::Compact).iter().map(|byte| format!("{byte:02x}")).collect();
    let expected = concat!(
        "e10a2000af1c0000000000000300000012000000000000808cae11c18cffffff008709100831af050053490000",
        "16000000dac48b289295fcff673031e69db1e4baac206a61646520383438626f6f6b"
    );
    assert_eq!(compact, expected);
    assert_eq!(definition(300, 10).key_of(7343).as_deref(), Some("g01/0000000000007343"));
}

#[test]
fn about_one_row_in_twenty_is_deleted_and_one_of_the_first_ten() {
    for seed in 0..20 {
        let definition = writeproof_entity_store::Definition { seed, ..definition(10_000, 10) };
        let deleted = (0..10_000).filter(|row| definition.is_deleted(*row)).count();
        assert!((400..600).contains(&deleted), "{deleted} of seed {seed}");
        assert!((0..10).any(|row| definition.is_deleted(row)), "seed {seed}");
    }
}

#[test]
fn keys_are_in_the_order_of_rows_and_groups_are_contiguous() {
    let definition = definition(1000, 10);
    let keys: Vec<String> = (0..1000).map(|row| definition.key_of(definition.id(row)).expect("a key")).collect();
    assert!(keys.is_sorted_by(|left, right| left < right));
    let mut groups: Vec<&str> = keys.iter().map(|key| &key[..4]).collect();
    groups.dedup();
    assert_eq!(groups.len(), 64);
    assert_eq!((groups[0], groups[63]), ("g00/", "g63/"));
}

#[test]
fn a_store_says_what_it_is() {
    let folder = Folder::new("facts");
    let options = MakeOptions { rows: 300, columns: 10, encoding: Encoding::Compact, seed: 7 };
    let path = folder.join("store");
    let report = make(&path, &options).expect("a store");
    assert_eq!((report.rows, report.deleted), (300, 12));
    let on_disk: u64 = support::contents(&path).iter().map(|(_, bytes, _)| bytes.len() as u64).sum();
    assert_eq!(report.bytes, on_disk);
    let store = open(&path);
    assert_eq!(*store.facts(), Facts::of(definition(300, 10), Encoding::Compact));
    let text = serde_json::to_string(store.facts()).expect("plain data");
    assert_eq!(text, r#"{"format":1,"rows":300,"columns":10,"encoding":"compact","seed":7,"changed":false}"#);
}

#[test]
fn a_store_of_one_row_is_a_store() {
    let folder = Folder::new("one");
    for encoding in [Encoding::Json, Encoding::Compact] {
        let store = open(&made(&folder, 1, 20, encoding));
        let digest = support::digest(&store, "{}", Default::default(), Default::default());
        assert_eq!(digest, support::expected(&store, "{}"));
    }
}
