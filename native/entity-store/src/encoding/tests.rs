//! Both forms, read in three ways: in place, as owned rows, and the plain way.

use super::{Decoder, Encoding, encode};
use crate::columns::{COLUMNS, COUNTS};
use crate::definition::{Definition, Item, Row};
use crate::mix::Sequence;
use crate::plain;
use crate::row::{self, Cell, OwnedRow, Wanted, cell_of, wants};

const ROWS: u64 = 300;

const ENCODINGS: [Encoding; 2] = [Encoding::Json, Encoding::Compact];

fn definition(columns: usize) -> Definition {
    Definition { rows: ROWS, columns, seed: 7 }
}

fn value(encoding: Encoding, row: &Row) -> Vec<u8> {
    let mut value = Vec::new();
    encode(encoding, row, &mut value);
    value
}

fn item(cell: &Cell<'_>) -> Item {
    match cell {
        Cell::Null => Item::Null,
        Cell::Integer(value) => Item::Integer(*value),
        Cell::Float(value) => Item::Float(*value),
        Cell::Boolean(value) => Item::Boolean(*value),
        Cell::Text(text) => Item::Text((*text).to_owned()),
    }
}

/// A row in place, as the definition's rows are.
fn in_place(decoder: &Decoder, value: &[u8], wanted: Wanted) -> Result<Row, String> {
    let mut unescaped = String::new();
    let row = decoder.in_place(value, wanted, &mut unescaped)?;
    Ok(Row { deleted: row.deleted, items: row.cells[..decoder.columns].iter().map(item).collect() })
}

/// An owned row, likewise.
fn from_owned(row: &OwnedRow, columns: usize) -> Row {
    let cell = |index: usize| cell_of(COLUMNS[index].kind, row.get(COLUMNS[index].name)).expect("checked");
    Row {
        deleted: row::is_deleted(row).expect("checked"),
        items: (0..columns).map(|index| item(&cell(index))).collect(),
    }
}

/// The row without what is not wanted.
fn cut(row: &Row, wanted: Wanted) -> Row {
    let items = row.items.iter().enumerate();
    let items = items.map(|(index, item)| if wants(wanted, index) { item.clone() } else { Item::Null });
    Row { deleted: row.deleted, items: items.collect() }
}

#[test]
fn what_is_written_is_read_whatever_is_wanted() {
    let mut choices = Sequence::new(1);
    for columns in COUNTS {
        let all: Wanted = (1 << columns) - 1;
        for encoding in ENCODINGS {
            let decoder = Decoder::new(encoding, columns);
            for row in 0..ROWS {
                let row = definition(columns).row(row);
                let value = value(encoding, &row);
                assert_eq!(decoder.is_deleted(&value), Some(row.deleted));
                assert_eq!(plain::read(encoding, &value, columns).as_ref(), Some(&row));
                for wanted in [all, 0, choices.next_number() as Wanted & all, 1 << choices.below(columns as u64)] {
                    let expected = cut(&row, wanted);
                    assert_eq!(in_place(&decoder, &value, wanted).as_ref(), Ok(&expected));
                    let owned = decoder.owned(&value, wanted).expect("our own");
                    assert_eq!(from_owned(&owned, columns), expected);
                }
            }
        }
    }
}

/// The value with one byte changed, left out or put in.
fn changed(value: &[u8], choices: &mut Sequence) -> Vec<u8> {
    let mut value = value.to_vec();
    let place = choices.below(value.len() as u64) as usize;
    // Bytes that mean something to JSON, and any others.
    let likely = b"\"\\{}[]:,0123456789.-+eEtfnu \x01\xff";
    let byte = match choices.below(3) {
        0 => choices.next_number() as u8,
        _ => likely[choices.below(likely.len() as u64) as usize],
    };
    match choices.below(3) {
        0 => value[place] = byte,
        1 => value.insert(place, byte),
        _ => drop(value.remove(place)),
    }
    value
}

#[test]
fn json_in_place_takes_what_serde_json_takes_and_reads_the_same() {
    let mut choices = Sequence::new(2);
    let (mut taken, mut refused) = (0, 0);
    for columns in COUNTS {
        let all: Wanted = (1 << columns) - 1;
        let decoder = Decoder::new(Encoding::Json, columns);
        for row in 0..ROWS {
            let value = value(Encoding::Json, &definition(columns).row(row));
            for _ in 0..100 {
                let value = changed(&value, &mut choices);
                let shown = String::from_utf8_lossy(&value);
                match (in_place(&decoder, &value, all), decoder.owned(&value, all)) {
                    (Ok(row), Ok(owned)) => {
                        assert_eq!(row, from_owned(&owned, columns), "{shown}");
                        taken += 1;
                    }
                    (Err(_), Err(_)) => refused += 1,
                    (in_place, owned) => panic!("{shown}: in place {in_place:?}, owned {owned:?}"),
                }
            }
        }
    }
    assert_eq!(taken + refused, 60_000);
    assert!(taken > 10_000 && refused > 10_000, "{taken} taken, {refused} refused");
}

#[test]
fn compact_values_that_are_damaged_are_refused_or_read_as_the_plain_way_reads_them() {
    let mut choices = Sequence::new(3);
    let (mut taken, mut refused) = (0, 0);
    for columns in COUNTS {
        let all: Wanted = (1 << columns) - 1;
        let decoder = Decoder::new(Encoding::Compact, columns);
        for row in 0..ROWS {
            let value = value(Encoding::Compact, &definition(columns).row(row));
            for _ in 0..100 {
                let value = changed(&value, &mut choices);
                match in_place(&decoder, &value, all) {
                    Ok(row) => {
                        // It does not look at the text of a null.
                        if let Some(plain) = plain::read(Encoding::Compact, &value, columns) {
                            // Any bits of NaN are one.
                            assert_eq!(format!("{row:?}"), format!("{plain:?}"));
                            taken += 1;
                        }
                    }
                    Err(clause) => {
                        assert!(!clause.is_empty());
                        refused += 1;
                    }
                }
            }
        }
    }
    assert!(taken > 5_000 && refused > 30_000, "{taken} taken, {refused} refused");
}

#[test]
fn escapes_of_json_are_those_of_serde_json() {
    let decoder = Decoder::new(Encoding::Json, 10);
    let rest = r#""id":1,"group":"g00","quantity":1,"created":1,"category":"pet""#;
    let wanted = row::wanted([2]);
    let texts = [
        r#""""#,
        r#""plain""#,
        r#""\"\\\/\b\f\n\r\t""#,
        r#""\u0041\u00e9\u6771""#,
        r#""\ud83d\ude00 and 😀""#,
        r#""\ud83d""#,
        r#""\ud83dx""#,
        r#""\ud83d\u0041""#,
        r#""\ude00""#,
        r#""\u12""#,
        r#""\u00g0""#,
        r#""\u+041""#,
        r#""\x""#,
        "\"\u{1}\"",
        "\"\u{7f}\"",
    ];
    let mut taken = 0;
    for text in texts {
        let value = format!("{{\"_deleted\":false,\"name\":{text},{rest}}}");
        let expected: Result<String, _> = serde_json::from_str(text);
        match in_place(&decoder, value.as_bytes(), wanted) {
            Ok(row) => {
                assert_eq!(row.items[2], Item::Text(expected.expect(text)));
                taken += 1;
            }
            Err(clause) => assert!(expected.is_err(), "{text}: {clause}"),
        }
    }
    assert_eq!(taken, 6);
}
