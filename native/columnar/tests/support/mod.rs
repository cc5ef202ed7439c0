//! Batches to write, and the writer's steps as the engine takes them.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow::array::{
    Array, ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, ListArray, RecordBatch, StringArray,
    StructArray,
};
use arrow::compute::concat_batches;
use arrow::datatypes::{Int32Type, Schema, SchemaRef};
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::file::metadata::ParquetMetaData;
use serde_json::{Map, Value, json};
use writeproof_abi::{ArrowArray, ArrowSchema, CreateArgs, Error, Writer, address_fold};
use writeproof_columnar::ParquetWriter;

pub const NONCE: &str = "nonce of this run";

/// A directory that goes when the test ends.
pub struct Directory(PathBuf);

impl Directory {
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("writeproof-columnar-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Rows `first..first + rows` of a table with a key, a column without repeats, money, days, texts, nulls and a list.
pub fn batch(first: i64, rows: i64) -> RecordBatch {
    let range = || first..first + rows;
    let scrambled = |row: i64| (row + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15_u64 as i64);
    let money = Decimal128Array::from_iter_values(range().map(|row| i128::from(scrambled(row) % 10_000_000)));
    let lists =
        ListArray::from_iter_primitive::<Int32Type, _, _>(range().map(|row| {
            (row % 5 != 0).then(|| (0..row % 4).map(move |item| (item != 2).then_some((item + row) as i32)))
        }));
    let columns: Vec<(&str, ArrayRef, bool)> = vec![
        ("key", Arc::new(Int64Array::from_iter_values(range().map(|row| row / 4))), false),
        ("unique", Arc::new(Int64Array::from_iter_values(range().map(scrambled))), false),
        ("money", Arc::new(money.with_precision_and_scale(15, 2).unwrap()), false),
        ("day", Arc::new(Date32Array::from_iter_values(range().map(|row| (row % 2500) as i32))), false),
        ("word", Arc::new(StringArray::from_iter_values(range().map(|row| format!("word {}", row % 7)))), false),
        (
            "note",
            Arc::new(
                range().map(|row| (row % 3 != 0).then(|| format!("{:x}", scrambled(row)))).collect::<StringArray>(),
            ),
            true,
        ),
        ("flag", Arc::new(range().map(|row| (row % 11 != 0).then_some(row % 2 == 0)).collect::<BooleanArray>()), true),
        ("list", Arc::new(lists), true),
    ];
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

/// Batches of uneven sizes, one of them empty; `rows` in all.
pub fn batches(rows: i64) -> Vec<RecordBatch> {
    let mut made = Vec::new();
    let mut first = 0;
    for size in [1000, 0, 4096, 777, 8192].into_iter().cycle() {
        let size = size.min(rows - first);
        made.push(batch(first, size));
        first += size;
        if first == rows {
            return made;
        }
    }
    unreachable!("the sizes go round")
}

pub fn options(more: &[(&str, Value)]) -> Map<String, Value> {
    let mut options = Map::new();
    for (name, value) in [
        ("variant", json!("stream")),
        ("batching", json!("per_batch")),
        ("io", json!("buffered")),
        ("threads", json!(1)),
    ] {
        options.insert(name.to_owned(), value);
    }
    options.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    options
}

pub fn create(target: &Path, schema: &Schema, options: Map<String, Value>) -> Result<ParquetWriter, Error> {
    create_as(target, schema, options)
}

/// Creates a writer of any format.
pub fn create_as<W: Writer>(target: &Path, schema: &Schema, options: Map<String, Value>) -> Result<W, Error> {
    let schema = FFI_ArrowSchema::try_from(schema).unwrap();
    let args =
        CreateArgs { target: target.to_owned(), options, nonce: NONCE.to_owned(), schema: (&raw const schema).cast() };
    W::create(&args)
}

/// A batch behind the C Data Interface that counts how often it is released.
pub struct Handed {
    pub array: ArrowArray,
    pub schema: FFI_ArrowSchema,
}

struct Owned {
    array: FFI_ArrowArray,
    releases: Arc<AtomicUsize>,
}

unsafe extern "C" fn release(array: *mut ArrowArray) {
    // SAFETY: called once with the struct that `hand` made, or with a bitwise move of it.
    unsafe {
        let owned = Box::from_raw((*array).private_data.cast::<Owned>());
        owned.releases.fetch_add(1, Ordering::SeqCst);
        (*array).release = None;
        drop(owned.array);
    }
}

pub fn hand(batch: &RecordBatch, releases: &Arc<AtomicUsize>) -> Handed {
    let data = StructArray::from(batch.clone()).into_data();
    let owned = Box::new(Owned { array: FFI_ArrowArray::new(&data), releases: Arc::clone(releases) });
    // SAFETY: both types have the layout of the C Data Interface; this copy never releases the original by itself.
    let mut array = unsafe { std::ptr::read((&raw const owned.array).cast::<ArrowArray>()) };
    array.release = Some(release);
    array.private_data = Box::into_raw(owned).cast();
    Handed { array, schema: FFI_ArrowSchema::try_from(batch.schema().as_ref()).unwrap() }
}

impl Handed {
    pub fn write<W: Writer>(&mut self, writer: &mut W) -> Result<(), Error> {
        let schema = (&raw mut self.schema).cast::<ArrowSchema>();
        // SAFETY: both structs are valid.
        unsafe { writer.write_batch(&raw mut self.array, schema) }
    }

    pub fn fold(&self) -> u64 {
        // SAFETY: not yet handed over.
        unsafe { address_fold(&raw const self.array) }
    }
}

/// Writes all batches and closes; returns the report.
pub fn write(target: &Path, schema: &SchemaRef, batches: &[RecordBatch], options: Map<String, Value>) -> Value {
    write_as::<ParquetWriter>(target, schema, batches, options)
}

/// The same, in any format.
pub fn write_as<W: Writer>(
    target: &Path,
    schema: &SchemaRef,
    batches: &[RecordBatch],
    options: Map<String, Value>,
) -> Value {
    let mut writer: W = create_as(target, schema, options).unwrap();
    let releases = Arc::new(AtomicUsize::new(0));
    let mut fold = 0_u64;
    for batch in batches {
        let mut handed = hand(batch, &releases);
        fold = fold.wrapping_add(handed.fold());
        handed.write(&mut writer).unwrap();
        assert!(handed.array.release.is_none(), "the array was not moved");
    }
    let report = writer.close().unwrap();
    drop(writer);
    assert_eq!(releases.load(Ordering::SeqCst), batches.len(), "releases");
    assert_eq!(report["addressFold"], json!(format!("{fold:016x}")));
    report
}

/// All rows of a file in one batch, and its metadata.
pub fn read(path: &Path) -> (RecordBatch, Arc<ParquetMetaData>) {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap();
    let (schema, metadata) = (Arc::clone(builder.schema()), Arc::clone(builder.metadata()));
    let batches: Vec<_> = builder.build().unwrap().map(Result::unwrap).collect();
    // The nonce is metadata of the schema too, which the given batches do not have.
    let plain = Arc::new(Schema::new(schema.fields().clone()));
    (RecordBatch::try_new(plain, concat_batches(&schema, &batches).unwrap().columns().to_vec()).unwrap(), metadata)
}

pub fn group_rows(metadata: &ParquetMetaData) -> Vec<i64> {
    metadata.row_groups().iter().map(parquet::file::metadata::RowGroupMetaData::num_rows).collect()
}
