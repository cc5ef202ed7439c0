//! The three kinds of commit, and what the writer refuses: by reading datasets back, in the order of their rows.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::{ArrowArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, Int64Array, RecordBatch, StringArray, StructArray};
use arrow_schema::{DataType, Field, Schema};
use serde_json::{Map, Value, json};
use writeproof_abi::{CreateArgs, Error, Writer};
use writeproof_lance::LanceWriter;

const NONCE: &str = "0123456789abcdef";

/// A path of a test's own, at which nothing exists.
fn fresh(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("writeproof-lance-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a writable temporary directory");
    folder.join(format!("{name}.lance"))
}

fn schema() -> Schema {
    Schema::new(vec![Field::new("number", DataType::Int64, false), Field::new("text", DataType::Utf8, true)])
}

/// Rows `from` to `to`; every third text is null.
fn batch(from: i64, to: i64) -> RecordBatch {
    let numbers = Int64Array::from_iter_values(from..to);
    let texts: StringArray = (from..to).map(|row| (row % 3 != 0).then(|| format!("row {row}"))).collect();
    RecordBatch::try_new(Arc::new(schema()), vec![Arc::new(numbers), Arc::new(texts)]).expect("of the schema")
}

fn create(target: &Path, options: Value) -> Result<LanceWriter, Error> {
    let schema = FFI_ArrowSchema::try_from(&schema()).expect("plain types");
    let Value::Object(options) = options else { panic!("options are an object") };
    LanceWriter::create(&CreateArgs {
        target: target.to_owned(),
        options,
        nonce: NONCE.to_owned(),
        schema: (&raw const schema).cast(),
    })
}

fn write(writer: &mut LanceWriter, batch: &RecordBatch) -> Result<(), Error> {
    let data = StructArray::from(batch.clone()).into_data();
    let mut schema = FFI_ArrowSchema::try_from(data.data_type()).expect("plain types");
    let mut array = FFI_ArrowArray::new(&data);
    // SAFETY: both are valid, and moved into the writer.
    let done = unsafe { writer.write_batch((&raw mut array).cast(), (&raw mut schema).cast()) };
    assert!(array.is_released(), "the array is moved, whatever comes of it");
    done
}

/// Four batches of 10 rows, a flush after each of the first `flushes`; the writer's report.
fn written(target: &Path, options: Value, flushes: usize) -> Value {
    let mut writer = create(target, options).expect("an empty place");
    for index in 0..4 {
        write(&mut writer, &batch(index * 10, index * 10 + 10)).expect("of the schema");
        if (index as usize) < flushes {
            writer.flush().expect("a commit that takes a flush");
        }
    }
    writer.close().expect("a writable disk")
}

unsafe extern "C" {
    fn writeproof_open_reader(
        target: *const std::ffi::c_char,
        options_json: *const std::ffi::c_char,
        out: *mut FFI_ArrowArrayStream,
    ) -> i32;
    fn writeproof_last_error(writer: *const std::ffi::c_void) -> *const std::ffi::c_char;
}

/// What the library's own reader streams, or what it says.
fn read(target: &Path) -> Result<(Arc<Schema>, Vec<RecordBatch>), String> {
    let path = std::ffi::CString::new(target.to_str().expect("text")).expect("no NUL");
    let mut stream = FFI_ArrowArrayStream::empty();
    // SAFETY: both texts end in NUL, and `stream` is valid.
    if unsafe { writeproof_open_reader(path.as_ptr(), c"{}".as_ptr(), &raw mut stream) } != 0 {
        // SAFETY: valid until the next call on this thread.
        let said = unsafe { std::ffi::CStr::from_ptr(writeproof_last_error(std::ptr::null())) };
        return Err(said.to_string_lossy().into_owned());
    }
    let reader = ArrowArrayStreamReader::try_new(stream).map_err(|error| error.to_string())?;
    let schema = arrow_array::RecordBatchReader::schema(&reader);
    Ok((schema, reader.collect::<Result<_, _>>().map_err(|error| error.to_string())?))
}

fn rows(batches: &[RecordBatch]) -> Vec<(i64, Option<String>)> {
    let of = |batch: &RecordBatch| {
        let numbers = batch.column(0).as_any().downcast_ref::<Int64Array>().expect("int64").clone();
        let texts = batch.column(1).as_any().downcast_ref::<StringArray>().expect("utf8").clone();
        (0..batch.num_rows())
            .map(|row| (numbers.value(row), (!texts.is_null(row)).then(|| texts.value(row).to_owned())))
            .collect::<Vec<_>>()
    };
    batches.iter().flat_map(of).collect()
}

fn count(target: &Path, folder: &str, ending: &str) -> usize {
    let listed = std::fs::read_dir(target.join(folder)).expect("a folder of the dataset");
    listed
        .filter(|entry| entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().ends_with(ending)))
        .count()
}

/// Data files, versions, and whether all rows came back in their order with the nonce.
fn outcome(name: &str, options: Value, flushes: usize) -> (usize, usize, bool) {
    let target = fresh(name);
    let said = written(&target, options, flushes);
    let (schema, batches) = read(&target).expect("a dataset");
    let expected = rows(&[batch(0, 40)]);
    let whole = rows(&batches) == expected
        && schema.metadata().get("writeproof.nonce").is_some_and(|nonce| nonce == NONCE)
        && schema.fields() == self::schema().fields();
    let found = (count(&target, "data", ".lance"), count(&target, "_versions", ".manifest"), whole);
    std::fs::remove_dir_all(&target).expect("our own dataset");
    assert_eq!(said["fragments"], found.0, "{said}");
    assert_eq!(said["commits"]["count"], found.1, "{said}");
    found
}

#[test]
fn an_insert_is_one_version_with_fragments_of_full_files() {
    assert_eq!(outcome("insert", json!({}), 0), (1, 1, true));
    assert_eq!(outcome("full", json!({ "rowsPerFile": 12 }), 0), (4, 1, true));
}

#[test]
fn fragments_end_with_a_flush_and_are_committed_once() {
    assert_eq!(outcome("fragments", json!({ "commit": "fragments" }), 3), (4, 1, true));
    assert_eq!(outcome("fragments-exact", json!({ "commit": "fragments" }), 4), (4, 1, true));
}

#[test]
fn appends_are_a_version_a_flush() {
    assert_eq!(outcome("append", json!({ "commit": "append" }), 3), (4, 4, true));
    assert_eq!(outcome("append-exact", json!({ "commit": "append" }), 4), (4, 4, true));
    assert_eq!(outcome("append-held", json!({ "commit": "append", "batching": "at_close" }), 2), (3, 3, true));
}

#[test]
fn every_version_of_data_files_is_read_back() {
    for version in ["2.0", "2.1", "2.2", "2.3"] {
        assert_eq!(outcome(&format!("version-{version}"), json!({ "version": version }), 0), (1, 1, true), "{version}");
    }
}

#[test]
fn a_dataset_without_rows_is_a_version() {
    let target = fresh("empty");
    let mut writer = create(&target, json!({})).expect("an empty place");
    write(&mut writer, &batch(0, 0)).expect("of the schema");
    writer.close().expect("a writable disk");
    let (_, batches) = read(&target).expect("a dataset");
    let found = (count(&target, "data", ""), count(&target, "_versions", ".manifest"), rows(&batches).len());
    std::fs::remove_dir_all(&target).expect("our own dataset");
    assert_eq!(found, (0, 1, 0));
}

#[test]
fn an_insert_refuses_a_flush() {
    let mut writer = create(&fresh("refused"), json!({})).expect("an empty place");
    write(&mut writer, &batch(0, 10)).expect("of the schema");
    let said = writer.flush().expect_err("one stream").to_string();
    assert_eq!(said, "commit=insert is one stream and has no flush; choose commit=fragments or commit=append");
}

#[test]
fn nothing_is_left_of_what_was_given_up() {
    for (name, give_up) in [("aborted", true), ("dropped", false)] {
        let target = fresh(name);
        let mut writer = create(&target, json!({ "commit": "append" })).expect("an empty place");
        write(&mut writer, &batch(0, 10)).expect("of the schema");
        writer.flush().expect("a commit");
        write(&mut writer, &batch(10, 20)).expect("of the schema");
        if give_up {
            writer.abort().expect("removable");
        }
        drop(writer);
        assert!(!target.exists(), "{name}");
    }
}

#[test]
fn a_batch_of_another_schema_is_refused_between_appends() {
    let mut writer = create(&fresh("mixed"), json!({ "commit": "append" })).expect("an empty place");
    write(&mut writer, &batch(0, 10)).expect("of the schema");
    writer.flush().expect("a commit");
    let other = Arc::new(Schema::new(vec![
        Field::new("number", DataType::Utf8, false),
        Field::new("text", DataType::Utf8, true),
    ]));
    let texts = || Arc::new(StringArray::from(vec!["1"]));
    let other = RecordBatch::try_new(other, vec![texts(), texts()]).expect("two columns of text");
    let said = write(&mut writer, &other).expect_err("text for a number").to_string();
    assert!(said.starts_with("the batch does not have the schema given to create: "), "{said}");
    assert!(said.contains("Int64") && said.contains("Utf8"), "{said}");
}

#[test]
fn options_are_read_strictly() {
    let refusal = |options: Value| create(&fresh("options"), options).err().map(|error| error.to_string());
    let said = [
        json!({ "commit": "often" }),
        json!({ "version": "1.0" }),
        json!({ "rowsPerFile": 0 }),
        json!({ "comit": "append" }),
    ]
    .map(|options| refusal(options).unwrap_or_default());
    assert_eq!(said[0], "option commit of the lance writer is often; expected insert, fragments or append");
    assert_eq!(said[1], "option version of the lance writer is 1.0; expected 2.0, 2.1, 2.2 or 2.3");
    assert_eq!(said[2], "option rowsPerFile of the lance writer is 0; expected a whole number of at least 1");
    assert!(said[3].starts_with("the lance writer has no option \"comit\"; it knows variant, batching"), "{}", said[3]);
    assert!(!fresh("options").exists());
}

#[test]
fn a_target_that_is_taken_is_named_and_left_as_it_is() {
    let target = fresh("taken");
    std::fs::write(&target, "somebody's own").expect("a writable temporary directory");
    let said = create(&target, json!({})).err().map(|error| error.to_string()).unwrap_or_default();
    let left = std::fs::read_to_string(&target).expect("still there");
    std::fs::remove_file(&target).expect("our own file");
    assert!(said.ends_with("taken.lance cannot be made: File exists (os error 17)"), "{said}");
    assert_eq!(left, "somebody's own");
}

#[test]
fn a_folder_that_is_no_dataset_is_said_to_be_none() {
    let target = fresh("nothing");
    std::fs::create_dir_all(&target).expect("a writable temporary directory");
    let said = read(&target).expect_err("an empty folder");
    std::fs::remove_dir_all(&target).expect("our own folder");
    assert!(said.contains("nothing.lance"), "{said}");
}

#[test]
fn what_lance_cannot_hold_is_refused_at_create() {
    let schema = Schema::new(vec![Field::new("span", DataType::Interval(arrow_schema::IntervalUnit::YearMonth), true)]);
    let schema = FFI_ArrowSchema::try_from(&schema).expect("a plain type");
    let refused = LanceWriter::create(&CreateArgs {
        target: fresh("interval"),
        options: Map::new(),
        nonce: NONCE.to_owned(),
        schema: (&raw const schema).cast(),
    });
    let said = refused.err().map(|error| error.to_string()).unwrap_or_default();
    assert_eq!(said, "LanceError(Schema): Unsupported data type: Interval(YearMonth)");
    assert!(!fresh("interval").exists());
}
