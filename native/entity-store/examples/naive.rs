//! The baseline beside an independent, naive loop over the same store: `cargo run --release --example naive -- STORE`.
//!
//! The loop is what somebody would write without this library: parse every value with serde_json, collect, filter into a
//! second list, then build each column of the first ten with arrow's own builders.

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Float64Builder, Int32Builder, Int64Builder, RecordBatch, StringBuilder,
    TimestampMicrosecondBuilder,
};
use arrow::datatypes::DataType;
use rocksdb::{DB, IteratorMode, Options as RocksOptions};
use serde_json::Value;
use writeproof_entity_store::{
    COLUMNS, ColumnKind, Encoding, OpenOptions, Options, Query, Scan, Store, Strategy, schema_of,
};

type Rows = Vec<HashMap<String, Value>>;

/// Builds one column in a pass over the rows.
macro_rules! column {
    ($builder:expr, $rows:expr, $name:expr, |$value:ident| $read:expr) => {{
        let mut builder = $builder;
        for row in $rows {
            let $value = &row[$name];
            builder.append_option($read);
        }
        Arc::new(builder.finish()) as ArrayRef
    }};
}

fn naive(db: &DB, columns: usize, limit: usize) -> Result<RecordBatch, Box<dyn Error>> {
    let mut rows: Rows = Vec::new();
    for entry in db.iterator(IteratorMode::Start) {
        let (key, value) = entry?;
        if key.starts_with(b"g") {
            rows.push(serde_json::from_slice(&value)?);
        }
    }
    let rows: Rows = rows.into_iter().filter(|row| row["_deleted"] == Value::Bool(false)).take(limit).collect();
    let arrays = COLUMNS[..columns].iter().map(|column| {
        let name = column.name;
        match column.kind {
            ColumnKind::Int64 => column!(Int64Builder::new(), &rows, name, |value| value.as_i64()),
            ColumnKind::Int32 => {
                column!(Int32Builder::new(), &rows, name, |value| value.as_i64().map(|value| value as i32))
            }
            ColumnKind::Date32 => {
                column!(Date32Builder::new(), &rows, name, |value| value.as_i64().map(|value| value as i32))
            }
            ColumnKind::Float64 => column!(Float64Builder::new(), &rows, name, |value| value.as_f64()),
            ColumnKind::Boolean => column!(BooleanBuilder::new(), &rows, name, |value| value.as_bool()),
            ColumnKind::Text => column!(StringBuilder::new(), &rows, name, |value| value.as_str()),
            ColumnKind::Timestamp => {
                let zone: DataType = column.kind.data_type();
                column!(TimestampMicrosecondBuilder::new().with_data_type(zone), &rows, name, |value| value.as_i64())
            }
        }
    });
    Ok(RecordBatch::try_new(schema_of(&(0..columns).collect::<Vec<_>>()), arrays.collect())?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("expected the path of a store with JSON values")?;
    let store = Store::open(Path::new(&path), &OpenOptions::default())?;
    let facts = *store.facts();
    if facts.encoding != Encoding::Json {
        return Err("expected a store with JSON values".into());
    }
    let db = DB::open_for_read_only(&RocksOptions::default(), &path, false)?;
    for (query, limit) in [("{}", usize::MAX), (r#"{"limit":10}"#, 10)] {
        for _ in 0..3 {
            let started = Instant::now();
            let rows = naive(&db, facts.columns, limit)?.num_rows();
            let naive_ms = started.elapsed().as_secs_f64() * 1e3;
            let query = Query::parse(query, facts.columns)?;
            let mut scan = Scan::new(&facts, query, Strategy::BASELINE, Options::default());
            let started = Instant::now();
            let baseline = scan.run(&store)?;
            let ms = started.elapsed().as_secs_f64() * 1e3;
            scan.release();
            if baseline != rows as u64 {
                return Err(format!("the baseline gives {baseline} rows, the naive loop {rows}").into());
            }
            println!("{rows} rows: naive {naive_ms:.0} ms, baseline {ms:.0} ms, {:.2} of it", ms / naive_ms);
        }
    }
    Ok(())
}
