//! Batches of the table, each a slice of arrays that hold other rows too.

use std::time::Instant;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;

use super::arrays::array_of;
use super::columns::{COLUMNS, Column};
use super::draws::Draws;
use super::node::{Node, Store};
use super::nulls::Nulls;
use super::shape::{Shape, offset_of};
use crate::{BatchSource, Busy, Request, SourceError};

/// How far from a batch the rows are that lie in front of it.
const AWAY: u64 = 1_003;
/// Rows behind a batch.
const BEHIND: u64 = 3;

/// The table's only source.
pub(crate) struct Types {
    schema: SchemaRef,
    shape: Shape,
    row: u64,
    busy_ns: u64,
}

/// A source of the part asked for.
pub(crate) fn open(request: &Request, schema: SchemaRef) -> Types {
    let rows = request.units();
    let shape = Shape::new(rows.end - rows.start, request.batch_rows);
    Types { schema, shape, row: rows.start, busy_ns: 0 }
}

impl Types {
    fn make(&mut self, batch: usize, rows: u64) -> Result<RecordBatch, ArrowError> {
        let offset = offset_of(batch);
        let (from, to) = (self.row, self.row + rows);
        let all = (from + AWAY..from + AWAY + offset as u64).chain(from..to + BEHIND);
        self.row = to;
        let column = |(number, column): (usize, &Column)| {
            let mut node = Node::new(&column.kind, column.nulls != Nulls::Required);
            for row in all.clone() {
                let mut draws = Draws::of(number, row);
                let hidden = column.nulls.hide(row, draws.next());
                node.append_cell(&mut draws, hidden);
            }
            if column.name == "row" {
                node.store = Store::Fixed { width: 8, bytes: all.clone().flat_map(u64::to_le_bytes).collect() };
            }
            Ok(array_of(node, batch)?.slice(offset, rows as usize))
        };
        let columns = COLUMNS.iter().enumerate().map(column).collect::<Result<Vec<ArrayRef>, ArrowError>>()?;
        let options = RecordBatchOptions::new().with_row_count(Some(rows as usize));
        RecordBatch::try_new_with_options(self.schema.clone(), columns, &options)
    }
}

impl BatchSource for Types {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, SourceError> {
        let Some((batch, rows)) = self.shape.next() else { return Ok(None) };
        let start = Instant::now();
        let made = self.make(batch, rows)?;
        self.busy_ns += start.elapsed().as_nanos() as u64;
        Ok(Some(made))
    }

    fn busy(&self) -> Busy {
        Busy { generate_ns: self.busy_ns, convert_ns: 0 }
    }
}
