//! Prints how fast digests are taken on one core: each kind of column alone, and rows like TPC-H's lineitem in utf8 and in view layout.
//! Bytes are those of the Arrow buffers (views: 16 a value, and the data of those above 12 bytes).

use arrow::array::*;
use arrow::compute::cast;
use arrow::datatypes::*;
use std::sync::Arc;
use std::time::Instant;
use writeproof_digest::Digester;

const ROWS: usize = 8192;

/// SplitMix64, so that every run digests the same rows.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (x ^ (x >> 31)) % limit
    }
}

fn integers(random: &mut Random, limit: u64) -> ArrayRef {
    Arc::new(Int64Array::from_iter_values((0..ROWS).map(|_| random.below(limit) as i64)))
}

fn decimals(random: &mut Random, limit: u64) -> ArrayRef {
    let values = Decimal128Array::from_iter_values((0..ROWS).map(|_| i128::from(random.below(limit))));
    Arc::new(values.with_data_type(DataType::Decimal128(15, 2)))
}

fn small(random: &mut Random, to: DataType, limit: u64) -> ArrayRef {
    let values = Int32Array::from_iter_values((0..ROWS).map(|_| random.below(limit) as i32));
    cast(&values, &to).expect("int32 becomes any 32-bit type")
}

fn choices(random: &mut Random, from: &[&str]) -> ArrayRef {
    Arc::new(StringArray::from_iter_values((0..ROWS).map(|_| from[random.below(from.len() as u64) as usize])))
}

fn comments(random: &mut Random) -> ArrayRef {
    let text =
        "carefully final deposits sleep furiously across the quickly ironic requests. slyly bold packages haggle";
    Arc::new(StringArray::from_iter_values((0..ROWS).map(|_| {
        let length = 10 + random.below(34) as usize;
        let start = random.below((text.len() - length) as u64) as usize;
        &text[start..start + length]
    })))
}

fn views(array: &ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Utf8 => cast(array, &DataType::Utf8View).expect("utf8 becomes views"),
        _ => Arc::clone(array),
    }
}

/// Bytes of the values' buffers.
fn arrow_bytes(array: &ArrayRef) -> usize {
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value_data().len() + 4 * array.len(),
        DataType::Utf8View => {
            let longer = array.as_string_view().lengths().filter(|length| *length > 12);
            longer.map(|length| length as usize).sum::<usize>() + 16 * array.len()
        }
        other => array.len() * other.primitive_width().expect("a primitive type"),
    }
}

/// Best of nine, of about 80 ms each.
fn measure(name: &str, columns: Vec<(&str, ArrayRef)>) {
    let bytes: usize = columns.iter().map(|(_, array)| arrow_bytes(array)).sum();
    let count = columns.len();
    let batch = RecordBatch::try_from_iter(columns).expect("columns of one length");
    let rounds = (150_000_000 / bytes).max(1);
    let mut best = f64::INFINITY;
    for _ in 0..9 {
        let mut digester = Digester::new(&batch.schema(), 0).expect("types with canonical bytes");
        let start = Instant::now();
        for _ in 0..rounds {
            digester.update(&batch).expect("a well-formed batch");
        }
        let digest = digester.finish();
        assert_eq!(digest.rows, (rounds * ROWS) as u64);
        best = best.min(start.elapsed().as_secs_f64());
    }
    let rows = (rounds * ROWS) as f64;
    println!(
        "{name:<28} {:>6.2} GB/s  {:>6.2} ns a row  {:>6.1} bytes a row  {count} columns",
        rows * (bytes as f64 / ROWS as f64) / best / 1e9,
        best * 1e9 / rows,
        bytes as f64 / ROWS as f64
    );
}

fn main() {
    let random = &mut Random(1);
    let lineitem: Vec<(&str, ArrayRef)> = vec![
        ("l_orderkey", integers(random, 6_000_000)),
        ("l_partkey", integers(random, 200_000)),
        ("l_suppkey", integers(random, 10_000)),
        ("l_linenumber", small(random, DataType::Int32, 7)),
        ("l_quantity", decimals(random, 5_000)),
        ("l_extendedprice", decimals(random, 10_000_000)),
        ("l_discount", decimals(random, 11)),
        ("l_tax", decimals(random, 9)),
        ("l_returnflag", choices(random, &["A", "N", "R"])),
        ("l_linestatus", choices(random, &["F", "O"])),
        ("l_shipdate", small(random, DataType::Date32, 10_000)),
        ("l_commitdate", small(random, DataType::Date32, 10_000)),
        ("l_receiptdate", small(random, DataType::Date32, 10_000)),
        ("l_shipinstruct", choices(random, &["DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN"])),
        ("l_shipmode", choices(random, &["REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB"])),
        ("l_comment", comments(random)),
    ];
    let in_views: Vec<(&str, ArrayRef)> = lineitem.iter().map(|(name, array)| (*name, views(array))).collect();
    measure("lineitem, utf8", lineitem.clone());
    measure("lineitem, views", in_views.clone());
    let lengths = Int64Array::from_iter_values((0..ROWS as i64).map(|row| row % 100));
    let nullable: ArrayRef =
        Arc::new(Int64Array::from_iter(lengths.iter().enumerate().map(|(row, value)| value.filter(|_| row % 7 != 0))));
    measure("int64", vec![("x", lineitem[0].1.clone())]);
    measure("int64, every 7th null", vec![("x", nullable)]);
    measure("int32", vec![("x", lineitem[3].1.clone())]);
    measure("decimal128", vec![("x", lineitem[5].1.clone())]);
    let doubles = Float64Array::from_iter_values((0..ROWS).map(|_| random.below(1_000_000) as f64 / 7.0));
    measure("float64", vec![("x", Arc::new(doubles))]);
    for at in [8, 13, 14, 15] {
        measure(&format!("{}, utf8", lineitem[at].0), vec![("x", lineitem[at].1.clone())]);
        measure(&format!("{}, views", lineitem[at].0), vec![("x", in_views[at].1.clone())]);
    }
}
