//! Dictionaries that are mixed up with one another, or with their keys.

use std::sync::Arc;

use arrow::array::{AnyDictionaryArray, Array, ArrayRef, AsArray, Int64Array, RecordBatch, make_array};
use arrow::compute::{cast, take};
use arrow::datatypes::{DataType, Int64Type, Schema, SchemaRef};
use arrow::error::ArrowError;
use writeproof_columnar::Imported;

use super::each::Damaged;
use super::{Change, changed, columns, declared};

/// The keys of a dictionary of any type, each changed to another.
fn with_keys(
    dictionary: &dyn AnyDictionaryArray,
    values: &ArrayRef,
    change: impl Fn(i64) -> Option<i64>,
) -> Result<ArrayRef, ArrowError> {
    let keys = cast(dictionary.keys(), &DataType::Int64)?;
    let keys: Int64Array = keys.as_primitive::<Int64Type>().iter().map(|key| key.and_then(&change)).collect();
    let keys = cast(&keys, dictionary.keys().data_type())?.to_data();
    let kind = dictionary.data_type().clone();
    Ok(make_array(keys.into_builder().data_type(kind).child_data(vec![values.to_data()]).build()?))
}

/// Whether two dictionary arrays stand for the same values.
fn equal(one: &ArrayRef, other: &ArrayRef) -> Result<bool, ArrowError> {
    let plain = |array: &ArrayRef| {
        let dictionary = array.as_any_dictionary();
        take(dictionary.values(), dictionary.keys(), None)
    };
    Ok(plain(one)?.to_data() == plain(other)?.to_data())
}

/// The dictionaries of later batches are dropped: their keys are read by that of the first.
#[derive(Default)]
pub(super) struct FirstOnly {
    /// By column; None until a dictionary has a value.
    first: Vec<Option<ArrayRef>>,
    damaged: bool,
}

impl Change for FirstOnly {
    fn take(&mut self, imported: Imported) -> Result<Vec<Imported>, ArrowError> {
        self.first.resize(imported.batch.num_columns(), None);
        let mut first = self.first.iter_mut();
        let damaged = columns::every(&imported.batch, |_, column| {
            let (Some(first), Some(dictionary)) = (first.next(), column.as_any_dictionary_opt()) else {
                return Ok(None);
            };
            let Some(values) = first else {
                *first = Some(Arc::clone(dictionary.values())).filter(|values| !values.is_empty());
                return Ok(None);
            };
            let length = values.len() as i64;
            let other = with_keys(dictionary, values, |key| Some(key % length))?;
            Ok((!equal(&other, column)?).then_some(other))
        })?;
        self.damaged |= damaged.is_some();
        Ok(vec![damaged.map_or(imported, changed)])
    }

    fn missing(&self) -> Option<&'static str> {
        (!self.damaged).then_some("no dictionary of a later batch differs from that of the first")
    }
}

/// A key that a signed byte can hold names a value, but for its largest: that, and those beyond, pass for null.
pub(super) fn lose_highest(batch: &RecordBatch) -> Damaged {
    columns::every(batch, |field, column| {
        let Some(dictionary) = column.as_any_dictionary_opt().filter(|_| field.is_nullable()) else { return Ok(None) };
        if !matches!(dictionary.keys().data_type(), DataType::Int8 | DataType::UInt8) {
            return Ok(None);
        }
        let other = with_keys(dictionary, dictionary.values(), |key| (key < i64::from(i8::MAX)).then_some(key))?;
        Ok((other.null_count() > column.null_count()).then_some(other))
    })
}

/// The keys of a dictionary are stored in the place of its values.
pub(super) struct Index {
    written: SchemaRef,
    column: Option<usize>,
    damaged: bool,
}

impl Index {
    pub fn of(schema: &Schema) -> Self {
        let keys = |kind: &DataType| match kind {
            DataType::Dictionary(keys, _) => Some(keys.as_ref().clone()),
            _ => None,
        };
        let column = schema.fields().iter().position(|field| keys(field.data_type()).is_some());
        let mut found = false;
        let written = declared::with_fields(schema, |field| {
            let kind = keys(field.data_type()).filter(|_| !found)?;
            found = true;
            Some(field.clone().with_data_type(kind))
        });
        Self { written, column, damaged: false }
    }
}

impl Change for Index {
    fn schema(&self) -> Option<SchemaRef> {
        Some(Arc::clone(&self.written))
    }

    fn take(&mut self, imported: Imported) -> Result<Vec<Imported>, ArrowError> {
        let Some(column) = self.column else { return Ok(vec![imported]) };
        let mut columns = imported.batch.columns().to_vec();
        let keys = columns[column].as_any_dictionary().keys();
        columns[column] = keys.slice(0, keys.len());
        self.damaged |= columns[column].len() > columns[column].null_count();
        Ok(vec![changed(RecordBatch::try_new(Arc::clone(&self.written), columns)?)])
    }

    fn missing(&self) -> Option<&'static str> {
        (!self.damaged).then_some("no column is a dictionary")
    }
}

#[cfg(test)]
mod tests {
    use arrow::array::{DictionaryArray, Int8Array, StringArray};
    use arrow::datatypes::Int8Type;

    use super::*;

    fn batch(keys: Vec<Option<i8>>, values: &[&str]) -> RecordBatch {
        let values: ArrayRef = Arc::new(StringArray::from(values.to_vec()));
        let dictionary: ArrayRef = Arc::new(DictionaryArray::<Int8Type>::new(Int8Array::from(keys), values));
        RecordBatch::try_from_iter_with_nullable([("word", dictionary, true)]).unwrap()
    }

    fn words(batch: &RecordBatch) -> Vec<Option<String>> {
        let plain = cast(batch.column(0), &DataType::Utf8).unwrap();
        plain.as_string::<i32>().iter().map(|word| word.map(str::to_owned)).collect()
    }

    #[test]
    fn later_keys_are_read_by_the_first_dictionary() {
        let mut change = FirstOnly::default();
        let mut taken = |batch| words(&change.take(changed(batch)).unwrap()[0].batch);
        let [a, b, c] = ["a", "b", "c"].map(|word| Some(word.to_owned()));
        assert_eq!(taken(batch(vec![], &[])), []);
        assert_eq!(taken(batch(vec![Some(1), Some(0)], &["a", "b"])), [b.clone(), a.clone()]);
        assert_eq!(taken(batch(vec![Some(1), None], &["c", "b"])), [b.clone(), None]);
        assert_ne!(taken(batch(vec![Some(0)], &["c"])), [c]);
        assert_eq!(taken(batch(vec![Some(2), None, Some(3)], &["c", "d", "e", "f"])), [a, None, b]);
        assert_eq!(change.missing(), None);
    }

    #[test]
    fn the_same_dictionary_again_is_no_damage() {
        let mut change = FirstOnly::default();
        for _ in 0..2 {
            change.take(changed(batch(vec![Some(1), Some(0)], &["a", "b"]))).unwrap();
        }
        assert!(change.missing().is_some());
    }

    #[test]
    fn the_last_of_128_values_becomes_null() {
        let values: Vec<String> = (0..128).map(|value| format!("v{value}")).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let damaged = lose_highest(&batch(vec![Some(126), None, Some(127)], &values)).unwrap().unwrap();
        assert_eq!(words(&damaged), [Some("v126".to_owned()), None, None]);
        assert_eq!(lose_highest(&batch(vec![Some(126), None], &values)).unwrap(), None);
    }

    #[test]
    fn keys_stand_in_the_place_of_values() {
        let given = batch(vec![Some(1), None, Some(0)], &["a", "b"]);
        let mut change = Index::of(&given.schema());
        let taken = change.take(changed(given)).unwrap();
        assert_eq!(Some(taken[0].batch.schema()), change.schema());
        let keys = Int8Array::from(vec![Some(1), None, Some(0)]);
        assert_eq!(taken[0].batch.column(0).as_ref(), &keys as &dyn Array);
        assert_eq!(change.missing(), None);
    }
}
