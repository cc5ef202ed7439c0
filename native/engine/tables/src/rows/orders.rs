use arrow::array::ArrayRef;
use tpchgen::generators::{Order, OrderGenerator, OrderGeneratorIterator};

use super::columns::{Text, date, int32, int64, money};
use super::comments::{CommentStream, Comments};
use super::{Grains, Table, distributions, stand_in};
use crate::SourceError;

/// Table `orders`.
pub(crate) struct Orders;

impl Table for Orders {
    type Row = Order<'static>;
    type Rows = OrderGeneratorIterator<'static>;
    const NAME: &'static str = "orders";
    const COMMENTS: CommentStream = CommentStream { seed: 276_090_261, average_length: 49.0, of_unit: 1 };

    fn open(scale: f64, index: i32, count: i32) -> Self::Rows {
        OrderGenerator::new_with_distributions_and_text_pool(scale, index, count, distributions(), stand_in()).iter()
    }

    fn columns(rows: &mut Grains<Self>, comments: &mut Comments, limit: usize) -> Result<Vec<ArrayRef>, SourceError> {
        let (mut key, mut customer) = (Vec::with_capacity(limit), Vec::with_capacity(limit));
        let (mut status, mut priority, mut clerk) = (Text::new(limit, 1), Text::new(limit, 15), Text::new(limit, 15));
        let (mut price, mut day, mut shipping) =
            (Vec::with_capacity(limit), Vec::with_capacity(limit), Vec::with_capacity(limit));
        for row in rows.take(limit) {
            comments.draw(row.o_comment.len());
            comments.end_unit();
            key.push(row.o_orderkey);
            customer.push(row.o_custkey);
            status.push(row.o_orderstatus.as_str());
            price.push(i128::from(row.o_totalprice.into_inner()));
            day.push(row.o_orderdate.to_unix_epoch());
            priority.push(row.o_orderpriority);
            clerk.display(&row.o_clerk);
            shipping.push(row.o_shippriority);
        }
        Ok(vec![
            int64(key),
            int64(customer),
            status.finish(),
            money(price),
            date(day),
            priority.finish(),
            clerk.finish(),
            int32(shipping),
            comments.column()?,
        ])
    }
}
