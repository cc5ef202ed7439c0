//! Reads targets back with arrow-rs, and compares rows.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::compute::take;
use arrow::datatypes::{DataType, Schema, SchemaRef};
use arrow::ipc::reader::{FileReader, StreamReader};
use arrow::row::{RowConverter, SortField};

/// What the support of all formats gives as the nonce.
const NONCE: &str = crate::support::NONCE;

/// Schema and batches of a target.
pub fn read(path: &Path, container: &str) -> (SchemaRef, Vec<RecordBatch>) {
    let file = File::open(path).unwrap();
    if container == "file" {
        let reader = FileReader::try_new(file, None).unwrap();
        (reader.schema(), reader.map(Result::unwrap).collect())
    } else {
        let reader = StreamReader::try_new(file, None).unwrap();
        (reader.schema(), reader.map(Result::unwrap).collect())
    }
}

/// A dictionary's own values: arrow-rs' row format knows no dictionary of lists.
fn decoded(column: &ArrayRef) -> ArrayRef {
    match column.as_any_dictionary_opt() {
        Some(dictionary) => take(dictionary.values(), dictionary.keys(), None).unwrap(),
        None => Arc::clone(column),
    }
}

/// The bytes of every row of every column. Every bit of a float counts, and no dictionary does.
fn logical(schema: &Schema, batches: &[RecordBatch]) -> Vec<Vec<Vec<u8>>> {
    let columns = schema.fields().iter().enumerate().map(|(index, field)| {
        let value_type = match field.data_type() {
            DataType::Dictionary(_, values) => (**values).clone(),
            other => other.clone(),
        };
        let converter = RowConverter::new(vec![SortField::new(value_type)]).unwrap();
        let rows = batches.iter().map(|batch| converter.convert_columns(&[decoded(batch.column(index))]).unwrap());
        rows.flat_map(|rows| rows.iter().map(|row| row.as_ref().to_vec()).collect::<Vec<_>>()).collect()
    });
    columns.collect()
}

/// Reads a target, compares it with what was given, and returns the rows of every batch.
pub fn check(path: &Path, container: &str, given: &[RecordBatch], schema: &SchemaRef, what: &str) -> Vec<usize> {
    let (found, batches) = read(path, container);
    assert_eq!(found.fields(), schema.fields(), "{what}");
    assert_eq!(found.metadata().get("writeproof.nonce").map(String::as_str), Some(NONCE), "{what}");
    assert!(logical(schema, &batches) == logical(schema, given), "{what}: rows differ");
    for column in batches.iter().flat_map(RecordBatch::columns) {
        column.to_data().validate_full().unwrap();
    }
    batches.iter().map(RecordBatch::num_rows).collect()
}
