use arrow::array::ArrayRef;
use tpchgen::generators::{LineItem, LineItemGenerator, LineItemGeneratorIterator};

use super::columns::{Text, date, int32, int64, money};
use super::comments::{CommentStream, Comments};
use super::{Grains, Table, distributions, stand_in};
use crate::SourceError;

/// Table `lineitem`; a unit is an order of 1 to 7 lines.
pub(crate) struct LineItems;

impl Table for LineItems {
    type Row = LineItem<'static>;
    type Rows = LineItemGeneratorIterator<'static>;
    const NAME: &'static str = "lineitem";
    const COMMENTS: CommentStream = CommentStream { seed: 1_095_462_486, average_length: 27.0, of_unit: 7 };

    fn open(scale: f64, index: i32, count: i32) -> Self::Rows {
        LineItemGenerator::new_with_distributions_and_text_pool(scale, index, count, distributions(), stand_in()).iter()
    }

    fn columns(rows: &mut Grains<Self>, comments: &mut Comments, limit: usize) -> Result<Vec<ArrayRef>, SourceError> {
        let (mut order, mut part, mut supplier) =
            (Vec::with_capacity(limit), Vec::with_capacity(limit), Vec::with_capacity(limit));
        let mut line = Vec::with_capacity(limit);
        let (mut quantity, mut price) = (Vec::with_capacity(limit), Vec::with_capacity(limit));
        let (mut discount, mut tax) = (Vec::with_capacity(limit), Vec::with_capacity(limit));
        let (mut flag, mut status) = (Text::new(limit, 1), Text::new(limit, 1));
        let (mut ship, mut commit, mut receipt) =
            (Vec::with_capacity(limit), Vec::with_capacity(limit), Vec::with_capacity(limit));
        let (mut instruction, mut mode) = (Text::new(limit, 17), Text::new(limit, 7));
        for row in rows.take(limit) {
            if row.l_linenumber == 1 {
                comments.end_unit();
            }
            comments.draw(row.l_comment.len());
            order.push(row.l_orderkey);
            part.push(row.l_partkey);
            supplier.push(row.l_suppkey);
            line.push(row.l_linenumber);
            // The generator's quantity is whole.
            quantity.push(i128::from(row.l_quantity) * 100);
            price.push(i128::from(row.l_extendedprice.into_inner()));
            discount.push(i128::from(row.l_discount.into_inner()));
            tax.push(i128::from(row.l_tax.into_inner()));
            flag.push(row.l_returnflag);
            status.push(row.l_linestatus);
            ship.push(row.l_shipdate.to_unix_epoch());
            commit.push(row.l_commitdate.to_unix_epoch());
            receipt.push(row.l_receiptdate.to_unix_epoch());
            instruction.push(row.l_shipinstruct);
            mode.push(row.l_shipmode);
        }
        Ok(vec![
            int64(order),
            int64(part),
            int64(supplier),
            int32(line),
            money(quantity),
            money(price),
            money(discount),
            money(tax),
            flag.finish(),
            status.finish(),
            date(ship),
            date(commit),
            date(receipt),
            instruction.finish(),
            mode.finish(),
            comments.column()?,
        ])
    }
}
