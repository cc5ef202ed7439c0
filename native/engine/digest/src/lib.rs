//! Digest of a table's rows as `native/engine/DIGEST.md` specifies it, with minimum, maximum and nulls of every column in the same pass.
//!
//! ```
//! use std::sync::Arc;
//! use arrow::array::{Int64Array, RecordBatch};
//! use writeproof_digest::Digester;
//!
//! let batch = RecordBatch::try_from_iter([("key", Arc::new(Int64Array::from(vec![3, 1, 2])) as _)])?;
//! let mut digester = Digester::new(&batch.schema(), 0)?;
//! digester.update(&batch)?;
//! let digest = digester.finish();
//! assert_eq!(digest.rows, 3);
//! assert_eq!(digest.columns[0].min.as_ref().map(|value| value.text()), Some("1"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod bytes;
mod column;
mod digester;
mod error;
mod fixed;
mod held;
mod layout;
mod logical;
mod mix;
mod nested;
mod scalar;
mod table;

pub use digester::Digester;
pub use error::DigestError;
pub use held::{HeldColumn, HeldValues, PointedBytes};
pub use scalar::Scalar;
pub use table::{BlockDigest, ColumnDigest, ColumnStatistics, Extreme, SegmentStatistics, TableDigest};

/// Version of the specification that this crate follows.
pub const VERSION: &str = "wp1";

/// Rows of one block of [`TableDigest::blocks`].
pub const BLOCK_ROWS: u64 = 65_536;
