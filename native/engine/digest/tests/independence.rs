//! The digest depends on values, not on how they are stored.

use arrow::array::*;
use arrow::buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow::compute::{cast, concat_batches};
use arrow::datatypes::*;
use std::sync::Arc;
use writeproof_digest::{DigestError, Digester, TableDigest};

const ROWS: usize = 3000;

fn digest(declared: &Schema, batches: &[RecordBatch]) -> TableDigest {
    let mut digester = Digester::new(declared, 0).expect("digestible types");
    for batch in batches {
        digester.update(batch).expect("a layout of the declared types");
    }
    digester.finish()
}

/// Columns of every way to hash, each with nulls.
fn table(rows: usize) -> RecordBatch {
    let null = |row: usize, every: usize| row % every == every / 2;
    let numbers = Int64Array::from_iter((0..rows).map(|row| (!null(row, 5)).then_some(row as i64 * 7919 - 1000)));
    let days = Date32Array::from_iter((0..rows).map(|row| (!null(row, 9)).then_some(row as i32 % 2500)));
    let flags = BooleanArray::from_iter((0..rows).map(|row| (!null(row, 3)).then_some(row % 7 < 3)));
    let money = Decimal128Array::from_iter((0..rows).map(|row| (!null(row, 11)).then_some(row as i128 * 31 - 40_000)));
    let text = StringArray::from_iter(
        (0..rows).map(|row| (!null(row, 4)).then(|| "word ".repeat(row % 9) + &row.to_string())),
    );
    let lists = ListArray::from_iter_primitive::<Int32Type, _, _>(
        (0..rows).map(|row| (!null(row, 6)).then(|| (0..row as i32 % 4).map(move |at| (at != 2).then_some(at)))),
    );
    RecordBatch::try_from_iter_with_nullable([
        ("numbers", Arc::new(numbers) as ArrayRef, true),
        ("days", Arc::new(days), true),
        ("flags", Arc::new(flags), true),
        ("money", Arc::new(money.with_data_type(DataType::Decimal128(15, 2))), true),
        ("text", Arc::new(text), true),
        ("lists", Arc::new(lists), true),
    ])
    .expect("columns of one length")
}

fn with_column(batch: &RecordBatch, position: usize, column: ArrayRef) -> RecordBatch {
    let mut columns = batch.columns().to_vec();
    columns[position] = column;
    let fields = batch
        .schema()
        .fields()
        .iter()
        .zip(&columns)
        .map(|(field, column)| Field::new(field.name(), column.data_type().clone(), true))
        .collect::<Vec<_>>();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).expect("columns of one length")
}

#[test]
fn chunks_do_not_matter() {
    let batch = table(ROWS);
    let whole = digest(&batch.schema(), std::slice::from_ref(&batch));
    assert_eq!(whole.rows, ROWS as u64);
    for size in [1, 7, 64, 1000, 1023, 1024, 1025, 2999] {
        let chunks =
            (0..ROWS).step_by(size).map(|start| batch.slice(start, size.min(ROWS - start))).collect::<Vec<_>>();
        assert_eq!(digest(&batch.schema(), &chunks), whole, "chunks of {size}");
    }
    let with_empty = [batch.slice(0, 0), batch.slice(0, 100), batch.slice(50, 0), batch.slice(100, ROWS - 100)];
    assert_eq!(digest(&batch.schema(), &with_empty), whole);
}

#[test]
fn offsets_of_slices_do_not_matter() {
    let batch = table(ROWS);
    let schema = batch.schema();
    let whole = digest(&schema, std::slice::from_ref(&batch));
    for offset in [1, 7, 8, 63, 64, 65] {
        let padded = concat_batches(&schema, &[batch.slice(ROWS - offset, offset), batch.clone()]).expect("one schema");
        assert_eq!(digest(&schema, &[padded.slice(offset, ROWS)]), whole, "offset {offset}");
    }
}

#[test]
fn layouts_do_not_matter() {
    let batch = table(ROWS);
    let schema = batch.schema();
    let whole = digest(&schema, std::slice::from_ref(&batch));
    let dictionary = |value: DataType| DataType::Dictionary(Box::new(DataType::Int32), Box::new(value));
    let layouts = [
        (0, dictionary(DataType::Int64)),
        (3, DataType::Decimal64(15, 2)),
        (4, DataType::LargeUtf8),
        (4, DataType::Utf8View),
        (4, dictionary(DataType::Utf8)),
        (4, dictionary(DataType::LargeUtf8)),
        (5, DataType::LargeList(Arc::new(Field::new("element", DataType::Int32, true)))),
        (5, DataType::ListView(Arc::new(Field::new("item", DataType::Int32, true)))),
    ];
    for (position, layout) in layouts {
        let column = cast(batch.column(position), &layout).expect("a layout of the same values");
        let other = with_column(&batch, position, column);
        assert_eq!(digest(&schema, std::slice::from_ref(&other)), whole, "declared as it was, {layout}");
        assert_eq!(
            digest(&other.schema(), &[other.slice(0, 65), other.slice(65, ROWS - 65)]),
            whole,
            "declared {layout}"
        );
    }
}

#[test]
fn bytes_under_nulls_do_not_matter() {
    let valid = NullBuffer::from(vec![true, false, true, false]);
    let numbers = |under: i64| Int64Array::new(ScalarBuffer::from(vec![1, under, 3, under]), Some(valid.clone()));
    let money = |under: i128| Decimal128Array::new(ScalarBuffer::from(vec![1, under, 3, under]), Some(valid.clone()));
    let text = |under: &str| {
        let all = ["a", under, "c", under];
        let offsets = OffsetBuffer::from_lengths(all.iter().map(|one| one.len()));
        StringArray::new(offsets, all.concat().into_bytes().into(), Some(valid.clone()))
    };
    let lists = |under: usize| {
        let offsets = OffsetBuffer::from_lengths([1, under, 1, under]);
        let field = Arc::new(Field::new("item", DataType::Int64, true));
        let child = Int64Array::from(
            vec![5; 1].into_iter().chain(vec![8; under]).chain([6]).chain(vec![9; under]).collect::<Vec<_>>(),
        );
        ListArray::new(field, offsets, Arc::new(child), Some(valid.clone()))
    };
    let batch = |n: i64, t: &str, l: usize| {
        let columns: [(&str, ArrayRef); 4] = [
            ("n", Arc::new(numbers(n))),
            ("m", Arc::new(money(n.into()))),
            ("t", Arc::new(text(t))),
            ("l", Arc::new(lists(l))),
        ];
        RecordBatch::try_from_iter(columns).expect("columns of one length")
    };
    let (zeros, garbage) = (batch(0, "", 0), batch(-77, "garbage of more than 16 bytes", 3));
    assert_ne!(zeros.column(0).to_data().buffers(), garbage.column(0).to_data().buffers());
    assert_eq!(digest(&zeros.schema(), std::slice::from_ref(&zeros)), digest(&zeros.schema(), &[garbage]));
}

#[test]
fn other_types_are_named() {
    let batch = table(10);
    let error = |position: usize, layout: DataType| {
        let other = with_column(&batch, position, cast(batch.column(position), &layout).expect("castable"));
        Digester::new(&batch.schema(), 0)
            .expect("digestible types")
            .update(&other)
            .expect_err("another type")
            .to_string()
    };
    assert_eq!(
        error(0, DataType::Int32),
        "column numbers: declared Int64, but the batch holds Int32, which is no layout of it"
    );
    assert_eq!(
        error(3, DataType::Decimal128(15, 3)),
        "column money: declared Decimal128(15, 2), but the batch holds Decimal128(15, 3), which is no layout of it"
    );
    assert_eq!(
        error(4, DataType::Binary),
        "column text: declared Utf8, but the batch holds Binary, which is no layout of it"
    );
    let fewer = batch.project(&[0, 1]).expect("two columns");
    let error = Digester::new(&batch.schema(), 0).expect("digestible types").update(&fewer);
    assert_eq!(error, Err(DigestError::ColumnCount { expected: 6, actual: 2 }));
}

#[test]
fn offsets_outside_of_the_data_are_an_error() {
    // SAFETY: offsets beyond the data are what a broken writer hands over; the digest looks only through checked slices.
    let broken = unsafe {
        let data = ArrayData::builder(DataType::Utf8)
            .len(2)
            .add_buffer(vec![0i32, 2, 900].into())
            .add_buffer(b"ab".into())
            .build_unchecked();
        StringArray::from(data)
    };
    let batch = RecordBatch::try_from_iter([("text", Arc::new(broken) as ArrayRef)]).expect("one column");
    let error = Digester::new(&batch.schema(), 0).expect("digestible types").update(&batch).expect_err("malformed");
    assert_eq!(
        error.to_string(),
        "column text: malformed Arrow data: offsets of row 1 of the batch point outside of the data"
    );
}
