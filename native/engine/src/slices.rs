//! A source whose batches come as slices: each batch of the table in several, which share its buffers and begin anywhere in them.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use writeproof_tables::{BatchSource, Busy, SourceError};

/// The source of a job that asks for `sliceRows`.
pub(crate) struct Slices {
    source: Box<dyn BatchSource>,
    slice_rows: usize,
    /// What is left of the last batch.
    rest: Option<RecordBatch>,
}

impl Slices {
    /// `slice_rows` is above 0.
    pub fn new(source: Box<dyn BatchSource>, slice_rows: usize) -> Self {
        Self { source, slice_rows, rest: None }
    }
}

impl BatchSource for Slices {
    fn schema(&self) -> SchemaRef {
        self.source.schema()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, SourceError> {
        let batch = match self.rest.take() {
            Some(rest) => Some(rest),
            None => self.source.next()?,
        };
        let Some(batch) = batch else { return Ok(None) };
        let rows = batch.num_rows();
        if rows <= self.slice_rows {
            return Ok(Some(batch));
        }
        self.rest = Some(batch.slice(self.slice_rows, rows - self.slice_rows));
        Ok(Some(batch.slice(0, self.slice_rows)))
    }

    fn busy(&self) -> Busy {
        self.source.busy()
    }

    fn notes(&self) -> Vec<String> {
        self.source.notes()
    }
}
