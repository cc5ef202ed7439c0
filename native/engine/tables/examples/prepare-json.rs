//! Reads one job a line, `{path, table}` with a table as native/engine/digest/tests/support/described.rs describes it, puts its chunks into
//! a prepared file as batches, each with dictionaries of its own, and prints one JSON line: `{fields}`, or `{error}`. A column that
//! says `nullable: false` is declared so.

#[path = "../../digest/tests/support/described.rs"]
#[allow(dead_code, reason = "a part of it is used")]
mod described;

use std::io::{BufRead, Write};
use std::path::Path;
use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::{Field, Schema, SchemaRef};
use serde_json::{Value, json};
use writeproof_tables::{BatchSource, Busy, SourceError, prepare_from};

struct Described {
    schema: SchemaRef,
    batches: std::vec::IntoIter<RecordBatch>,
}

impl BatchSource for Described {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, SourceError> {
        Ok(self.batches.next())
    }

    fn busy(&self) -> Busy {
        Busy { generate_ns: 0, convert_ns: 0 }
    }
}

/// The table's columns with the values `from..from + rows` only.
fn part(table: &Value, from: usize, rows: usize) -> Value {
    let mut columns = table["columns"].clone();
    for column in columns.as_array_mut().into_iter().flatten() {
        let values = column["values"].as_array().map_or(&[][..], |all| &all[from..from + rows]).to_vec();
        column["values"] = Value::from(values);
    }
    json!({ "columns": columns })
}

fn source(table: &Value) -> Result<Described, SourceError> {
    let (_, sliced) = described::batches(table);
    let columns = table["columns"].as_array().into_iter().flatten();
    let physical = sliced[0].schema();
    let fields = physical.fields().iter().zip(columns).map(|(field, column)| {
        let nullable = column["nullable"].as_bool().unwrap_or(true);
        Field::new(field.name(), field.data_type().clone(), nullable)
    });
    let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
    let mut start = table["skip"].as_u64().unwrap_or(0) as usize;
    let mut batches = Vec::new();
    for slice in sliced {
        let rows = slice.num_rows();
        let batch = if rows == 0 { slice } else { described::batches(&part(table, start, rows)).1.remove(0) };
        start += rows;
        batches.push(RecordBatch::try_new(Arc::clone(&schema), batch.columns().to_vec())?);
    }
    Ok(Described { schema, batches: batches.into_iter() })
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut output = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().lines() {
        let job: Value = serde_json::from_str(&line?)?;
        let path = Path::new(job["path"].as_str().unwrap_or_default());
        let made = source(&job["table"]).and_then(|source| prepare_from(Box::new(source), "described", path));
        let answer = match made {
            Ok(facts) => json!({ "fields": facts.schema }),
            Err(error) => json!({ "error": error.to_string() }),
        };
        writeln!(output, "{answer}")?;
    }
    output.flush()?;
    Ok(())
}
