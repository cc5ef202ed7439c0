//! What each accident changes in the digest, and what it leaves alone; parts and segments.

use arrow::array::*;
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::*;
use std::sync::Arc;
use writeproof_digest::{BLOCK_ROWS, DigestError, Digester, TableDigest};

const ROWS: usize = 150_000;

fn table() -> RecordBatch {
    let keys = Int64Array::from_iter_values((0..ROWS as i64).map(|row| row * 3 - 1000));
    let prices = Decimal128Array::from_iter_values((0..ROWS as i128).map(|row| row % 1000 * 100))
        .with_data_type(DataType::Decimal128(15, 2));
    let dates = Date32Array::from_iter((0..ROWS as i32).map(|row| (row % 10 != 0).then_some(8035 + row % 2500)));
    let names = StringArray::from_iter_values((0..ROWS).map(|row| format!("Customer#{:09}", (row * 7919) % ROWS)));
    let floats =
        Float64Array::from_iter_values((0..ROWS).map(|row| if row % 2 == 0 { f64::NAN } else { row as f64 / 2.0 }));
    RecordBatch::try_from_iter([
        ("key", Arc::new(keys) as ArrayRef),
        ("price", Arc::new(prices)),
        ("date", Arc::new(dates)),
        ("name", Arc::new(names)),
        ("ratio", Arc::new(floats)),
    ])
    .expect("columns of one length")
}

fn digest_from(batch: &RecordBatch, first_row: u64) -> TableDigest {
    let mut digester = Digester::new(&batch.schema(), first_row).expect("digestible types");
    digester.update(batch).expect("declared types");
    digester.finish()
}

fn digest(batch: &RecordBatch) -> TableDigest {
    digest_from(batch, 0)
}

fn rows(batch: &RecordBatch, order: impl IntoIterator<Item = usize>) -> RecordBatch {
    let indices = UInt64Array::from_iter_values(order.into_iter().map(|row| row as u64));
    take_record_batch(batch, &indices).expect("rows of the table")
}

#[test]
fn a_swap_changes_order_only() {
    let batch = table();
    let expected = digest(&batch);
    let swapped = digest(&rows(
        &batch,
        (0..ROWS).map(|row| match row {
            5 => 900,
            900 => 5,
            _ => row,
        }),
    ));
    assert_ne!(swapped.order, expected.order);
    assert_eq!(TableDigest { order: expected.order, ..swapped }, expected);
    // Across blocks it shows in the blocks as well.
    let far = digest(&rows(
        &batch,
        (0..ROWS).map(|row| match row {
            5 => 149_000,
            149_000 => 5,
            _ => row,
        }),
    ));
    assert_eq!((far.multiset, &far.columns), (expected.multiset, &expected.columns));
    assert_ne!(far.blocks[0], expected.blocks[0]);
    assert_eq!(far.blocks[1], expected.blocks[1]);
}

#[test]
fn one_row_twice_and_one_lost_changes_the_rows_but_not_their_number() {
    let batch = table();
    let expected = digest(&batch);
    let damaged = digest(&rows(&batch, (0..ROWS).map(|row| if row == 70_000 { 70_001 } else { row })));
    assert_eq!(damaged.rows, expected.rows);
    assert_ne!(damaged.multiset, expected.multiset);
    let blocks = damaged.blocks.iter().zip(&expected.blocks).map(|(one, other)| one == other).collect::<Vec<_>>();
    assert_eq!(blocks, [true, false, true]);
}

#[test]
fn a_column_shifted_by_one_row_is_seen_by_rows_and_not_by_columns() {
    let batch = table();
    let expected = digest(&batch);
    let shifted = rows(&batch, (0..ROWS).map(|row| (row + 1) % ROWS));
    let mut columns = batch.columns().to_vec();
    columns[0] = Arc::clone(shifted.column(0));
    let actual = digest(&RecordBatch::try_new(batch.schema(), columns).expect("the same schema"));
    assert_eq!(actual.columns, expected.columns);
    assert_ne!(actual.multiset, expected.multiset);
    assert_ne!(actual.order, expected.order);
}

#[test]
fn one_cell_changes_rows_order_and_its_column() {
    let batch = table();
    let expected = digest(&batch);
    let mut prices = batch.column(1).as_primitive::<Decimal128Type>().values().to_vec();
    prices[77] += 1;
    let mut columns = batch.columns().to_vec();
    columns[1] = Arc::new(Decimal128Array::from(prices).with_data_type(DataType::Decimal128(15, 2)));
    let actual = digest(&RecordBatch::try_new(batch.schema(), columns).expect("the same schema"));
    assert_ne!(actual.multiset, expected.multiset);
    assert_ne!(actual.order, expected.order);
    let same =
        actual.columns.iter().zip(&expected.columns).map(|(one, other)| one.sum == other.sum).collect::<Vec<_>>();
    assert_eq!(same, [true, false, true, true, true]);
}

#[test]
fn null_is_no_default() {
    let sums = |columns: Vec<ArrayRef>| {
        let named = columns.into_iter().enumerate().map(|(at, column)| (format!("c{at}"), column));
        let digest = digest(&RecordBatch::try_from_iter(named).expect("columns of one length"));
        digest.columns.iter().map(|column| (column.sum, column.nulls)).collect::<Vec<_>>()
    };
    let nulls = sums(vec![
        Arc::new(Int32Array::from(vec![None::<i32>])),
        Arc::new(BooleanArray::from(vec![None::<bool>])),
        Arc::new(StringArray::from(vec![None::<&str>])),
        Arc::new(Float64Array::from(vec![None::<f64>])),
    ]);
    let defaults = sums(vec![
        Arc::new(Int32Array::from(vec![0])),
        Arc::new(BooleanArray::from(vec![false])),
        Arc::new(StringArray::from(vec![""])),
        Arc::new(Float64Array::from(vec![0.0])),
    ]);
    let pairs = nulls.iter().zip(&defaults).map(|(null, default)| (null.0 == default.0, null.1, default.1));
    assert_eq!(pairs.collect::<Vec<_>>(), [(false, 1, 0); 4]);
}

#[test]
fn parts_merge_to_the_whole() {
    let batch = table();
    let whole = digest(&batch);
    assert_eq!(whole.blocks.iter().map(|block| block.rows).collect::<Vec<_>>(), [BLOCK_ROWS, BLOCK_ROWS, 18_928]);
    for cut in [0, 1, 1000, 65_535, 65_536, 65_537, 140_000, ROWS] {
        let first = digest(&batch.slice(0, cut));
        let second = digest_from(&batch.slice(cut, ROWS - cut), cut as u64);
        assert_eq!(first.clone().merge(second.clone()).expect("parts of one table"), whole, "cut at {cut}");
        assert_eq!(second.merge(first).expect("parts of one table"), whole, "cut at {cut}, the later first");
    }
    let misplaced = digest_from(&batch.slice(1000, ROWS - 1000), 1001);
    let wrong = digest(&batch.slice(0, 1000)).merge(misplaced).expect("parts of one table");
    assert_eq!((wrong.rows, wrong.multiset), (whole.rows, whole.multiset));
    assert_ne!(wrong.order, whole.order);
}

#[test]
fn what_does_not_belong_together_is_not_merged() {
    let batch = table();
    let other = digest(&batch.project(&[0, 1]).expect("two columns"));
    assert!(matches!(digest(&batch).merge(other), Err(DigestError::CannotMerge(_))));
    let text = serde_json::to_string(&digest(&batch)).expect("JSON");
    let read: TableDigest = serde_json::from_str(&text).expect("a digest");
    assert_eq!(
        digest(&batch).merge(read).expect_err("no typed values").to_string(),
        "digests cannot be merged: minimum or maximum of column key was read from JSON and has no type; merge before writing"
    );
}

#[test]
fn segments_have_the_statistics_of_their_rows() {
    let batch = table();
    let segment_rows = vec![1, 0, 65_536, 10_000, 74_000, 500, 9];
    let mut digester = Digester::with_segments(&batch.schema(), 0, segment_rows.clone()).expect("digestible types");
    for start in (0..ROWS).step_by(7_000) {
        digester.update(&batch.slice(start, 7_000.min(ROWS - start))).expect("declared types");
    }
    let (whole, segments) = digester.finish_with_segments();
    assert_eq!(whole, digest(&batch));
    assert_eq!(segments.iter().map(|segment| segment.rows).collect::<Vec<_>>(), [1, 0, 65_536, 10_000, 74_000, 463, 0]);
    let mut start = 0;
    for (segment, rows) in segments.iter().zip(segment_rows) {
        let end = (start + rows as usize).min(ROWS);
        let alone = digest(&batch.slice(start, end - start));
        let expected = alone.columns.iter().map(|column| (column.nulls, column.min.clone(), column.max.clone()));
        let actual = segment.columns.iter().map(|column| (column.nulls, column.min.clone(), column.max.clone()));
        assert_eq!(actual.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
        start = end;
    }
    let first = segments[0].columns.iter().map(|column| column.min.as_ref().map(|min| min.text())).collect::<Vec<_>>();
    assert_eq!(first, [Some("-1000"), Some("0.00"), None, Some("Customer#000000000"), None]);
    // Rows behind the last segment are in the digest only.
    let mut short = Digester::with_segments(&batch.schema(), 0, vec![10]).expect("digestible types");
    short.update(&batch).expect("declared types");
    let (digest_of_all, segments) = short.finish_with_segments();
    assert_eq!(digest_of_all, whole);
    assert_eq!(segments.len(), 1);
    assert_eq!(segments[0].columns[0].max.as_ref().map(|max| max.text()), Some("-973"));
}

#[test]
fn a_table_in_two_orders_of_batches_has_another_order() {
    let batch = table();
    let (first, second) = (batch.slice(0, 1000), batch.slice(1000, ROWS - 1000));
    let other = digest(&concat_batches(&batch.schema(), &[second, first]).expect("one schema"));
    let expected = digest(&batch);
    assert_eq!(other.multiset, expected.multiset);
    assert_ne!(other.order, expected.order);
}
