//! Single steps, timed in loops of their own.

use std::hint::black_box;
use std::time::Instant;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::error::ArrowError;
use serde::Deserialize;

use crate::batches::batch;
use crate::builder::ColumnBuilder;
use crate::columns::{COLUMNS, COUNTS, schema_of};
use crate::definition::{Definition, Item};
use crate::error::Error;
use crate::query::{ill, object};
use crate::row::Cell;

/// What a step is timed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Rows of a batch.
    pub rows: usize,
    /// Columns: 10 or 20.
    pub columns: usize,
    /// How often the step is done.
    pub times: u32,
}

impl Step {
    /// Reads an object; all members must be there.
    ///
    /// # Errors
    /// Where one is none of its values.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let members = object(text, "the step", &["rows", "columns", "times"])?;
        let member = |name: &str, fits: &dyn Fn(u64) -> bool, expected: &str| {
            let value = members.get(name).unwrap_or(&serde_json::Value::Null);
            value.as_u64().filter(|number| fits(*number)).ok_or_else(|| ill(name, value, expected))
        };
        let rows = member("rows", &|rows| (1..=1_000_000).contains(&rows), "1 to 1000000")? as usize;
        let columns = member("columns", &|columns| COUNTS.contains(&(columns as usize)), "10 or 20")? as usize;
        let times = member("times", &|times| (1..=100_000_000).contains(&times), "1 to 100000000")? as u32;
        Ok(Self { rows, columns, times })
    }

    fn items(&self) -> Vec<Vec<Item>> {
        let definition = Definition { rows: self.rows as u64, columns: self.columns, seed: 1 };
        (0..definition.rows).map(|row| definition.row(row).items).collect()
    }
}

fn impossible(error: ArrowError) -> Error {
    Error::misuse(format!("a batch cannot be made: {error}"))
}

fn cell(item: &Item) -> Cell<'_> {
    match item {
        Item::Null => Cell::Null,
        Item::Integer(value) => Cell::Integer(*value),
        Item::Float(value) => Cell::Float(*value),
        Item::Boolean(value) => Cell::Boolean(*value),
        Item::Text(text) => Cell::Text(text),
    }
}

fn builders(columns: usize) -> Vec<ColumnBuilder> {
    COLUMNS[..columns].iter().map(|column| ColumnBuilder::new(*column, false)).collect()
}

/// Builds the columns of rows that lie in memory: all at once for each row, or row by row for each column.
fn build(items: &[Vec<Item>], builders: &mut [ColumnBuilder], one_pass: bool) -> Result<Vec<ArrayRef>, Error> {
    for builder in &mut *builders {
        builder.reserve(items.len());
    }
    if one_pass {
        for row in items {
            for (builder, item) in builders.iter_mut().zip(row) {
                builder.append(&cell(item))?;
            }
        }
    } else {
        for (column, builder) in builders.iter_mut().enumerate() {
            for row in items {
                builder.append(&cell(&row[column]))?;
            }
        }
    }
    builders.iter_mut().map(|builder| builder.finish(true).map_err(impossible)).collect()
}

/// Nanoseconds of making a batch of arrays that are there. What it is given is copied outside of the time.
///
/// # Errors
/// Where arrow-rs finds the batch ill.
pub fn batch_creation(step: &Step, unchecked: bool) -> Result<f64, Error> {
    const AT_ONCE: u32 = 256;
    let schema = schema_of(&(0..step.columns).collect::<Vec<_>>());
    let arrays = build(&step.items(), &mut builders(step.columns), true)?;
    let mut batches: Vec<RecordBatch> = Vec::with_capacity(AT_ONCE as usize);
    let (mut ns, mut done) = (0, 0);
    while done < step.times {
        let count = AT_ONCE.min(step.times - done);
        let given: Vec<_> = (0..count).map(|_| (schema.clone(), arrays.clone())).collect();
        let started = Instant::now();
        for (schema, arrays) in given {
            // SAFETY: the arrays were built for this schema, of rows that are all there.
            batches.push(unsafe { batch(schema, arrays, step.rows, unchecked) }.map_err(impossible)?);
        }
        ns += started.elapsed().as_nanos();
        black_box(&batches);
        batches.clear();
        done += count;
    }
    Ok(ns as f64 / f64::from(step.times))
}

/// Nanoseconds of building all columns of the rows, which lie in memory one after the other.
///
/// # Errors
/// Where the texts of a column pass 2 GiB.
pub fn column_building(step: &Step, one_pass: bool) -> Result<f64, Error> {
    let items = step.items();
    let mut builders = builders(step.columns);
    let mut ns = 0;
    for _ in 0..step.times {
        let started = Instant::now();
        let arrays = build(&items, &mut builders, one_pass)?;
        ns += started.elapsed().as_nanos();
        black_box(arrays);
    }
    Ok(ns as f64 / f64::from(step.times))
}
