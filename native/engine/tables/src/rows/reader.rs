use std::ops::Range;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use super::Table;
use super::comments::Comments;
use super::grains::Grains;
use crate::SourceError;
use crate::pool::Pool;

/// Batches of a range of units, on one thread.
pub(crate) struct Reader<T: Table> {
    schema: SchemaRef,
    rows: Grains<T>,
    comments: Comments,
}

impl<T: Table> Reader<T> {
    /// From row `skip` of the first unit on. `total` is the number of units of the whole table at this scale.
    pub(crate) fn new(
        schema: SchemaRef,
        pool: &'static Pool,
        scale: f64,
        total: u64,
        units: Range<u64>,
        skip: u64,
    ) -> Self {
        let mut comments = Comments::new(T::NAME, &T::COMMENTS, units.start, pool);
        comments.skip(skip);
        let mut rows = Grains::new(scale, total, units);
        for _ in 0..skip {
            rows.next();
        }
        Self { schema, rows, comments }
    }

    /// The next batch of at most `limit` rows; `None` after the last.
    pub(crate) fn next(&mut self, limit: usize) -> Result<Option<RecordBatch>, SourceError> {
        let columns = T::columns(&mut self.rows, &mut self.comments, limit)?;
        let batch = RecordBatch::try_new(self.schema.clone(), columns)?;
        Ok((batch.num_rows() > 0).then_some(batch))
    }
}
