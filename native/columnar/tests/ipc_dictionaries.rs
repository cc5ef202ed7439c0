//! Dictionaries that change from batch to batch become one of the whole target.

mod ipc_support;
mod support;

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use arrow::array::{
    Array, ArrayRef, AsArray, DictionaryArray, Int8Array, Int32Array, ListArray, PrimitiveArray, RecordBatch,
    StringArray, StringViewArray, StructArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{ArrowDictionaryKeyType, DataType, Field, Int8Type, Int32Type, Schema, SchemaRef};
use ipc_support::{check, read};
use serde_json::{Value, json};
use support::{Directory, create_as, hand, options, write_as};
use writeproof_abi::Writer;
use writeproof_columnar::ArrowWriter;

fn dictionary<K: ArrowDictionaryKeyType>(keys: PrimitiveArray<K>, values: Vec<Option<&str>>) -> ArrayRef {
    Arc::new(DictionaryArray::<K>::try_new(keys, Arc::new(StringArray::from(values))).unwrap())
}

fn batch(array: ArrayRef) -> RecordBatch {
    RecordBatch::try_from_iter_with_nullable([("d", array, true)]).unwrap()
}

fn nested(array: &ArrayRef) -> ArrayRef {
    let field = Arc::new(Field::new("inner", array.data_type().clone(), true));
    let inner: ArrayRef = Arc::new(StructArray::from(vec![(field, Arc::clone(array))]));
    let item = Arc::new(Field::new("item", inner.data_type().clone(), true));
    Arc::new(ListArray::new(item, OffsetBuffer::from_lengths([1, 0, array.len() - 1]), inner, None))
}

/// Values that come, come again in another order, are null, or twice in one dictionary.
fn changing() -> Vec<ArrayRef> {
    let some = |values: &[&'static str]| values.iter().map(|value| Some(*value)).collect::<Vec<_>>();
    vec![
        dictionary(Int8Array::from(vec![Some(0), Some(1), None, Some(0)]), some(&["a", "b"])),
        dictionary(Int8Array::from(vec![Some(0), Some(1), None, Some(1)]), some(&["a", "b"])),
        dictionary(Int8Array::from(vec![Some(0), Some(1), Some(1), None]), some(&["b", "a"])),
        dictionary(Int8Array::from(vec![Some(2), Some(1), Some(0), None]), vec![Some("c"), None, Some("a")]),
        dictionary(Int8Array::from(vec![Some(0), Some(1), Some(2), Some(3)]), some(&["d", "d", "", "a"])),
        dictionary(Int8Array::from(vec![None, None, None, None]), vec![]),
    ]
}

fn write(directory: &Directory, given: &[RecordBatch], settings: &[(&str, Value)]) -> Value {
    let mut said = Value::Null;
    for container in ["file", "stream"] {
        for compression in ["none", "zstd"] {
            let path = directory.file("written.arrow");
            let more = [("container", json!(container)), ("compression", json!(compression))];
            let settings = options(&[settings, &more].concat());
            said = write_as::<ArrowWriter>(&path, &given[0].schema(), given, settings);
            check(&path, container, given, &given[0].schema(), &format!("{container}, {compression}"));
            std::fs::remove_file(&path).unwrap();
        }
    }
    said
}

#[test]
fn values_that_come_later_are_added_and_none_is_written_twice() {
    let directory = Directory::new();
    let flat: Vec<_> = changing().into_iter().map(batch).collect();
    let deep: Vec<_> = changing().iter().map(|array| batch(nested(array))).collect();
    let sliced: Vec<_> = flat.iter().map(|batch| batch.slice(1, 3)).collect();
    for given in [flat, deep, sliced] {
        // a and b; c; d and the empty text.
        assert_eq!(write(&directory, &given, &[])["dictionaryMessages"], json!(3));
        assert_eq!(write(&directory, &given, &[("messageRows", json!(1000))])["messages"], json!(1));
    }
}

#[test]
fn one_dictionary_first_and_growth_after_it_is_what_the_target_holds() {
    let directory = Directory::new();
    let path = directory.file("grown.arrow");
    let given: Vec<_> = changing().into_iter().map(batch).collect();
    write_as::<ArrowWriter>(&path, &given[0].schema(), &given, options(&[]));
    let (_, batches) = read(&path, "file");
    // The reader of a file has read all dictionaries before the first batch.
    let values = batches[0].column(0).as_any_dictionary().values().as_string::<i32>();
    assert_eq!(values.iter().flatten().collect::<Vec<_>>(), ["a", "b", "c", "d", ""]);
    let keys: Vec<Vec<_>> =
        batches.iter().map(|batch| batch.column(0).as_dictionary::<Int8Type>().keys().iter().collect()).collect();
    assert_eq!(keys[2], [Some(1), Some(0), Some(0), None]);
    assert_eq!(keys[3], [Some(0), None, Some(2), None]);
    assert_eq!(keys[4], [Some(3), Some(3), Some(4), Some(0)]);
}

#[test]
fn a_dictionary_of_views_is_joined_and_holds_no_more_than_its_values() {
    let directory = Directory::new();
    let given: Vec<_> = (0..20)
        .map(|part| {
            let values = (0..50).map(|value| Some(format!("a value that is too long for its view, {}", value + part)));
            let keys = Int32Array::from_iter_values((0..100).map(|row| row % 50));
            let views = Arc::new(values.collect::<StringViewArray>());
            batch(Arc::new(DictionaryArray::<Int32Type>::try_new(keys, views).unwrap()))
        })
        .collect();
    let said = write(&directory, &given, &[]);
    assert_eq!(said["dictionaryMessages"], json!(20));
    let path = directory.file("views.arrow");
    write_as::<ArrowWriter>(&path, &given[0].schema(), &given, options(&[]));
    // 69 values of 41 bytes and a view, 2,000 keys, and 40 messages: not 20 times 50 values.
    let bytes = std::fs::metadata(&path).unwrap().len();
    assert!(bytes < 45_000, "{bytes}");
}

/// `count` words from number `first` on, all named by keys that are used, or only the first `used` of them.
fn words(first: i32, count: i32, used: i32) -> ArrayRef {
    let values = StringArray::from_iter_values((first..first + count).map(|word| format!("word {word}")));
    let keys = Int8Array::from_iter((0..used).map(|key| (key % 3 != 1).then_some(key as i8)));
    Arc::new(DictionaryArray::<Int8Type>::try_new(keys, Arc::new(values)).unwrap())
}

#[test]
fn an_int8_dictionary_is_filled_to_its_last_key_and_a_value_more_is_named() {
    let directory = Directory::new();
    // 100 values, then 50 of which only those that are used fit: 100 + 20 - 7 nulls, then 15 to the last.
    let fitting = [words(0, 100, 100), words(200, 50, 20), words(0, 128, 100), words(500, 22, 22)].map(batch);
    write(&directory, &fitting, &[]);
    let whole = [words(0, 128, 128)].map(batch);
    write(&directory, &whole, &[]);

    let path = directory.file("full.arrow");
    let mut writer: ArrowWriter = create_as(&path, &whole[0].schema(), options(&[])).unwrap();
    let releases = Arc::new(AtomicUsize::new(0));
    hand(&whole[0], &releases).write(&mut writer).unwrap();
    let refused = hand(&batch(words(300, 2, 1)), &releases).write(&mut writer).unwrap_err().to_string();
    assert_eq!(
        refused,
        "column d: the dictionaries of all batches have 129 values together, and a key of type Int8 can name 128; write it \
         with wider keys"
    );
    writer.abort().unwrap();
    assert!(!path.exists());
}

#[test]
fn what_no_reader_follows_is_refused_by_name() {
    let directory = Directory::new();
    let inner = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
    let item = DataType::List(Arc::new(Field::new("item", inner, true)));
    let schema =
        Schema::new(vec![Field::new("d", DataType::Dictionary(Box::new(DataType::Int8), Box::new(item)), true)]);
    let path = directory.file("nested.arrow");
    let refused = create_as::<ArrowWriter>(&path, &schema, options(&[])).err().unwrap().to_string();
    assert!(refused.starts_with("column d: Dictionary(") && refused.contains("holds a dictionary"), "{refused}");
    assert!(!path.exists());
}

#[test]
fn an_ordered_dictionary_may_stay_and_not_grow() {
    let directory = Directory::new();
    let data_type = DataType::Dictionary(Box::new(DataType::Int8), Box::new(DataType::Utf8));
    #[allow(deprecated, reason = "arrow-rs has no other way to declare it")]
    let field = Field::new_dict("d", data_type, true, 0, true);
    let schema: SchemaRef = Arc::new(Schema::new(vec![field]));
    let ordered = |array: ArrayRef| RecordBatch::try_new(Arc::clone(&schema), vec![array]).unwrap();
    let path = directory.file("ordered.arrow");
    let mut writer: ArrowWriter = create_as(&path, &schema, options(&[])).unwrap();
    let releases = Arc::new(AtomicUsize::new(0));
    let arrays = changing();
    hand(&ordered(Arc::clone(&arrays[0])), &releases).write(&mut writer).unwrap();
    hand(&ordered(Arc::clone(&arrays[1])), &releases).write(&mut writer).unwrap();
    let refused = hand(&ordered(Arc::clone(&arrays[3])), &releases).write(&mut writer).unwrap_err().to_string();
    assert!(refused.starts_with("column d: the dictionary is declared as ordered"), "{refused}");
}
