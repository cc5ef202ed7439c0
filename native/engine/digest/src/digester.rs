//! One pass over batches: rows are taken in chunks, and each chunk column by column.

use crate::bytes::{self, FixedBinary, Offsets, Views};
use crate::column::ColumnState;
use crate::error::{DigestError, Malformed};
use crate::fixed::{self, CHUNK_ROWS};
use crate::held::{self, HeldColumn};
use crate::layout::{Column, Values, resolve};
use crate::logical::Logical;
use crate::mix::row_terms;
use crate::nested::{self, is_null};
use crate::scalar::Scalar;
use crate::table::{BlockDigest, ColumnDigest, ColumnStatistics, Extreme, SegmentStatistics, TableDigest};
use crate::{BLOCK_ROWS, VERSION};
use arrow::array::{Array, RecordBatch};
use arrow::datatypes::{Schema, SchemaRef};
use std::cmp::Ordering;
use std::sync::Arc;

/// Which rows of a chunk are not null.
pub(crate) enum Validity<'a> {
    All,
    Some(&'a [bool]),
}

/// Rows `start..start + rows.len()` of a batch, all in one segment and one block.
pub(crate) struct Chunk<'a> {
    pub start: usize,
    pub rows: &'a mut [u64],
    pub validity: Validity<'a>,
    pub segment: usize,
}

/// Digests a table batch by batch.
#[derive(Debug)]
pub struct Digester {
    schema: SchemaRef,
    columns: Vec<ColumnState>,
    first_row: u64,
    /// Index in the whole table of the next row.
    next_row: u64,
    multiset: u128,
    order: u128,
    blocks: Vec<BlockDigest>,
    segments: Segments,
}

/// Declared segments, and one more for rows behind the last.
#[derive(Debug)]
struct Segments {
    declared: Vec<u64>,
    seen: Vec<u64>,
    current: usize,
}

impl Segments {
    /// The segment of the next row, and how many more rows it takes.
    fn position(&mut self) -> (usize, u64) {
        while self.current < self.declared.len() && self.seen[self.current] == self.declared[self.current] {
            self.current += 1;
        }
        let room = self.declared.get(self.current).map_or(u64::MAX, |rows| rows - self.seen[self.current]);
        (self.current, room)
    }
}

impl Digester {
    /// `first_row` is the index, in the whole table, of the first row that will come.
    ///
    /// # Errors
    /// [`DigestError::UnsupportedType`] where a column's type has no canonical bytes.
    pub fn new(schema: &Schema, first_row: u64) -> Result<Self, DigestError> {
        Self::with_segments(schema, first_row, Vec::new())
    }

    /// As [`Self::new`], and collects statistics of segments, such as row groups: the first begins at `first_row` and has
    /// `segment_rows[0]` rows, and so on.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_segments(schema: &Schema, first_row: u64, segment_rows: Vec<u64>) -> Result<Self, DigestError> {
        let column = |(position, field): (usize, &Arc<arrow::datatypes::Field>)| {
            let logical = Logical::of(field.data_type()).ok_or_else(|| DigestError::UnsupportedType {
                column: field.name().clone(),
                declared: field.data_type().clone(),
            })?;
            Ok(ColumnState::new(logical, position, segment_rows.len() + 1))
        };
        Ok(Self {
            columns: schema.fields().iter().enumerate().map(column).collect::<Result<_, _>>()?,
            schema: Arc::new(schema.clone()),
            first_row,
            next_row: first_row,
            multiset: 0,
            order: 0,
            blocks: Vec::new(),
            segments: Segments { seen: vec![0; segment_rows.len() + 1], declared: segment_rows, current: 0 },
        })
    }

    /// Adds the rows of a batch. Its columns are matched by position; each may have any layout of the declared type.
    ///
    /// # Errors
    /// Where a column is no layout of its declared type, or its data are malformed; the digester is of no use then.
    pub fn update(&mut self, batch: &RecordBatch) -> Result<(), DigestError> {
        if batch.num_columns() != self.columns.len() {
            return Err(DigestError::ColumnCount { expected: self.columns.len(), actual: batch.num_columns() });
        }
        let schema = Arc::clone(&self.schema);
        let resolved = schema
            .fields()
            .iter()
            .zip(&self.columns)
            .zip(batch.columns())
            .map(|((field, state), array)| {
                resolve(&state.logical, array)
                    .map_err(|error| error.named(field.name(), field.data_type(), array.data_type()))
            })
            .collect::<Result<Vec<_>, _>>()?;
        self.add_columns(&resolved, batch.num_rows())
    }

    /// Adds rows that another program holds in its own memory, without a copy of them. Columns are matched by position.
    ///
    /// # Errors
    /// Where a column is no layout of its declared type, or has another number of rows; the digester is of no use then.
    pub fn update_held(&mut self, columns: &[HeldColumn<'_>], rows: usize) -> Result<(), DigestError> {
        if columns.len() != self.columns.len() {
            return Err(DigestError::ColumnCount { expected: self.columns.len(), actual: columns.len() });
        }
        let schema = Arc::clone(&self.schema);
        let resolved = schema
            .fields()
            .iter()
            .zip(&self.columns)
            .zip(columns)
            .map(|((field, state), column)| {
                held::resolve(&state.logical, column, rows)
                    .map_err(|Malformed(detail)| DigestError::Malformed { column: field.name().clone(), detail })
            })
            .collect::<Result<Vec<_>, _>>()?;
        self.add_columns(&resolved, rows)
    }

    /// Adds the rows of resolved columns.
    fn add_columns(&mut self, columns: &[Column<'_>], row_count: usize) -> Result<(), DigestError> {
        let schema = Arc::clone(&self.schema);
        let mut start = 0;
        while start < row_count {
            let (segment, room) = self.segments.position();
            let block_room = BLOCK_ROWS - self.next_row % BLOCK_ROWS;
            let most = CHUNK_ROWS.min(row_count - start) as u64;
            // At most CHUNK_ROWS, so that it fits.
            let count = most.min(room).min(block_room) as usize;
            let mut rows = [0u64; CHUNK_ROWS];
            for ((column, state), field) in columns.iter().zip(&mut self.columns).zip(schema.fields()) {
                update_column(column, start, segment, &mut rows[..count], state)
                    .map_err(|Malformed(detail)| DigestError::Malformed { column: field.name().clone(), detail })?;
            }
            self.add_rows(&rows[..count]);
            self.segments.seen[segment] += count as u64;
            start += count;
        }
        Ok(())
    }

    /// Adds complete rows of one block.
    fn add_rows(&mut self, rows: &[u64]) {
        let (mut multiset, mut order) = (0u128, 0u128);
        for (row, index) in rows.iter().zip(self.next_row..) {
            let terms = row_terms(*row, index);
            multiset += u128::from(terms.0);
            order += u128::from(terms.1);
        }
        self.multiset = self.multiset.wrapping_add(multiset);
        self.order = self.order.wrapping_add(order);
        // A table of 2^48 rows does not exist.
        let block = (self.next_row / BLOCK_ROWS) as usize;
        if self.blocks.len() <= block {
            self.blocks.resize(block + 1, BlockDigest::default());
        }
        self.blocks[block].rows += rows.len() as u64;
        self.blocks[block].multiset = self.blocks[block].multiset.wrapping_add(multiset);
        self.next_row += rows.len() as u64;
    }

    /// Digest of all rows that came.
    pub fn finish(self) -> TableDigest {
        self.finish_with_segments().0
    }

    /// Digest of all rows that came, and statistics of the declared segments. Rows behind the last segment are in the digest only.
    pub fn finish_with_segments(mut self) -> (TableDigest, Vec<SegmentStatistics>) {
        let mut segments: Vec<_> =
            self.segments.seen.iter().map(|rows| SegmentStatistics { rows: *rows, columns: Vec::new() }).collect();
        let mut columns = Vec::with_capacity(self.columns.len());
        for (state, field) in self.columns.iter_mut().zip(self.schema.fields()) {
            let (mut nulls, mut whole) = (0, None);
            for (segment, (segment_nulls, range)) in segments.iter_mut().zip(state.statistics()) {
                nulls += segment_nulls;
                let (min, max) = range.clone().unzip();
                whole = widest(whole, range);
                segment.columns.push(ColumnStatistics {
                    nulls: segment_nulls,
                    min: min.map(Extreme::from),
                    max: max.map(Extreme::from),
                });
            }
            let (min, max) = whole.unzip();
            columns.push(ColumnDigest {
                name: field.name().clone(),
                sum: state.sum,
                nulls,
                bytes: state.bytes,
                min: min.map(Extreme::from),
                max: max.map(Extreme::from),
            });
        }
        segments.truncate(self.segments.declared.len());
        let digest = TableDigest {
            version: VERSION.to_string(),
            rows: self.next_row - self.first_row,
            multiset: self.multiset,
            order: self.order,
            columns,
            blocks: self.blocks,
        };
        (digest, segments)
    }
}

fn widest(left: Option<(Scalar, Scalar)>, right: Option<(Scalar, Scalar)>) -> Option<(Scalar, Scalar)> {
    match (left, right) {
        (Some((min, max)), Some((other_min, other_max))) => Some((
            if other_min.compare(&min) == Some(Ordering::Less) { other_min } else { min },
            if other_max.compare(&max) == Some(Ordering::Greater) { other_max } else { max },
        )),
        (left, right) => left.or(right),
    }
}

fn update_column(
    column: &Column<'_>,
    start: usize,
    segment: usize,
    rows: &mut [u64],
    state: &mut ColumnState,
) -> Result<(), Malformed> {
    let mut valid = [true; CHUNK_ROWS];
    let mut nulls = 0u64;
    if column.nulls.as_ref().is_some_and(|nulls| nulls.null_count() > 0) || matches!(column.values, Values::Null) {
        for (index, valid) in valid[..rows.len()].iter_mut().enumerate() {
            *valid = !is_null(column, start + index);
            nulls += u64::from(!*valid);
        }
    }
    state.segments[segment].nulls += nulls;
    let validity = if nulls == 0 { Validity::All } else { Validity::Some(&valid[..rows.len()]) };
    let mut chunk = Chunk { start, rows, validity, segment };
    match &column.values {
        Values::Boolean(values) => fixed::update_booleans(values, &mut chunk, state),
        Values::Fixed { buffer, stored, canonical } => fixed::update(buffer, *stored, *canonical, &mut chunk, state),
        Values::HeldFixed { bytes, stored, canonical } => fixed::update(bytes, *stored, *canonical, &mut chunk, state),
        Values::HeldBytes(values) => return bytes::update(values, &mut chunk, state),
        Values::Offsets32 { offsets, data } => return bytes::update(&Offsets { offsets, data }, &mut chunk, state),
        Values::Offsets64 { offsets, data } => return bytes::update(&Offsets { offsets, data }, &mut chunk, state),
        Values::Views { views, data } => return bytes::update(&Views { views, data }, &mut chunk, state),
        Values::FixedBinary { data, width } => {
            return bytes::update(&FixedBinary { data, width: *width }, &mut chunk, state);
        }
        Values::Null | Values::List { .. } | Values::Struct(_) | Values::Union { .. } => {
            return nested::update(column, &mut chunk, state);
        }
    }
    Ok(())
}
