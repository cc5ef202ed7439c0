use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use serde::{Deserialize, Serialize};
use writeproof_digest::{Digester, TableDigest};
use writeproof_schema::{Field, fields_of};

use crate::count::first_row_of_part;
use crate::{Request, SourceError, arrow_bytes, generated};

/// Part `index` (from 1) of `count`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// From 1.
    pub index: u64,
    /// Number of parts.
    pub count: u64,
}

/// What a table must contain at a scale, known without asking any writer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// Table.
    pub table: String,
    /// Scale factor.
    pub scale: f64,
    /// Part of it.
    pub part: Part,
    /// Index in the whole table of the first row, which its digest is keyed from; 0 is not written.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub first_row: u64,
    /// Columns in order.
    pub schema: Vec<Field>,
    /// Rows.
    pub rows: u64,
    /// [`arrow_bytes`] of all rows.
    pub arrow_bytes: u64,
    /// Digest of the rows.
    pub digest: TableDigest,
}

fn is_zero(row: &u64) -> bool {
    *row == 0
}

/// Facts of a table from a fresh generation.
///
/// # Errors
/// When the request asks for what there is not, or the generator does not make the rows that are expected.
pub fn facts(request: &Request) -> Result<Facts, SourceError> {
    let mut source = generated(request)?;
    let mut collector = Collector::new(request, &source.schema())?;
    while let Some(batch) = source.next()? {
        collector.update(&batch)?;
    }
    collector.finish()
}

/// Collects facts from batches.
pub(crate) struct Collector {
    request: Request,
    first_row: u64,
    schema: Vec<Field>,
    digester: Digester,
    rows: u64,
    arrow_bytes: u64,
}

impl Collector {
    /// Of batches of this schema; the request names them.
    pub(crate) fn new(request: &Request, schema: &SchemaRef) -> Result<Self, SourceError> {
        let first_row = first_row_of_part(request);
        Ok(Self {
            request: request.clone(),
            first_row,
            schema: fields_of(schema),
            digester: Digester::new(schema, first_row).map_err(|error| SourceError::new(error.to_string()))?,
            rows: 0,
            arrow_bytes: 0,
        })
    }

    pub(crate) fn update(&mut self, batch: &RecordBatch) -> Result<(), SourceError> {
        self.rows += batch.num_rows() as u64;
        self.arrow_bytes += arrow_bytes(batch);
        self.digester.update(batch).map_err(|error| SourceError::new(error.to_string()))?;
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<Facts, SourceError> {
        let (index, count) = self.request.part;
        Ok(Facts {
            table: self.request.table,
            scale: self.request.scale,
            part: Part { index, count },
            first_row: self.first_row,
            schema: self.schema,
            rows: self.rows,
            arrow_bytes: self.arrow_bytes,
            digest: self.digester.finish(),
        })
    }
}
