//! Batches from rows, in one pass or a pass for each column.

use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use arrow::error::ArrowError;

use crate::batches::{batch, cloned};
use crate::builder::ColumnBuilder;
use crate::columns::COLUMNS;
use crate::error::Error;
use crate::faults;
use crate::plan::Plan;
use crate::row::{Cell, OwnedRow, Row, cell_of};

/// Builders for the columns of a plan.
pub fn builders(plan: &Plan) -> Vec<ColumnBuilder> {
    let loses_nulls = faults::loses_nulls(plan.fault);
    plan.built.iter().map(|column| ColumnBuilder::new(COLUMNS[*column], loses_nulls)).collect()
}

/// The result of a scan, as it grows.
pub struct Output<'a> {
    plan: &'a Plan,
    builders: &'a mut [ColumnBuilder],
    /// Rows in the builders.
    rows: usize,
    /// Rows of a batch that wait for a pass for each column.
    waiting: Vec<OwnedRow>,
    batches: Vec<RecordBatch>,
    started: Instant,
    first_batch: Option<Duration>,
}

impl<'a> Output<'a> {
    pub fn new(plan: &'a Plan, builders: &'a mut [ColumnBuilder]) -> Self {
        let started = Instant::now();
        Self { plan, builders, rows: 0, waiting: Vec::new(), batches: Vec::new(), started, first_batch: None }
    }

    /// Adds a row to all builders at once.
    #[inline]
    pub fn add(&mut self, row: &Row<'_>) -> Result<(), Error> {
        if self.rows == 0 {
            self.reserve(self.plan.expected_rows());
        }
        self.rows += 1;
        if !faults::drops_edge(self.plan.fault, self.rows, self.plan.batch_rows) {
            for (builder, source) in self.builders.iter_mut().zip(&self.plan.sources) {
                builder.append(&row.cells[*source])?;
            }
        }
        if self.rows == self.plan.batch_rows { self.end_batch() } else { Ok(()) }
    }

    /// Adds a row to those that wait for a pass for each column.
    pub fn add_owned(&mut self, row: OwnedRow) -> Result<(), Error> {
        self.waiting.push(row);
        if self.waiting.len() == self.plan.batch_rows { self.build_waiting() } else { Ok(()) }
    }

    fn build_waiting(&mut self) -> Result<(), Error> {
        let waiting = std::mem::take(&mut self.waiting);
        let built = self.build_batch(&waiting);
        self.waiting = waiting;
        self.waiting.clear();
        built
    }

    /// Makes batches of collected rows.
    pub fn build(&mut self, rows: &[OwnedRow]) -> Result<(), Error> {
        rows.chunks(self.plan.batch_rows).try_for_each(|rows| self.build_batch(rows))
    }

    fn build_batch(&mut self, rows: &[OwnedRow]) -> Result<(), Error> {
        self.rows = rows.len();
        self.reserve(Some(rows.len()));
        let edge = usize::from(faults::drops_edge(self.plan.fault, rows.len(), self.plan.batch_rows));
        let rows = &rows[..rows.len() - edge];
        if self.plan.strategy.one_pass {
            for row in rows {
                for ((builder, name), source) in
                    self.builders.iter_mut().zip(self.plan.source_names()).zip(&self.plan.sources)
                {
                    builder.append(&value(row, name, *source))?;
                }
            }
        } else {
            for ((builder, name), source) in
                self.builders.iter_mut().zip(self.plan.source_names()).zip(&self.plan.sources)
            {
                let kind = COLUMNS[*source].kind;
                builder.extend(rows.iter().map(|row| cell_of(kind, row.get(name)).unwrap_or(Cell::Null)))?;
            }
        }
        self.end_batch()
    }

    fn reserve(&mut self, rows: Option<usize>) {
        if let Some(rows) = rows {
            for builder in &mut *self.builders {
                builder.reserve(rows);
            }
        }
    }

    fn end_batch(&mut self) -> Result<(), Error> {
        let made = self.make_batch().map_err(|error| Error::misuse(format!("a batch cannot be made: {error}")))?;
        if made.num_rows() > 0 {
            self.batches.push(made);
        }
        self.rows = 0;
        if self.first_batch.is_none() {
            self.first_batch = Some(self.started.elapsed());
        }
        Ok(())
    }

    fn make_batch(&mut self) -> Result<RecordBatch, ArrowError> {
        let plan = self.plan;
        let strategy = plan.strategy;
        let edge = usize::from(faults::drops_edge(plan.fault, self.rows, plan.batch_rows));
        let rows = self.rows - edge;
        let mut columns = Vec::with_capacity(self.builders.len());
        for builder in &mut *self.builders {
            columns.push(builder.finish(strategy.unchecked)?);
        }
        let schema = if strategy.shared_schema { plan.schema.clone() } else { cloned(&plan.schema) };
        // SAFETY: each builder has the type of its field in the schema, and has been given every row.
        let made = unsafe { batch(schema, columns, rows, strategy.unchecked) }?;
        match &plan.taken {
            Some(taken) => made.project(taken),
            None => Ok(made),
        }
    }

    /// The batches, and the time until the first was there.
    pub fn finish(mut self) -> Result<(Vec<RecordBatch>, Option<Duration>), Error> {
        if !self.waiting.is_empty() {
            self.build_waiting()?;
        }
        if self.rows > 0 {
            self.end_batch()?;
        }
        Ok((self.batches, self.first_batch))
    }
}

/// A value that its decoder has checked.
fn value<'a>(row: &'a OwnedRow, name: &str, column: usize) -> Cell<'a> {
    cell_of(COLUMNS[column].kind, row.get(name)).unwrap_or(Cell::Null)
}
