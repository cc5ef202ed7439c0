use arrow::array::ArrayRef;
use tpchgen::generators::{Customer, CustomerGenerator, CustomerGeneratorIterator};

use super::columns::{Text, int64, money};
use super::comments::{CommentStream, Comments};
use super::{Grains, Table, distributions, stand_in};
use crate::SourceError;

/// Table `customer`.
pub(crate) struct Customers;

impl Table for Customers {
    type Row = Customer<'static>;
    type Rows = CustomerGeneratorIterator<'static>;
    const NAME: &'static str = "customer";
    const COMMENTS: CommentStream = CommentStream { seed: 1_335_826_707, average_length: 73.0, of_unit: 1 };

    fn open(scale: f64, index: i32, count: i32) -> Self::Rows {
        CustomerGenerator::new_with_distributions_and_text_pool(scale, index, count, distributions(), stand_in()).iter()
    }

    fn columns(rows: &mut Grains<Self>, comments: &mut Comments, limit: usize) -> Result<Vec<ArrayRef>, SourceError> {
        let (mut key, mut nation) = (Vec::with_capacity(limit), Vec::with_capacity(limit));
        let (mut name, mut address) = (Text::new(limit, 18), Text::new(limit, 40));
        let (mut phone, mut segment) = (Text::new(limit, 15), Text::new(limit, 10));
        let mut balance = Vec::with_capacity(limit);
        for row in rows.take(limit) {
            comments.draw(row.c_comment.len());
            comments.end_unit();
            key.push(row.c_custkey);
            name.display(&row.c_name);
            address.display(&row.c_address);
            nation.push(row.c_nationkey);
            phone.display(&row.c_phone);
            balance.push(i128::from(row.c_acctbal.into_inner()));
            segment.push(row.c_mktsegment);
        }
        Ok(vec![
            int64(key),
            name.finish(),
            address.finish(),
            int64(nation),
            phone.finish(),
            money(balance),
            segment.finish(),
            comments.column()?,
        ])
    }
}
