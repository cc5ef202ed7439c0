//! The tables of bytes, whose rows are blocks of 4096 of them, the last one what is left: `raw`, one content of native/raw, and
//! `pattern`, the same 16 bytes over and over.

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{BinaryArray, RecordBatch};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::SchemaRef;
use writeproof_raw::{BLOCK_BYTES, Content, Ratio, Settings};

use crate::schema::PATTERN_TABLE;
use crate::{BatchSource, Busy, Request, SourceError};

/// Seed of the table's content.
pub const RAW_SEED: u64 = 1;

/// Blocks of a batch: offsets are numbers of 31 bits.
pub(crate) const MOST_BATCH_BLOCKS: usize = (1 << 31) / BLOCK_BYTES - 1;

/// Of `pattern`; a block has it a whole number of times.
const PATTERN: &[u8; 16] = b"writeproof-block";

/// Bytes of the whole table: its scale.
pub fn raw_bytes(scale: f64) -> u64 {
    scale as u64
}

/// Rows of the whole table.
pub(crate) fn raw_blocks(scale: f64) -> u64 {
    raw_bytes(scale).div_ceil(BLOCK_BYTES as u64)
}

/// The bytes of the whole table.
pub(crate) fn raw_content(scale: f64) -> Content {
    let size = raw_bytes(scale);
    Content::new(Settings { seed: RAW_SEED, size, dedup_ratio: Ratio::ONE, compress_ratio: Ratio::ONE })
}

#[derive(Clone, Copy)]
enum Bytes {
    Content(Content),
    Pattern,
}

impl Bytes {
    fn fill(&self, offset: u64, bytes: &mut [u8]) {
        match self {
            Self::Content(content) => content.fill(offset, bytes),
            // Blocks begin with it.
            Self::Pattern => {
                bytes.chunks_mut(PATTERN.len()).for_each(|part| part.copy_from_slice(&PATTERN[..part.len()]))
            }
        }
    }
}

/// The only source of either table.
pub(crate) struct Raw {
    schema: SchemaRef,
    bytes: Bytes,
    size: u64,
    rows: Range<u64>,
    batch_rows: u64,
    threads: usize,
    /// Of the batch before, to be filled again once nobody else holds it.
    last: Option<Buffer>,
    busy_ns: u64,
}

/// A source of the part asked for.
pub(crate) fn open(request: &Request, schema: SchemaRef) -> Raw {
    Raw {
        schema,
        bytes: if request.table == PATTERN_TABLE { Bytes::Pattern } else { Bytes::Content(raw_content(request.scale)) },
        size: raw_bytes(request.scale),
        rows: request.units(),
        batch_rows: request.batch_rows as u64,
        threads: request.threads,
        last: None,
        busy_ns: 0,
    }
}

impl Raw {
    fn make(&mut self, rows: Range<u64>) -> Result<RecordBatch, SourceError> {
        let block = BLOCK_BYTES as u64;
        let from = rows.start * block;
        let length = (rows.end * block).min(self.size) - from;
        let mut bytes = self.last.take().and_then(|last| last.into_vec::<u8>().ok()).unwrap_or_default();
        bytes.resize(length as usize, 0);
        self.fill(from, &mut bytes);
        let offsets: Vec<i32> = (0..=rows.end - rows.start).map(|row| (row * block).min(length) as i32).collect();
        let values = Buffer::from_vec(bytes);
        self.last = Some(values.clone());
        let column = BinaryArray::try_new(OffsetBuffer::new(ScalarBuffer::from(offsets)), values, None)?;
        Ok(RecordBatch::try_new(self.schema.clone(), vec![Arc::new(column)])?)
    }

    fn fill(&self, offset: u64, bytes: &mut [u8]) {
        let share = bytes.len().div_ceil(self.threads).next_multiple_of(BLOCK_BYTES);
        let made = self.bytes;
        std::thread::scope(|scope| {
            let mut parts = bytes.chunks_mut(share).enumerate();
            let first = parts.next();
            for (index, part) in parts {
                scope.spawn(move || made.fill(offset + (index * share) as u64, part));
            }
            if let Some((_, part)) = first {
                made.fill(offset, part);
            }
        });
    }
}

impl BatchSource for Raw {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, SourceError> {
        if self.rows.is_empty() {
            return Ok(None);
        }
        let began = Instant::now();
        let end = self.rows.end.min(self.rows.start + self.batch_rows);
        let batch = self.make(self.rows.start..end)?;
        self.rows.start = end;
        self.busy_ns += began.elapsed().as_nanos() as u64;
        Ok(Some(batch))
    }

    fn busy(&self) -> Busy {
        Busy { generate_ns: self.busy_ns, convert_ns: 0 }
    }
}
