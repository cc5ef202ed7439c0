//! The tables of bytes: the same bytes whatever batches, parts and threads they come in.

use arrow::array::{Array, AsArray};
use writeproof_raw::{Content, Ratio, Settings};
use writeproof_tables::{RAW_SEED, Request, facts, generated};

const SIZE: u64 = 1_000_003;

fn request(table: &str, batch_rows: usize, threads: usize, part: (u64, u64)) -> Request {
    Request { table: table.to_owned(), scale: SIZE as f64, part, batch_rows, threads }
}

/// All bytes, and the rows of each batch.
fn bytes(request: &Request) -> (Vec<u8>, Vec<usize>) {
    let mut source = generated(request).expect("the table is there");
    let (mut bytes, mut rows) = (Vec::new(), Vec::new());
    while let Some(batch) = source.next().expect("it makes bytes") {
        let column = batch.column(0).as_binary::<i32>();
        assert_eq!((batch.num_columns(), column.null_count()), (1, 0));
        for row in 0..column.len() {
            bytes.extend_from_slice(column.value(row));
        }
        rows.push(batch.num_rows());
    }
    (bytes, rows)
}

fn content() -> Vec<u8> {
    let settings = Settings { seed: RAW_SEED, size: SIZE, dedup_ratio: Ratio::ONE, compress_ratio: Ratio::ONE };
    let mut bytes = vec![0; SIZE as usize];
    Content::new(settings).fill(0, &mut bytes);
    bytes
}

#[test]
fn raw_is_one_content_however_it_comes() {
    let expected = content();
    for (batch_rows, threads) in [(1, 1), (7, 3), (100, 2), (8192, 1), (8192, 4)] {
        let (found, rows) = bytes(&request("raw", batch_rows, threads, (1, 1)));
        assert!(found == expected, "{batch_rows} {threads}");
        assert_eq!(rows.iter().sum::<usize>(), 245);
        assert!(rows[..rows.len() - 1].iter().all(|count| *count == batch_rows));
    }
}

#[test]
fn parts_in_order_are_the_whole() {
    let parts: Vec<u8> = (1..=3).flat_map(|part| bytes(&request("raw", 50, 1, (part, 3))).0).collect();
    assert!(parts == content());
}

#[test]
fn a_batch_that_is_still_held_is_not_filled_again() {
    let mut source = generated(&request("raw", 10, 1, (1, 1))).expect("the table is there");
    let first = source.next().expect("it makes bytes").expect("a batch");
    let before = first.column(0).as_binary::<i32>().value(3).to_vec();
    let second = source.next().expect("it makes bytes").expect("a batch");
    assert_eq!(first.column(0).as_binary::<i32>().value(3), before);
    assert_ne!(second.column(0).as_binary::<i32>().value(3), before);
}

#[test]
fn the_pattern_is_the_same_everywhere() {
    let (found, _) = bytes(&request("pattern", 100, 2, (1, 1)));
    assert_eq!(found.len() as u64, SIZE);
    assert!(found.chunks(16).all(|part| *part == b"writeproof-block"[..part.len()]));
}

#[test]
fn facts_do_not_depend_on_batches() {
    let one = facts(&request("raw", 10, 1, (1, 1))).expect("facts");
    let other = facts(&request("raw", 8192, 2, (1, 1))).expect("facts");
    assert_eq!(one, other);
    assert_eq!((one.rows, one.schema.len()), (245, 1));
    assert_ne!(one.digest, facts(&request("pattern", 10, 1, (1, 1))).expect("facts").digest);
}

#[test]
fn a_size_that_cannot_be_is_refused() {
    for (scale, batch_rows) in [(0.5, 10), (1000.5, 10), (1e17, 10), (1e6, 1 << 20)] {
        let request = Request { scale, batch_rows, ..request("raw", 1, 1, (1, 1)) };
        let refused = generated(&request).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.contains("raw"), "{scale} {batch_rows}: {refused}");
    }
}
