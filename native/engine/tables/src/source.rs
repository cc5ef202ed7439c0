use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::SourceError;

/// Busy time of a source so far, nanoseconds, summed over its threads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Busy {
    /// Making rows as Arrow arrays, or reading them from a prepared file.
    pub generate_ns: u64,
    /// Changing the layout of arrays; zero here, because rows are made in the declared layout.
    pub convert_ns: u64,
}

/// Where batches come from, one by one and in the table's order.
pub trait BatchSource: Send {
    /// Schema of every batch.
    fn schema(&self) -> SchemaRef;

    /// The next batch; `None` after the last.
    ///
    /// # Errors
    /// When rows cannot be made or read, or are not the rows that were expected.
    fn next(&mut self) -> Result<Option<RecordBatch>, SourceError>;

    /// Busy time so far.
    fn busy(&self) -> Busy;

    /// What a reader of the measurement should know, a sentence each.
    fn notes(&self) -> Vec<String> {
        Vec::new()
    }
}
