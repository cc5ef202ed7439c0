use arrow::array::ArrayRef;
use tpchgen::generators::{PartSupp, PartSuppGenerator, PartSuppGeneratorIterator};

use super::columns::{int32, int64, money};
use super::comments::{CommentStream, Comments};
use super::{Grains, Table, stand_in};
use crate::SourceError;

/// Table `partsupp`; a unit is a part of four rows.
pub(crate) struct PartSupps;

impl Table for PartSupps {
    type Row = PartSupp<'static>;
    type Rows = PartSuppGeneratorIterator<'static>;
    const NAME: &'static str = "partsupp";
    // Four rows use all the numbers of a part, so that its end passes over none.
    const COMMENTS: CommentStream = CommentStream { seed: 1_961_692_154, average_length: 124.0, of_unit: 4 };

    fn open(scale: f64, index: i32, count: i32) -> Self::Rows {
        PartSuppGenerator::new_with_text_pool(scale, index, count, stand_in()).iter()
    }

    fn columns(rows: &mut Grains<Self>, comments: &mut Comments, limit: usize) -> Result<Vec<ArrayRef>, SourceError> {
        let (mut part, mut supplier) = (Vec::with_capacity(limit), Vec::with_capacity(limit));
        let (mut quantity, mut cost) = (Vec::with_capacity(limit), Vec::with_capacity(limit));
        for row in rows.take(limit) {
            comments.draw(row.ps_comment.len());
            part.push(row.ps_partkey);
            supplier.push(row.ps_suppkey);
            quantity.push(row.ps_availqty);
            cost.push(i128::from(row.ps_supplycost.into_inner()));
        }
        Ok(vec![int64(part), int64(supplier), int32(quantity), money(cost), comments.column()?])
    }
}
