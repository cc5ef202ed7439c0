//! A prepared file of somebody's own batches holds dictionaries: nested ones, ones that change, and the batches without rows.

use std::fs;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, DictionaryArray, Int8Array, ListArray, RecordBatch, StringArray};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use writeproof_tables::{BatchSource, Busy, PreparedSource, SourceError, prepare_from};

struct Given(SchemaRef, std::vec::IntoIter<RecordBatch>);

impl BatchSource for Given {
    fn schema(&self) -> SchemaRef {
        self.0.clone()
    }

    fn next(&mut self) -> Result<Option<RecordBatch>, SourceError> {
        Ok(self.1.next())
    }

    fn busy(&self) -> Busy {
        Busy { generate_ns: 0, convert_ns: 0 }
    }
}

fn words(values: &[&str], rows: usize) -> DictionaryArray<arrow::datatypes::Int8Type> {
    let keys = Int8Array::from_iter((0..rows).map(|row| (row % 3 != 1).then_some((row % values.len()) as i8)));
    DictionaryArray::try_new(keys, Arc::new(StringArray::from(values.to_vec())) as ArrayRef).expect("keys of values")
}

fn batch(values: &[&str], rows: usize) -> RecordBatch {
    let flat = words(values, rows);
    let item = Arc::new(Field::new("item", flat.data_type().clone(), true));
    let lists =
        ListArray::new(item, OffsetBuffer::from_lengths(vec![2; rows]), Arc::new(words(values, 2 * rows)), None);
    let field = |name: &str, of: &DataType| Field::new(name, of.clone(), true);
    let schema = Schema::new(vec![field("flat", flat.data_type()), field("lists", lists.data_type())]);
    RecordBatch::try_new(Arc::new(schema), vec![Arc::new(flat), Arc::new(lists)]).expect("batch")
}

#[test]
fn dictionaries_that_change_come_back_with_their_batches() {
    let path = std::env::temp_dir().join(format!("writeproof-dictionaries-{}", std::process::id()));
    let same = ["one", "two", "three"];
    let given = vec![
        batch(&["none"], 0),
        batch(&same, 40),
        batch(&same, 7),
        batch(&["two", "one"], 9),
        batch(&["two", "one", "more"], 1),
        batch(&["last"], 0),
    ];
    let source = Given(given[0].schema(), given.clone().into_iter());
    let facts = prepare_from(Box::new(source), "mine", &path).expect("prepare");
    let mut source = PreparedSource::open(&path).expect("open");
    let mut read = Vec::new();
    while let Some(batch) = source.next().expect("batch") {
        read.push(batch);
    }
    let slots = source.slots().0;
    // In the body of the dictionary that came third, and last.
    let mut bytes = fs::read(&path).expect("read");
    let place = bytes.windows(6).rposition(|part| part == b"twoone").expect("its values");
    bytes[place] ^= 1;
    fs::write(&path, bytes).expect("write");
    let mut damaged = PreparedSource::open(&path).expect("open");
    let complaint = loop {
        match damaged.next() {
            Ok(Some(_)) => {}
            Ok(None) => break "none".to_owned(),
            Err(error) => break error.to_string(),
        }
    };
    fs::remove_file(&path).expect("remove");
    assert_eq!(facts.rows, 57);
    assert_eq!(facts.schema[0].kind, "dictionary<int8, utf8>");
    assert_eq!(read, given);
    assert_eq!(slots, 6, "kept batches keep their slots, and dictionaries have none");
    assert!(complaint.contains("is damaged: the XXH3 of message "), "{complaint}");
}
