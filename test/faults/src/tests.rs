//! Each fault damages what it says, and nothing else, as arrow-rs reads it; and says so when there was nothing to damage.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, StructArray, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use arrow::datatypes::{Int64Type, Schema};
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::statistics::Statistics;
use serde_json::{Map, Value, json};
use writeproof_abi::{CreateArgs, Error, Writer};

use crate::fault::Fault;
use crate::writer::FaultyWriter;

struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("writeproof-faults-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn target(&self) -> PathBuf {
        self.0.join("target.parquet")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Rows `first` and on: a key that rises and a text.
fn batch(first: i64, rows: i64) -> RecordBatch {
    let key: ArrayRef = Arc::new(Int64Array::from_iter_values(first..first + rows));
    let text: ArrayRef = Arc::new(StringArray::from_iter_values((first..first + rows).map(|row| format!("row {row}"))));
    RecordBatch::try_from_iter_with_nullable([("key", key, false), ("text", text, false)]).unwrap()
}

/// Batches of 100, 0, 50 and 0 rows, then flushed, then 25.
fn given() -> Vec<RecordBatch> {
    vec![batch(0, 100), batch(0, 0), batch(100, 50), batch(0, 0), batch(150, 25)]
}

fn all() -> RecordBatch {
    let given = given();
    concat_batches(&given[0].schema(), &given).unwrap()
}

fn write(target: &Path, batches: &[RecordBatch], fault: &str, more: &[(&str, Value)]) -> Result<Value, Error> {
    let mut options = Map::new();
    for (name, value) in [
        ("variant", json!("stream")),
        ("batching", json!("per_batch")),
        ("io", json!("buffered")),
        ("threads", json!(1)),
        ("fault", json!(fault)),
    ] {
        options.insert(name.to_owned(), value);
    }
    options.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    let schema = FFI_ArrowSchema::try_from(batch(0, 0).schema().as_ref()).unwrap();
    let args = CreateArgs {
        target: target.to_owned(),
        options,
        nonce: "this run".to_owned(),
        schema: (&raw const schema).cast(),
    };
    let mut writer = FaultyWriter::create(&args)?;
    for batch in batches {
        let mut array = FFI_ArrowArray::new(&StructArray::from(batch.clone()).into_data());
        let mut schema = FFI_ArrowSchema::try_from(batch.schema().as_ref()).unwrap();
        // SAFETY: both structs are valid, and have the layout of the C Data Interface.
        unsafe { writer.write_batch((&raw mut array).cast(), (&raw mut schema).cast())? };
    }
    let closed = writer.close();
    if closed.is_err() {
        writer.abort()?;
    }
    closed
}

fn read(path: &Path) -> (RecordBatch, Arc<ParquetMetaData>) {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let plain = Arc::new(Schema::new(builder.schema().fields().clone()));
    let (schema, metadata) = (Arc::clone(builder.schema()), Arc::clone(builder.metadata()));
    let batches: Vec<_> = builder.build().unwrap().map(Result::unwrap).collect();
    let rows = concat_batches(&schema, &batches).unwrap();
    (RecordBatch::try_new(plain, rows.columns().to_vec()).unwrap(), metadata)
}

fn nonce(metadata: &ParquetMetaData) -> Option<String> {
    let pairs = metadata.file_metadata().key_value_metadata()?;
    pairs.iter().find(|pair| pair.key == "writeproof.nonce")?.value.clone()
}

/// Writes with a fault; the report must say that all is well.
fn lie(fault: &str) -> (Directory, PathBuf) {
    let directory = Directory::new();
    let target = directory.target();
    let report = write(&target, &given(), fault, &[]).unwrap();
    assert_eq!(report["rows"], json!(175), "{fault}");
    (directory, target)
}

/// Cells that differ, as (row, column).
fn differences(rows: &RecordBatch) -> Vec<(usize, usize)> {
    let expected = all();
    let cells = (0..rows.num_rows()).flat_map(|row| (0..rows.num_columns()).map(move |column| (row, column)));
    let differs = |&(row, column): &(usize, usize)| {
        rows.column(column).slice(row, 1).to_data() != expected.column(column).slice(row, 1).to_data()
    };
    cells.filter(differs).collect()
}

#[test]
fn without_a_fault_the_file_is_right() {
    let (_directory, target) = lie("none");
    let (rows, metadata) = read(&target);
    assert_eq!(rows, all());
    assert_eq!(nonce(&metadata).as_deref(), Some("this run"));
}

#[test]
fn drop_everything_makes_no_file() {
    let (_directory, target) = lie("drop-everything");
    assert!(!target.exists());
}

#[test]
fn empty_valid_is_full_size_without_a_row() {
    let (_directory, target) = lie("empty-valid");
    let (_honest_directory, honest) = lie("none");
    let (rows, metadata) = read(&target);
    assert_eq!(rows.num_rows(), 0);
    assert_eq!(rows.schema(), all().schema());
    assert_eq!(nonce(&metadata).as_deref(), Some("this run"));
    let length = |path: &Path| std::fs::metadata(path).unwrap().len();
    assert!(length(&target) * 2 > length(&honest));
}

#[test]
fn drop_last_batch_drops_the_last_rows() {
    let (_directory, target) = lie("drop-last-batch");
    assert_eq!(read(&target).0, all().slice(0, 150));
}

#[test]
fn row_shuffle_moves_whole_rows_of_the_first_batch() {
    let (_directory, target) = lie("row-shuffle");
    let rows = read(&target).0;
    let keys = rows.column(0).as_primitive::<Int64Type>();
    assert_ne!(keys, all().column(0).as_primitive());
    assert_eq!(rows.slice(100, 75), all().slice(100, 75));
    let mut back: Vec<u32> = (0..175).collect();
    back.sort_by_key(|row| keys.value(*row as usize));
    assert_eq!(take_record_batch(&rows, &UInt32Array::from(back)).unwrap(), all());
}

#[test]
fn retry_tail_leaves_the_last_batch() {
    let (_directory, target) = lie("retry-tail");
    assert_eq!(read(&target).0, all().slice(150, 25));
}

#[test]
fn nullable_added_changes_one_flag_of_the_file() {
    let (_directory, target) = lie("nullable-added");
    let rows = read(&target).0;
    assert_eq!(rows.columns(), all().columns());
    let schema = rows.schema();
    assert_eq!([schema.field(0).is_nullable(), schema.field(1).is_nullable()], [true, false]);
}

#[test]
fn close_error_ignored_writes_all_and_fails() {
    let directory = Directory::new();
    let error = write(&directory.target(), &given(), "close-error-ignored", &[]).unwrap_err();
    assert_eq!(error.to_string(), "close fails after all was written");
    assert!(!directory.target().exists(), "given up, and still there");
}

#[test]
fn direct_downgraded_writes_the_same_through_the_page_cache() {
    let directory = Directory::new();
    let report = write(&directory.target(), &given(), "direct-downgraded", &[("io", json!("direct"))]).unwrap();
    assert_eq!(report["io"]["mode"], json!("buffered"));
    assert_eq!(read(&directory.target()).0, all());
}

#[test]
fn null_value_loses_one_value() {
    let (_directory, target) = lie("null-value");
    let rows = read(&target).0;
    assert_eq!(differences(&rows), [(0, 0)]);
    assert_eq!([rows.column(0).null_count(), rows.column(1).null_count()], [1, 0]);
    let schema = rows.schema();
    assert_eq!([schema.field(0).is_nullable(), schema.field(1).is_nullable()], [true, false]);
}

#[test]
fn value_changed_changes_one_value_and_no_flag() {
    let (_directory, target) = lie("value-changed");
    let rows = read(&target).0;
    assert_eq!(differences(&rows), [(1, 0)]);
    assert_eq!(rows.schema(), all().schema());
}

#[test]
fn stale_file_differs_in_the_nonce_alone() {
    let (_directory, target) = lie("stale-file");
    let (rows, metadata) = read(&target);
    assert_eq!(rows, all());
    assert_eq!(nonce(&metadata).as_deref(), Some("older run"));
}

#[test]
fn late_write_appends_a_byte_after_close() {
    let directory = Directory::new();
    let target = directory.target();
    write(&target, &given(), "late-write", &[("lateMs", json!(700))]).unwrap();
    let before = std::fs::read(&target).unwrap();
    assert_eq!(read(&target).0, all());
    let grown = || std::fs::metadata(&target).unwrap().len() > before.len() as u64;
    let waited = (0..600).find(|_| {
        std::thread::sleep(Duration::from_millis(50));
        grown()
    });
    assert!(waited.is_some(), "the file did not change within 30 s");
    assert_eq!(std::fs::read(&target).unwrap(), [before.as_slice(), b"x"].concat());
}

#[test]
fn stats_lie_lowers_one_maximum_and_leaves_the_rows() {
    let (_directory, target) = lie("stats-lie");
    let (_honest_directory, honest) = lie("none");
    let ((rows, lied), (_, honest)) = (read(&target), read(&honest));
    assert_eq!(rows, all());
    let extremes = |metadata: &ParquetMetaData| match metadata.row_group(0).column(0).statistics() {
        Some(Statistics::Int64(values)) => {
            (values.min_opt().copied(), values.max_opt().copied(), values.null_count_opt())
        }
        other => panic!("not statistics of int64: {other:?}"),
    };
    assert_eq!(extremes(&honest), (Some(0), Some(174), Some(0)));
    assert_eq!(extremes(&lied), (Some(0), Some(0), Some(0)));
    let text = |metadata: &ParquetMetaData| metadata.row_group(0).column(1).statistics().cloned();
    assert_eq!(text(&lied), text(&honest));
}

#[test]
fn a_handicap_writes_the_same() {
    let (_honest_directory, honest) = lie("none");
    let honest = std::fs::read(honest).unwrap();
    for handicap in ["slow-spin", "slow-sleep", "more-memory"] {
        let (_directory, target) = lie(handicap);
        assert_eq!(std::fs::read(target).unwrap(), honest, "{handicap}");
    }
}

#[test]
fn a_handicap_that_costs_nothing_fails() {
    let free =
        [("slow-spin", "share", json!(0)), ("slow-sleep", "share", json!(0)), ("more-memory", "bytes", json!(0))];
    for (handicap, option, value) in free {
        let directory = Directory::new();
        let error = write(&directory.target(), &given(), handicap, &[(option, value)]).unwrap_err().to_string();
        assert_eq!(error, format!("fault changed nothing: {handicap}: it cost nothing"));
    }
    let directory = Directory::new();
    let error = write(&directory.target(), &[], "slow-spin", &[("share", json!("some"))]).unwrap_err().to_string();
    assert!(error.contains("option share is \"some\"; expected a number from 0 to 100"), "{error}");
}

#[test]
fn wrong_format_is_an_arrow_file() {
    let (_directory, target) = lie("wrong-format");
    let bytes = std::fs::read(&target).unwrap();
    assert_eq!(&bytes[..6], b"ARROW1");
    let reader = arrow::ipc::reader::FileReader::try_new(File::open(&target).unwrap(), None).unwrap();
    let rows: usize = reader.map(|batch| batch.unwrap().num_rows()).sum();
    assert_eq!(rows, 175);
}

#[test]
fn count_lie_claims_a_row_that_is_not_there() {
    let (_directory, target) = lie("count-lie");
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(&target).unwrap()).unwrap();
    assert_eq!(builder.metadata().file_metadata().num_rows(), 176);
    let read: usize = builder.build().unwrap().map_while(Result::ok).map(|batch| batch.num_rows()).sum();
    assert!(read <= 175, "{read} rows");
}

#[test]
fn a_fault_with_nothing_to_damage_fails() {
    let same = || {
        let columns: Vec<ArrayRef> =
            vec![Arc::new(Int64Array::from(vec![7, 7])), Arc::new(StringArray::from(vec!["a", "a"]))];
        vec![RecordBatch::try_new(batch(0, 0).schema(), columns).unwrap()]
    };
    let empty = || vec![batch(0, 0)];
    let cases = [
        ("drop-everything", empty()),
        ("empty-valid", empty()),
        ("drop-last-batch", empty()),
        ("row-shuffle", same()),
        ("row-replaced", same()),
        ("failed-but-timed", empty()),
        ("direct-downgraded", same()),
        ("null-value", empty()),
        ("value-changed", same()),
        ("stats-lie", same()),
        ("count-lie", empty()),
    ];
    for (fault, batches) in cases {
        let directory = Directory::new();
        let error = write(&directory.target(), &batches, fault, &[]).unwrap_err().to_string();
        assert!(error.starts_with(&format!("fault changed nothing: {fault}: ")), "{error}");
        assert!(!directory.target().exists(), "{fault}");
    }
}

#[test]
fn an_unknown_fault_is_refused_with_those_that_there_are() {
    let directory = Directory::new();
    let error = write(&directory.target(), &[], "drop-nothing", &[]).unwrap_err().to_string();
    assert!(error.contains("\"drop-nothing\"; expected one of none, drop-everything, empty-valid"), "{error}");
    let error = write(&directory.target(), &[], "none", &[("colour", json!(1))]).unwrap_err().to_string();
    assert!(error.contains("no option \"colour\""), "{error}");
}

#[test]
fn capabilities_are_those_of_parquet_and_the_faults() {
    let capabilities = FaultyWriter::capabilities();
    assert_eq!(capabilities["format"], json!("parquet"));
    assert_eq!(capabilities["variants"].as_array().unwrap().len(), 4);
    assert_eq!(capabilities["options"]["fault"]["values"], json!(Fault::names()));
    assert_eq!(capabilities["options"]["compression"]["default"], json!("snappy"));
}
