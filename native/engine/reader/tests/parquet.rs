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
use writeproof_reader::{Job, JobColumn, ReaderError, Reading, read_parquet};
use writeproof_schema::type_name;

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

fn job_column(kind: &DataType) -> JobColumn {
    JobColumn { kind: Some(type_name(kind)), is_read: true }
}

fn read(path: &Path, segment_rows: Vec<u64>, threads: usize, schema: &Schema) -> Result<Reading, ReaderError> {
    let columns = schema.fields().iter().map(|field| job_column(field.data_type())).collect();
    read_columns(path, segment_rows, threads, columns)
}

fn read_columns(
    path: &Path,
    segment_rows: Vec<u64>,
    threads: usize,
    columns: Vec<JobColumn>,
) -> Result<Reading, ReaderError> {
    let path = path.to_path_buf();
    read_parquet(&Job { duckdb_library: duckdb_library(), path, first_row: 0, segment_rows, threads, columns })
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
        let reading = read(&file.0, segments.clone(), threads, &batch.schema()).expect("a readable file");
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

/// A column of every type that DuckDB delivers as another one.
fn converted() -> Vec<(&'static str, ArrayRef)> {
    type Half = <Float16Type as ArrowPrimitiveType>::Native;
    let words: Vec<_> = sparse(|row| format!("word {}", row % 100));
    let strings = StringArray::from(words.clone());
    let milliseconds = |row: i64| row * 86_400_123_457 - 1_000_000_000_000;
    let wide = Decimal256Array::from(sparse(|row| i256::from(row - 5_000)));
    let lists = sparse(|row| (0..row % 4).map(|item| (item != 2).then_some((row + item) as i32)).collect::<Vec<_>>());
    let times = ListArray::from_iter_primitive::<Time32MillisecondType, _, _>(lists);
    vec![
        ("float16", Arc::new(Float16Array::from(sparse(|row| Half::from_bits((row * 7) as u16)))) as ArrayRef),
        ("time32[s]", Arc::new(Time32SecondArray::from(sparse(|row| (row * 8) as i32)))),
        ("time32[ms]", Arc::new(Time32MillisecondArray::from(sparse(|row| (row * 8_639) as i32)))),
        ("time64[ns]", Arc::new(Time64NanosecondArray::from(sparse(|row| row * 8_639_999_999)))),
        ("timestamp[s]", Arc::new(TimestampSecondArray::from(sparse(|row| row * row)).with_timezone("Europe/Berlin"))),
        ("timestamp[ms]", Arc::new(TimestampMillisecondArray::from(sparse(milliseconds)).with_timezone("+05:30"))),
        ("date64", Arc::new(Date64Array::from(sparse(|row| row * 86_400_000)))),
        ("duration", Arc::new(DurationNanosecondArray::from(sparse(|row| row - 77)))),
        ("year_month", Arc::new(IntervalYearMonthArray::from(sparse(|row| row as i32 - 5_000)))),
        (
            "day_time",
            Arc::new(IntervalDayTimeArray::from(sparse(|row| IntervalDayTime::new(-(row as i32), 5 - row as i32)))),
        ),
        ("decimal256", Arc::new(wide.with_precision_and_scale(38, 3).expect("38 digits"))),
        (
            "fixed",
            Arc::new(
                FixedSizeBinaryArray::try_from_sparse_iter_with_size(
                    sparse(|row| (row as u64).to_le_bytes()).into_iter(),
                    8,
                )
                .expect("8 bytes"),
            ),
        ),
        ("large", Arc::new(LargeStringArray::from(words))),
        (
            "dictionary",
            arrow::compute::cast(&strings, &DataType::Dictionary(Box::new(DataType::Int16), Box::new(DataType::Utf8)))
                .expect("100 words"),
        ),
        ("inside", Arc::new(times)),
    ]
}

#[test]
fn converted_types_have_the_digest_that_was_written() {
    for (name, column) in converted() {
        assert_read("converted", &RecordBatch::try_from_iter([(name, column)]).expect("one column"));
    }
    assert_read("all-converted", &RecordBatch::try_from_iter(converted()).expect("columns of one length"));
    assert_eq!(converted().len(), 15);
}

#[test]
fn a_column_that_is_left_out_is_digested_as_nulls() {
    let batch = RecordBatch::try_from_iter(plain()).expect("columns of one length");
    let file = write("left-out", &batch);
    let mut columns: Vec<_> = batch.columns().iter().map(|column| job_column(column.data_type())).collect();
    columns[3].is_read = false;
    let reading = read_columns(&file.0, vec![ROWS as u64], 2, columns).expect("a readable file");
    let mut expected = batch.columns().to_vec();
    expected[3] = new_null_array(&DataType::Int16, ROWS);
    let fields: Vec<_> =
        batch.schema().fields().iter().map(|field| field.as_ref().clone().with_nullable(true)).collect();
    let expected = RecordBatch::try_new(Arc::new(Schema::new(fields)), expected).expect("columns of one length");
    assert_eq!(reading.digest, digest(&expected));
    assert_eq!(reading.segments[0].columns[3].nulls, ROWS as u64);
}

#[test]
fn another_type_and_another_number_of_columns_are_errors() {
    let batch = RecordBatch::try_from_iter([("number", plain()[0].1.clone())]).expect("one column");
    let file = write("another", &batch);
    let other = read_columns(&file.0, vec![ROWS as u64], 1, vec![job_column(&DataType::Utf8)]).expect_err("no strings");
    assert!(other.to_string().contains("column number: DuckDB: it delivers Int64 where Utf8 was declared"), "{other}");
    let none = read_columns(&file.0, vec![ROWS as u64], 1, Vec::new()).expect_err("a column more");
    assert_eq!(none.to_string(), "DuckDB: it delivers 1 columns of 0");
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
    let reading = read(&file.0, vec![3_000, 3_000, 3_000, 1_000], 2, &batch.schema()).expect("a readable file");
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
    let reading = read(&file.0, vec![3_000, 3_000], 2, &batch.schema()).expect("a readable file");
    assert_eq!((reading.rows, reading.segments.len()), (ROWS as u64, 2));
    assert_eq!(reading.digest, digest(&batch));
}

#[test]
fn a_file_without_rows_has_its_columns() {
    let batch = RecordBatch::try_from_iter(plain()).expect("columns of one length").slice(0, 0);
    let file = write("empty", &batch);
    let reading = read(&file.0, Vec::new(), 2, &batch.schema()).expect("a readable file");
    assert_eq!((reading.rows, reading.digest.columns.len()), (0, 22));
}

#[test]
fn a_missing_and_a_torn_file_are_errors() {
    let missing = read(Path::new("/nowhere/at all.parquet"), vec![1], 1, &Schema::empty()).expect_err("no such file");
    assert!(missing.to_string().contains("No files found"), "{missing}");
    let file = Scratch(std::env::temp_dir().join(format!("writeproof-reader-torn-{}", std::process::id())));
    std::fs::write(&file.0, b"PAR1 and nothing more PAR1").expect("the temporary folder is writable");
    let torn = read(&file.0, vec![1], 1, &Schema::empty()).expect_err("no Parquet file");
    assert!(torn.to_string().starts_with("DuckDB: "), "{torn}");
}
