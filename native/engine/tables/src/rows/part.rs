use arrow::array::ArrayRef;
use tpchgen::generators::{Part, PartGenerator, PartGeneratorIterator};

use super::columns::{Text, int32, int64, money};
use super::comments::{CommentStream, Comments};
use super::{Grains, Table, distributions, stand_in};
use crate::SourceError;

/// Table `part`.
pub(crate) struct Parts;

impl Table for Parts {
    type Row = Part<'static>;
    type Rows = PartGeneratorIterator<'static>;
    const NAME: &'static str = "part";
    const COMMENTS: CommentStream = CommentStream { seed: 804_159_733, average_length: 14.0, of_unit: 1 };

    fn open(scale: f64, index: i32, count: i32) -> Self::Rows {
        PartGenerator::new_with_distributions_and_text_pool(scale, index, count, distributions(), stand_in()).iter()
    }

    fn columns(rows: &mut Grains<Self>, comments: &mut Comments, limit: usize) -> Result<Vec<ArrayRef>, SourceError> {
        let (mut key, mut size, mut price) =
            (Vec::with_capacity(limit), Vec::with_capacity(limit), Vec::with_capacity(limit));
        let (mut name, mut maker, mut brand) = (Text::new(limit, 36), Text::new(limit, 14), Text::new(limit, 8));
        let (mut kind, mut container) = (Text::new(limit, 25), Text::new(limit, 10));
        for row in rows.take(limit) {
            comments.draw(row.p_comment.len());
            comments.end_unit();
            key.push(row.p_partkey);
            name.display(&row.p_name);
            maker.display(&row.p_mfgr);
            brand.display(&row.p_brand);
            kind.push(row.p_type);
            size.push(row.p_size);
            container.push(row.p_container);
            price.push(i128::from(row.p_retailprice.into_inner()));
        }
        Ok(vec![
            int64(key),
            name.finish(),
            maker.finish(),
            brand.finish(),
            kind.finish(),
            int32(size),
            container.finish(),
            money(price),
            comments.column()?,
        ])
    }
}
