//! Text that is cut at a limit of bytes.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, LargeStringArray, RecordBatch, StringArray, StringViewArray};
use arrow::datatypes::DataType;

use super::columns;
use super::each::Damaged;

const LIMIT_BYTES: usize = 255;

fn cut(text: &str) -> &str {
    &text[..text.floor_char_boundary(LIMIT_BYTES)]
}

fn cut_all<'a>(texts: impl Iterator<Item = Option<&'a str>>) -> impl Iterator<Item = Option<&'a str>> {
    texts.map(|text| text.map(cut))
}

/// Text loses what is beyond its 255th byte, on the border of a character.
pub(super) fn truncate(batch: &RecordBatch) -> Damaged {
    columns::every(batch, |_, column| {
        let shorter: ArrayRef = match column.data_type() {
            DataType::Utf8 => Arc::new(cut_all(column.as_string::<i32>().iter()).collect::<StringArray>()),
            DataType::LargeUtf8 => Arc::new(cut_all(column.as_string::<i64>().iter()).collect::<LargeStringArray>()),
            DataType::Utf8View => Arc::new(cut_all(column.as_string_view().iter()).collect::<StringViewArray>()),
            _ => return Ok(None),
        };
        Ok((&shorter != column).then_some(shorter))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch(texts: &[Option<&str>]) -> RecordBatch {
        let columns: [(&str, ArrayRef); 3] = [
            ("utf8", Arc::new(texts.iter().copied().collect::<StringArray>())),
            ("large", Arc::new(texts.iter().copied().collect::<LargeStringArray>())),
            ("view", Arc::new(texts.iter().copied().collect::<StringViewArray>())),
        ];
        RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true))).unwrap()
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        let [fits, long, within] = ["a".repeat(255), "b".repeat(256), "c".repeat(254) + "é"];
        let cut = truncate(&batch(&[Some(&fits), None, Some(&long), Some(&within)])).unwrap().unwrap();
        assert_eq!(cut, batch(&[Some(&fits), None, Some(&long[..255]), Some(&within[..254])]));
        assert_eq!(truncate(&batch(&[Some(&fits), None])).unwrap(), None);
    }
}
