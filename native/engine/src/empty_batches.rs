//! A source with batches of no rows between those of the table: first, after every batch, and so also last.

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use writeproof_tables::{BatchSource, Busy, SourceError};

/// The source of a job that asks for `emptyBatches`.
pub(crate) struct WithEmptyBatches {
    source: Box<dyn BatchSource>,
    empty_next: bool,
}

impl WithEmptyBatches {
    pub fn new(source: Box<dyn BatchSource>) -> Self {
        Self { source, empty_next: true }
    }
}

impl BatchSource for WithEmptyBatches {
    fn schema(&self) -> SchemaRef {
        self.source.schema()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, SourceError> {
        if self.empty_next {
            self.empty_next = false;
            return Ok(Some(RecordBatch::new_empty(self.source.schema())));
        }
        let batch = self.source.next()?;
        self.empty_next = batch.is_some();
        Ok(batch)
    }

    fn busy(&self) -> Busy {
        self.source.busy()
    }

    fn notes(&self) -> Vec<String> {
        self.source.notes()
    }
}
