//! Values of variable width.

use super::draws::{Draws, mix};
use super::nulls::{LONG, PERIOD};

const SYMBOLS: [&str; 16] =
    ["a", "Z", "0", " ", "\"", "\\", "\n", "\t", "é", "ß", "Ж", "€", "漢", "\u{fffd}", "\u{1f600}", "\u{10ffff}"];
/// A cut at 65,536 bytes would be within the letter of three bytes that follows these.
const LETTERS_OF_LONG_TEXT: u64 = 65_535;
const BYTES_OF_LONG_BINARY: u64 = 65_537;

/// Whether a column's cell in this row is beyond 64 KiB.
pub(super) fn is_long(row: u64) -> bool {
    row % PERIOD == LONG
}

fn letters(draws: &mut Draws, count: u64, bytes: &mut Vec<u8>) {
    let mut word = 0;
    for place in 0..count {
        if place % 8 == 0 {
            word = draws.next();
        }
        bytes.push(b'a' + ((word >> (8 * (place % 8))) as u8) % 26);
    }
}

fn symbols(draws: &mut Draws, count: u64, bytes: &mut Vec<u8>) {
    let mut word = 0;
    for place in 0..count {
        if place % 16 == 0 {
            word = draws.next();
        }
        bytes.extend_from_slice(SYMBOLS[(word >> (4 * (place % 16))) as usize % 16].as_bytes());
    }
}

/// Draws a text and appends it.
pub(super) fn append_text(draws: &mut Draws, long: bool, bytes: &mut Vec<u8>) {
    if long {
        bytes.extend((0..LETTERS_OF_LONG_TEXT).map(|place| b'a' + ((place + draws.row) % 26) as u8));
        bytes.extend_from_slice("€".as_bytes());
        let count = draws.below(100);
        return letters(draws, count, bytes);
    }
    match draws.next() % 16 {
        0 => {}
        1 => letters(draws, 12, bytes),
        2 => letters(draws, 13, bytes),
        3 => {
            letters(draws, 11, bytes);
            bytes.extend_from_slice("é".as_bytes());
        }
        4 => {
            letters(draws, 10, bytes);
            bytes.extend_from_slice("é".as_bytes());
        }
        5 => bytes.push(0),
        6 => bytes.extend_from_slice(b"a\0b"),
        7 => bytes.extend_from_slice("\u{1f600}".as_bytes()),
        8 => bytes.extend_from_slice("e\u{301}".as_bytes()),
        _ => {
            let count = draws.below(40);
            symbols(draws, count, bytes);
        }
    }
}

fn drawn(draws: &mut Draws, count: usize, bytes: &mut Vec<u8>) {
    for place in (0..count).step_by(8) {
        bytes.extend_from_slice(&draws.next().to_le_bytes()[..8.min(count - place)]);
    }
}

/// Draws a binary value and appends it.
pub(super) fn append_binary(draws: &mut Draws, long: bool, bytes: &mut Vec<u8>) {
    if long {
        let count = BYTES_OF_LONG_BINARY + draws.below(100);
        return bytes.extend((0..count).map(|place| (place + draws.row) as u8));
    }
    match draws.next() % 8 {
        0 => {}
        1 => drawn(draws, 12, bytes),
        2 => drawn(draws, 13, bytes),
        3 => bytes.extend_from_slice(&[0xff; 8]),
        _ => {
            let count = draws.below(40) as usize;
            drawn(draws, count, bytes);
        }
    }
}

/// Draws sixteen bytes and appends them.
pub(super) fn append_sixteen(draws: &mut Draws, bytes: &mut Vec<u8>) {
    match draws.next() % 8 {
        0 => bytes.extend_from_slice(&[0; 16]),
        1 => bytes.extend_from_slice(&[0xff; 16]),
        _ => drawn(draws, 16, bytes),
    }
}

/// Appends the key of entry `place` of a map.
pub(super) fn append_key(draws: &mut Draws, place: u64, bytes: &mut Vec<u8>) {
    bytes.push(b'a' + place as u8);
    bytes.extend_from_slice(draws.below(1_000).to_string().as_bytes());
}

/// Which entry of a dictionary of `entries` a row has.
pub(super) fn entry_of(row: u64, entries: u64) -> u64 {
    (37 * row + row / entries * 11) % entries
}

/// An entry of a dictionary of text.
pub(super) fn word(entry: u64) -> String {
    match entry {
        0 => String::new(),
        1 => "é".to_owned(),
        2 => "m".repeat(13),
        _ => format!("word-{entry}"),
    }
}

/// An entry of a dictionary of numbers.
pub(super) fn number(entry: u64) -> i64 {
    mix(entry) as i64
}
