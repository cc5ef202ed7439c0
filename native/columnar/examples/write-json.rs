//! Reads one job a line, `{path, nonce, options, table}` with a table as native/engine/digest/tests/support/described.rs describes it, writes the
//! table with the Parquet writer through the C Data Interface, and prints one JSON line: `{fields}` as they were declared, or `{error}`.

#[path = "../../engine/digest/tests/support/described.rs"]
#[allow(dead_code, reason = "a part of it is used")]
mod described;

use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::{Array, RecordBatch, StructArray};
use arrow::datatypes::Schema;
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use serde_json::{Map, Value, json};
use writeproof_abi::{Error, Writer};
use writeproof_columnar::ParquetWriter;

fn write(job: &Value, schema: &Schema, batches: &[RecordBatch]) -> Result<(), Error> {
    let text = |name: &str| job[name].as_str().unwrap_or_default();
    let options = job["options"].as_object().cloned().unwrap_or_else(Map::new);
    let mut writer = ParquetWriter::open(Path::new(text("path")), &options, text("nonce"), Arc::new(schema.clone()))?;
    for batch in batches {
        let mut array = FFI_ArrowArray::new(&StructArray::from(batch.clone()).into_data());
        let mut exported = FFI_ArrowSchema::try_from(schema).map_err(|error| Error::new(error.to_string()))?;
        // SAFETY: both structs are valid, and have the layout of the C Data Interface.
        unsafe { writer.write_batch((&raw mut array).cast(), (&raw mut exported).cast())? };
    }
    writer.close().map(|_| ())
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let job: Value = serde_json::from_str(&line?)?;
        let batches = described::batches(&job["table"]).1;
        let schema = batches[0].schema();
        let answer = match write(&job, &schema, &batches) {
            Ok(()) => json!({ "fields": writeproof_schema::fields_of(&schema) }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        writeln!(output, "{answer}")?;
    }
    output.flush()?;
    Ok(())
}
