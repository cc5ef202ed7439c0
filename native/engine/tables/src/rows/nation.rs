use std::iter::{Skip, Take};

use arrow::array::ArrayRef;
use tpchgen::generators::{Nation, NationGenerator, NationGeneratorIterator};

use super::columns::{Text, int64};
use super::comments::{CommentStream, Comments};
use super::{Grains, Table, distributions, stand_in};
use crate::SourceError;

/// Table `nation`.
pub(crate) struct Nations;

/// The rows of part `index` of `count` of a table whose generator knows no parts.
pub(super) fn cut<I: Iterator>(rows: I, total: usize, index: i32, count: i32) -> Take<Skip<I>> {
    let (index, count) = (index as usize, count as usize);
    let each = total / count;
    rows.skip(each * (index - 1)).take(if index == count { total } else { each })
}

impl Table for Nations {
    type Row = Nation<'static>;
    type Rows = Take<Skip<NationGeneratorIterator<'static>>>;
    const NAME: &'static str = "nation";
    const COMMENTS: CommentStream = CommentStream { seed: 606_179_079, average_length: 72.0, of_unit: 1 };

    fn open(_scale: f64, index: i32, count: i32) -> Self::Rows {
        let all = NationGenerator::new_with_distributions_and_text_pool(distributions(), stand_in()).iter();
        cut(all, 25, index, count)
    }

    fn columns(rows: &mut Grains<Self>, comments: &mut Comments, limit: usize) -> Result<Vec<ArrayRef>, SourceError> {
        let (mut key, mut region, mut name) = (Vec::new(), Vec::new(), Text::new(25, 15));
        for row in rows.take(limit) {
            comments.draw(row.n_comment.len());
            comments.end_unit();
            key.push(row.n_nationkey);
            name.push(row.n_name);
            region.push(row.n_regionkey);
        }
        Ok(vec![int64(key), name.finish(), int64(region), comments.column()?])
    }
}
