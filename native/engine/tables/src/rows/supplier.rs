use arrow::array::ArrayRef;
use tpchgen::generators::{Supplier, SupplierGenerator, SupplierGeneratorIterator};

use super::columns::{Text, int64, money};
use super::comments::{CommentStream, Comments};
use super::{Grains, Table, distributions, stand_in};
use crate::SourceError;

/// Table `supplier`. Ten of 10,000 comments have "Customer" and "Complaints" or "Recommends" written over their text.
pub(crate) struct Suppliers;

const CUSTOMER: &str = SupplierGenerator::BBB_BASE_TEXT;

/// Where the generator wrote over a comment: the two texts and their places. Words of the grammar have no capital letters, so that what
/// the generator found to write is seen in the comment that it made of the stand-in text, at the same places.
fn overwritten(comment: &str) -> Option<[(usize, &'static str); 2]> {
    let customer = comment.find(CUSTOMER)?;
    let find = |text: &'static str| comment.rfind(text).map(|place| (place, text));
    let judgement =
        find(SupplierGenerator::BBB_COMPLAINT_TEXT).or_else(|| find(SupplierGenerator::BBB_RECOMMEND_TEXT))?;
    Some([(customer, CUSTOMER), judgement])
}

impl Table for Suppliers {
    type Row = Supplier;
    type Rows = SupplierGeneratorIterator<'static>;
    const NAME: &'static str = "supplier";
    const COMMENTS: CommentStream = CommentStream { seed: 1_341_315_363, average_length: 63.0, of_unit: 1 };

    fn open(scale: f64, index: i32, count: i32) -> Self::Rows {
        SupplierGenerator::new_with_distributions_and_text_pool(scale, index, count, distributions(), stand_in()).iter()
    }

    fn columns(rows: &mut Grains<Self>, comments: &mut Comments, limit: usize) -> Result<Vec<ArrayRef>, SourceError> {
        let (mut key, mut nation, mut balance) =
            (Vec::with_capacity(limit), Vec::with_capacity(limit), Vec::with_capacity(limit));
        let (mut name, mut address, mut phone) = (Text::new(limit, 18), Text::new(limit, 40), Text::new(limit, 15));
        let mut patches = Vec::new();
        for (index, row) in rows.take(limit).enumerate() {
            comments.draw(row.s_comment.len());
            comments.end_unit();
            patches.extend(overwritten(&row.s_comment).map(|texts| (index, texts)));
            key.push(row.s_suppkey);
            name.display(&row.s_name);
            address.display(&row.s_address);
            nation.push(row.s_nationkey);
            phone.display(&row.s_phone);
            balance.push(i128::from(row.s_acctbal.into_inner()));
        }
        let comments = comments.column_with(&patches)?;
        Ok(vec![int64(key), name.finish(), address.finish(), int64(nation), phone.finish(), money(balance), comments])
    }
}
