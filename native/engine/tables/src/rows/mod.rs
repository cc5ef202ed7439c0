//! Rows of the crate `tpchgen` as Arrow columns: one file a table.

mod columns;
mod comments;
mod customer;
mod grains;
mod lineitem;
mod nation;
mod orders;
mod part;
mod partsupp;
mod reader;
mod region;
mod supplier;

pub(crate) use customer::Customers;
pub(crate) use lineitem::LineItems;
pub(crate) use nation::Nations;
pub(crate) use orders::Orders;
pub(crate) use part::Parts;
pub(crate) use partsupp::PartSupps;
pub(crate) use reader::Reader;
pub(crate) use region::Regions;
pub(crate) use supplier::Suppliers;

use std::sync::OnceLock;

use arrow::array::ArrayRef;
use tpchgen::distribution::Distributions;
use tpchgen::text::TextPool;

use crate::SourceError;
use comments::{CommentStream, Comments};
use grains::Grains;

/// A table of the generator.
pub(crate) trait Table: Sized + Send + 'static {
    /// The generator's row.
    type Row;
    /// The generator's iterator over one of its parts.
    type Rows: Iterator<Item = Self::Row> + Send;
    /// The table's name.
    const NAME: &'static str;
    /// Its stream of comments.
    const COMMENTS: CommentStream;

    /// The generator's part `index` (from 1) of `count`.
    fn open(scale: f64, index: i32, count: i32) -> Self::Rows;

    /// The next rows as columns, at most `limit`; columns of no rows after the last.
    fn columns(rows: &mut Grains<Self>, comments: &mut Comments, limit: usize) -> Result<Vec<ArrayRef>, SourceError>;
}

/// Words that the generator draws from.
fn distributions() -> &'static Distributions {
    Distributions::static_default()
}

/// A few pages of text that stand in for dbgen's pool of 300 MiB. The generator cuts its comments from them; their lengths are right
/// and their text is not, so that we draw where comments begin ourselves, from the same random numbers, and take the text from our own
/// pool. See [`comments`].
fn stand_in() -> &'static TextPool {
    static STAND_IN: OnceLock<TextPool> = OnceLock::new();
    STAND_IN.get_or_init(|| TextPool::new(4096, distributions()))
}
