use std::iter::{Skip, Take};

use arrow::array::ArrayRef;
use tpchgen::generators::{Region, RegionGenerator, RegionGeneratorIterator};

use super::columns::{Text, int64};
use super::comments::{CommentStream, Comments};
use super::nation::cut;
use super::{Grains, Table, distributions, stand_in};
use crate::SourceError;

/// Table `region`.
pub(crate) struct Regions;

impl Table for Regions {
    type Row = Region<'static>;
    type Rows = Take<Skip<RegionGeneratorIterator<'static>>>;
    const NAME: &'static str = "region";
    const COMMENTS: CommentStream = CommentStream { seed: 1_500_869_201, average_length: 72.0, of_unit: 1 };

    fn open(_scale: f64, index: i32, count: i32) -> Self::Rows {
        let all = RegionGenerator::new_with_distributions_and_text_pool(distributions(), stand_in()).iter();
        cut(all, 5, index, count)
    }

    fn columns(rows: &mut Grains<Self>, comments: &mut Comments, limit: usize) -> Result<Vec<ArrayRef>, SourceError> {
        let (mut key, mut name) = (Vec::new(), Text::new(5, 11));
        for row in rows.take(limit) {
            comments.draw(row.r_comment.len());
            comments.end_unit();
            key.push(row.r_regionkey);
            name.push(row.r_name);
        }
        Ok(vec![int64(key), name.finish(), comments.column()?])
    }
}
