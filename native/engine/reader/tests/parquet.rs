//! Files of arrow-rs' Parquet writer, read by DuckDB, against the digest of the batches that were written.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::*;
use arrow::buffer::NullBuffer;
use arrow::datatypes::*;
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use writeproof_digest::{Digester, TableDigest};
use writeproof_reader::{Job, ReaderError, Reading, read_parquet};

const ROWS: usize = 10_000;
const GROUP_ROWS: usize = 3_000;

/// A file that is removed with its value.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn duckdb_library() -> PathBuf {
    let architecture = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    let package = format!("../../../node_modules/@duckdb/node-bindings-linux-{architecture}/libduckdb.so");
    Path::new(env!("CARGO_MANIFEST_DIR")).join(package)
}

fn write(name: &str, batch: &RecordBatch) -> Scratch {
    let path = std::env::temp_dir().join(format!("writeproof-reader-{name}-{}.parquet", std::process::id()));
    let properties = WriterProperties::builder().set_max_row_group_row_count(Some(GROUP_ROWS)).build();
    let file = File::create(&path).expect("the temporary folder is writable");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).expect("types that Parquet has");
    writer.write(batch).expect("a well-formed batch");
    writer.close().expect("space for a small file");
    Scratch(path)
}

fn read(path: &Path, segment_rows: Vec<u64>, threads: usize) -> Result<Reading, ReaderError> {
    read_parquet(&Job { duckdb_library: duckdb_library(), path: path.to_path_buf(), segment_rows, threads })
}

fn digest(batch: &RecordBatch) -> TableDigest {
    let mut digester = Digester::new(&batch.schema(), 0).expect("types with canonical bytes");
    digester.update(batch).expect("a well-formed batch");
    digester.finish()
}

/// Values of `make(row)`, every seventh null.
fn sparse<T>(make: impl Fn(i64) -> T) -> Vec<Option<T>> {
    (0..ROWS as i64).map(|row| (row % 7 != 3).then(|| make(row))).collect()
}

/// Of all lengths about those at which strings are held in another way.
fn strings() -> ArrayRef {
    let text = "carefully final deposits sleep furiously across the quickly ironic requests";
    Arc::new(StringArray::from(sparse(|row| text[row as usize % 20..][..row as usize % 41].to_string())))
}

fn decimals(precision: u8, scale: i8) -> ArrayRef {
    let largest = 10i128.pow(u32::from(precision)) - 1;
    let values = sparse(|row| (i128::from(row) - 5_000) * 0x1234_5678_9abc_def1 % (largest + 1));
    let array = Decimal128Array::from(values).with_precision_and_scale(precision, scale);
    Arc::new(array.expect("values of the precision"))
}

/// A column of every type that DuckDB holds as the digest wants it.
fn plain() -> Vec<(&'static str, ArrayRef)> {
    let micros = |row: i64| row * 86_400_123_457 - 1_000_000_000_000_000;
    vec![
        ("required", Arc::new(Int64Array::from_iter_values((0..ROWS as i64).map(|row| row * row - 7))) as ArrayRef),
        ("bool", Arc::new(BooleanArray::from(sparse(|row| row % 3 == 0)))),
        ("int8", Arc::new(Int8Array::from(sparse(|row| row as i8)))),
        ("int16", Arc::new(Int16Array::from(sparse(|row| (row * 77) as i16)))),
        ("int32", Arc::new(Int32Array::from(sparse(|row| (row * 777_777) as i32)))),
        ("uint8", Arc::new(UInt8Array::from(sparse(|row| row as u8)))),
        ("uint16", Arc::new(UInt16Array::from(sparse(|row| (row * 77) as u16)))),
        ("uint32", Arc::new(UInt32Array::from(sparse(|row| (row * 777_777) as u32)))),
        ("uint64", Arc::new(UInt64Array::from(sparse(|row| (row as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15))))),
        ("float32", Arc::new(Float32Array::from(sparse(|row| row as f32 / 7.0 - 100.0)))),
        ("float64", Arc::new(Float64Array::from(sparse(|row| if row % 100 == 0 { -0.0 } else { row as f64 / 7.0 })))),
        ("date", Arc::new(Date32Array::from(sparse(|row| row as i32 - 4_000)))),
        ("time", Arc::new(Time64MicrosecondArray::from(sparse(|row| row * 8_639_999)))),
        ("timestamp", Arc::new(TimestampMicrosecondArray::from(sparse(micros)))),
        ("in UTC", Arc::new(TimestampMicrosecondArray::from(sparse(micros)).with_timezone("UTC"))),
        ("nanos", Arc::new(TimestampNanosecondArray::from(sparse(|row| row * 86_400_123_457_891)))),
        ("of int16", decimals(4, 1)),
        ("of int32", decimals(9, 2)),
        ("of int64", decimals(15, 2)),
        ("of int128", decimals(38, 10)),
        ("say \"utf8\"", strings()),
        ("binary", Arc::new(BinaryArray::from_iter(sparse(|row| vec![row as u8; row as usize % 37])))),
    ]
}

/// What the batch has, whatever DuckDB calls its columns.
fn assert_read(name: &str, batch: &RecordBatch) {
    let file = write(name, batch);
    let segments: Vec<u64> = vec![3_000, 3_000, 3_000, 1_000];
    let expected = digest(batch);
    for threads in [1, 2] {
        let reading = read(&file.0, segments.clone(), threads).expect("a readable file");
        assert_eq!(reading.digest, expected, "{name}, {threads} threads");
        let rows: Vec<u64> = reading.segments.iter().map(|segment| segment.rows).collect();
        assert_eq!(rows, segments);
    }
}

#[test]
fn plain_types_have_the_digest_that_was_written() {
    for (name, column) in plain() {
        assert_read("plain", &RecordBatch::try_from_iter([(name, column)]).expect("one column"));
    }
    assert_read("all-plain", &RecordBatch::try_from_iter(plain()).expect("columns of one length"));
}

#[test]
fn columns_beside_a_nested_one_have_the_digest_that_was_written() {
    let values = Int32Array::from_iter((0..ROWS as i32).map(|row| (row % 5 != 0).then_some(row)));
    let nulls = NullBuffer::from_iter((0..ROWS).map(|row| row % 11 != 0));
    let fields = Fields::from(vec![Field::new("value", DataType::Int32, true)]);
    let nested: ArrayRef = Arc::new(StructArray::new(fields, vec![Arc::new(values)], Some(nulls)));
    let mut columns = plain();
    columns.push(("nested", nested));
    assert_read("nested", &RecordBatch::try_from_iter(columns).expect("columns of one length"));
}

#[test]
fn each_row_group_has_its_own_extremes() {
    let batch = RecordBatch::try_from_iter([("text", strings()), ("number", plain()[0].1.clone())]).expect("columns");
    let file = write("extremes", &batch);
    let reading = read(&file.0, vec![3_000, 3_000, 3_000, 1_000], 2).expect("a readable file");
    let found: Vec<_> = reading.segments.iter().map(|segment| &segment.columns[1]).collect();
    let minima: Vec<_> = found.iter().map(|column| column.min.clone()).collect();
    let expected = [-7, 8_999_993, 35_999_993, 80_999_993].map(|minimum: i64| Some(minimum.to_string()));
    assert_eq!(minima, expected);
    let nulls: Vec<_> = reading.segments.iter().map(|segment| segment.columns[0].nulls).collect();
    assert_eq!(nulls.iter().sum::<u64>(), 1_429);
}

#[test]
fn rows_beyond_the_declared_ones_are_seen() {
    let batch = RecordBatch::try_from_iter([("number", plain()[0].1.clone())]).expect("one column");
    let file = write("beyond", &batch);
    let reading = read(&file.0, vec![3_000, 3_000], 2).expect("a readable file");
    assert_eq!((reading.rows, reading.segments.len()), (ROWS as u64, 2));
    assert_eq!(reading.digest, digest(&batch));
}

#[test]
fn a_file_without_rows_has_its_columns() {
    let batch = RecordBatch::try_from_iter(plain()).expect("columns of one length").slice(0, 0);
    let file = write("empty", &batch);
    let reading = read(&file.0, Vec::new(), 2).expect("a readable file");
    assert_eq!((reading.rows, reading.digest.columns.len()), (0, 22));
}

#[test]
fn a_missing_and_a_torn_file_are_errors() {
    let missing = read(Path::new("/nowhere/at all.parquet"), vec![1], 1).expect_err("no such file");
    assert!(missing.to_string().contains("No files found"), "{missing}");
    let file = Scratch(std::env::temp_dir().join(format!("writeproof-reader-torn-{}", std::process::id())));
    std::fs::write(&file.0, b"PAR1 and nothing more PAR1").expect("the temporary folder is writable");
    let torn = read(&file.0, vec![1], 1).expect_err("no Parquet file");
    assert!(torn.to_string().starts_with("DuckDB: "), "{torn}");
}
