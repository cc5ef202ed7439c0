//! Where row groups end.

use arrow::array::RecordBatch;
use parquet::errors::Result;

use crate::encoders::{Encoders, Ended};

/// Rows after which the size of a row is first looked at.
const PROBE_ROWS: usize = 1024;

/// Cuts batches at the borders of row groups.
pub(crate) struct RowGroups {
    encoders: Encoders,
    row_limit: usize,
    /// 0 is no limit.
    byte_limit: usize,
    /// Rows in the open row group.
    rows: usize,
}

impl RowGroups {
    pub fn new(encoders: Encoders, row_limit: usize, byte_limit: usize) -> Self {
        Self { encoders, row_limit, byte_limit, rows: 0 }
    }

    /// Encodes a batch, or hands it to those who do.
    pub fn write(&mut self, batch: RecordBatch) -> Result<()> {
        let mut rest = batch;
        while rest.num_rows() > 0 {
            let fitting = self.fitting_rows()?;
            if fitting == 0 {
                self.end()?;
            } else if fitting >= rest.num_rows() {
                self.rows += rest.num_rows();
                self.encoders.write(rest)?;
                break;
            } else {
                self.rows += fitting;
                self.encoders.write(rest.slice(0, fitting))?;
                rest = rest.slice(fitting, rest.num_rows() - fitting);
            }
        }
        if self.rows >= self.row_limit { self.end() } else { Ok(()) }
    }

    /// Rows that the open row group still takes.
    fn fitting_rows(&self) -> Result<usize> {
        let by_rows = self.row_limit - self.rows;
        if self.byte_limit == 0 {
            return Ok(by_rows);
        }
        if self.rows == 0 {
            return Ok(by_rows.min(PROBE_ROWS));
        }
        let bytes = self.encoders.estimated_bytes()?;
        let left = self.byte_limit.saturating_sub(bytes);
        let row_bytes = (bytes / self.rows).max(1);
        Ok(by_rows.min(left / row_bytes))
    }

    /// Ends the open row group, if it has rows.
    pub fn end(&mut self) -> Result<()> {
        if self.rows > 0 {
            self.rows = 0;
            self.encoders.end_group()?;
        }
        Ok(())
    }

    /// Ends the file.
    pub fn finish(mut self) -> Result<Ended> {
        self.end()?;
        self.encoders.finish()
    }
}
