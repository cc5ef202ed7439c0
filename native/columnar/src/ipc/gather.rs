//! How many rows a message has.

use arrow::array::RecordBatch;
use arrow::compute::concat_batches;
use arrow::error::ArrowError;

/// Joins pieces of batches into messages of a number of rows.
#[derive(Debug)]
pub struct Gather {
    /// 0 leaves every batch as it came.
    message_rows: usize,
    pieces: Vec<RecordBatch>,
    rows: usize,
}

impl Gather {
    pub fn new(message_rows: usize) -> Self {
        Self { message_rows, pieces: Vec::new(), rows: 0 }
    }

    /// Rows that the open message still takes of a batch of `rows`.
    pub fn fitting(&self, rows: usize) -> usize {
        if self.message_rows == 0 { rows } else { rows.min(self.message_rows - self.rows) }
    }

    /// Takes a piece that fits, and returns the message when it is full. A piece without rows is a message of its own where
    /// batches are left as they came, and leaves no trace otherwise.
    pub fn take(&mut self, piece: RecordBatch) -> Result<Option<RecordBatch>, ArrowError> {
        if self.message_rows == 0 {
            return Ok(Some(piece));
        }
        if piece.num_rows() == 0 {
            return Ok(None);
        }
        self.rows += piece.num_rows();
        self.pieces.push(piece);
        if self.rows == self.message_rows { self.end() } else { Ok(None) }
    }

    /// The rows that wait for more, as one message.
    pub fn end(&mut self) -> Result<Option<RecordBatch>, ArrowError> {
        self.rows = 0;
        let pieces = std::mem::take(&mut self.pieces);
        match pieces.as_slice() {
            [] => Ok(None),
            [one] => Ok(Some(one.clone())),
            [first, ..] => concat_batches(&first.schema(), &pieces).map(Some),
        }
    }
}
