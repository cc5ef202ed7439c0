use std::ops::Range;

use arrow::datatypes::SchemaRef;

use crate::count::units;
use crate::raw::{MOST_BATCH_BLOCKS, raw_bytes};
use crate::schema::PATTERN_TABLE;
use crate::{RAW, SourceError, schema, tables};

/// Below this scale `supplier` has no row, and the generator divides by the number of suppliers.
const SMALLEST_SCALE: f64 = 0.0001;
/// Above this scale there are more orders than the generator's 32-bit part numbers can address one by one.
const LARGEST_SCALE: f64 = 1431.0;
/// The longest text of TPC-H is 198 bytes (`ps_comment`), that of `types` 94 on average, and a column's text in a batch must stay below 2^31 bytes.
const MOST_BATCH_ROWS: usize = 1 << 23;

/// What is asked of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// One of [`tables`].
    pub table: String,
    /// Scale factor; of `raw` its bytes.
    pub scale: f64,
    /// Index (from 1) and count of the part; (1, 1) is the whole table. Parts in order are the whole.
    pub part: (u64, u64),
    /// Rows of every batch but the last.
    pub batch_rows: usize,
    /// Threads that generate.
    pub threads: usize,
}

/// Sizes are numbers of JavaScript, too.
const LARGEST_RAW_BYTES: u64 = (1 << 53) - 1;

impl Request {
    /// The schema, once everything asked for is possible.
    pub(crate) fn checked(&self) -> Result<SchemaRef, SourceError> {
        let refuse = |what: String| Err(SourceError::new(what));
        let Some(schema) = schema(&self.table) else {
            return refuse(format!(
                "unknown table \"{}\"; the tables are {}",
                self.table,
                tables().collect::<Vec<_>>().join(", ")
            ));
        };
        let (index, parts) = self.part;
        if !(self.scale.is_finite() && self.scale > 0.0) {
            return refuse(format!("the scale must be a number above 0, not {}", self.scale));
        }
        if [RAW, PATTERN_TABLE].contains(&self.table.as_str()) {
            let bytes = raw_bytes(self.scale);
            if bytes == 0 || bytes > LARGEST_RAW_BYTES || bytes as f64 != self.scale {
                return refuse(format!(
                    "the scale of raw is its size, a whole number of 1 to {LARGEST_RAW_BYTES} bytes, not {}",
                    self.scale
                ));
            }
            if self.batch_rows > MOST_BATCH_BLOCKS {
                return refuse(format!(
                    "batch rows of raw must be from 1 to {MOST_BATCH_BLOCKS} blocks, not {}",
                    self.batch_rows
                ));
            }
        } else if self.scale < SMALLEST_SCALE || self.scale > LARGEST_SCALE {
            return refuse(format!("the scale must be from {SMALLEST_SCALE} to {LARGEST_SCALE}, not {}", self.scale));
        }
        if index == 0 || index > parts {
            return refuse(format!("the part must be from 1 to the number of parts, not {index} of {parts}"));
        }
        if self.batch_rows == 0 || self.batch_rows > MOST_BATCH_ROWS {
            return refuse(format!("batch rows must be from 1 to {MOST_BATCH_ROWS}, not {}", self.batch_rows));
        }
        if self.threads == 0 {
            return refuse("threads must be at least 1, not 0".to_string());
        }
        Ok(schema)
    }

    /// The units (orders of `lineitem`, parts of `partsupp`, else rows) of this part; the last part takes the remainder, as dbgen does.
    pub(crate) fn units(&self) -> Range<u64> {
        let (index, parts) = self.part;
        let total = units(&self.table, self.scale);
        let each = total / parts;
        let start = each * (index - 1);
        start..if index == parts { total } else { start + each }
    }
}
