//! All columns, encoded by the calling thread or by a pool.

use std::time::Instant;

use arrow::array::RecordBatch;
use parquet::errors::Result;

use crate::column::ColumnEncoder;
use crate::file::File;
use crate::pool::Pool;

/// What is known once the file has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub row_groups: usize,
    /// Busy time of all encoding threads, nanoseconds.
    pub encode_ns: u64,
    /// Columns for which a dictionary was given up.
    pub plain_columns: Vec<String>,
}

pub(crate) enum Encoders {
    Calling(Calling),
    Pool(Pool),
}

/// Encodes in the calling thread.
pub(crate) struct Calling {
    columns: Vec<ColumnEncoder>,
    file: File,
    encode_ns: u64,
}

impl Encoders {
    pub fn new(columns: Vec<ColumnEncoder>, file: File, threads: usize) -> Result<Self> {
        Ok(if threads == 1 {
            Self::Calling(Calling { columns, file, encode_ns: 0 })
        } else {
            Self::Pool(Pool::start(columns, file, threads)?)
        })
    }

    /// Encodes `batch`, or queues it.
    pub fn write(&mut self, batch: RecordBatch) -> Result<()> {
        match self {
            Self::Calling(calling) => calling.timed(|columns| {
                columns.iter_mut().zip(batch.columns()).try_for_each(|(column, array)| column.write(array))
            }),
            Self::Pool(pool) => pool.write(&batch),
        }
    }

    /// Ends a row group and writes it.
    pub fn end_group(&mut self) -> Result<()> {
        match self {
            Self::Calling(calling) => {
                let mut chunks = Vec::new();
                calling.timed(|columns| {
                    for column in columns {
                        chunks.extend(column.end_group()?);
                    }
                    Ok(())
                })?;
                calling.file.append(chunks)
            }
            Self::Pool(pool) => pool.end_group(),
        }
    }

    /// Size that the open row group will have, about. A pool finishes what is queued first, so that row groups end at the
    /// same rows whatever the number of threads.
    pub fn estimated_bytes(&self) -> Result<usize> {
        match self {
            Self::Calling(calling) => Ok(calling.columns.iter().map(ColumnEncoder::estimated_bytes).sum()),
            Self::Pool(pool) => pool.estimated_bytes(),
        }
    }

    /// Waits for all row groups and writes the footer.
    pub fn finish(self) -> Result<Ended> {
        let (columns, mut file, encode_ns) = match self {
            Self::Calling(calling) => (calling.columns, calling.file, calling.encode_ns),
            Self::Pool(pool) => pool.finish()?,
        };
        let plain = columns.iter().filter(|column| column.is_plain());
        let plain_columns = plain.map(|column| column.name().to_owned()).collect();
        Ok(Ended { row_groups: file.finish()?, encode_ns, plain_columns })
    }
}

impl Calling {
    fn timed(&mut self, step: impl FnOnce(&mut [ColumnEncoder]) -> Result<()>) -> Result<()> {
        let began = Instant::now();
        let result = step(&mut self.columns);
        self.encode_ns += nanoseconds(began);
        result
    }
}

/// Time since `began`; nanoseconds, which fit for 584 years.
pub(crate) fn nanoseconds(began: Instant) -> u64 {
    u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX)
}
