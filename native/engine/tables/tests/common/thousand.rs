use std::collections::BTreeSet;

use arrow::array::{Array, RecordBatch};

use super::{batches, request};

/// The whole of a thousand rows, found by the number of the row.
pub struct Thousand(Vec<(usize, RecordBatch)>);

impl Thousand {
    /// All of them.
    pub fn rows() -> Self {
        let mut first = 0;
        let batches = batches(&request("types", 0.001)).into_iter().map(|batch| {
            first += batch.num_rows();
            (first - batch.num_rows(), batch)
        });
        Self(batches.collect())
    }

    /// Rows of a column for which this holds.
    pub fn count(&self, name: &str, holds: impl Fn(&dyn Array, usize) -> bool) -> usize {
        let of_batch = |(_, batch): &(usize, RecordBatch)| {
            let column = &batch[name];
            (0..column.len()).filter(|&row| holds(column, row)).count()
        };
        self.0.iter().map(of_batch).sum()
    }

    /// Rows at which a column is null.
    pub fn nulls(&self, name: &str) -> BTreeSet<usize> {
        let of_batch = |(first, batch): &(usize, RecordBatch)| {
            (0..batch.num_rows()).filter(|&row| batch[name].is_null(row)).map(|row| first + row).collect::<Vec<_>>()
        };
        self.0.iter().flat_map(of_batch).collect()
    }
}
