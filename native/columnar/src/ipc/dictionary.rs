//! One dictionary of a file: it only grows, and the keys of every batch are made its own.
//!
//! The file format lets a dictionary grow and not change, and arrow-rs and apache-arrow read the growth (delta messages), in
//! files and in streams. Values are told apart by arrow-rs' row format, which keeps every bit of a float.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::array::{
    Array, ArrayData, ArrayRef, ArrowPrimitiveType, AsArray, BinaryViewArray, MutableArrayData, PrimitiveArray,
    StringViewArray, UInt32Array, make_array,
};
use arrow::compute::take;
use arrow::datatypes::{
    ArrowNativeType, DataType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow::row::{RowConverter, SortField};
use writeproof_abi::Error;

use super::plain::Path;

/// What a key of a batch becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Target {
    /// The index of the same value in the file's dictionary.
    Index(usize),
    /// Its value is null.
    Null,
    /// Its value is not in the file's dictionary.
    Absent,
}

/// The dictionary that a batch came with, and where its values are in the file's.
struct Seen {
    /// A copy of our own: the batch's memory is not held for it.
    values: ArrayData,
    targets: Vec<Target>,
}

pub struct Dictionary {
    path: Path,
    keys: DataType,
    /// Values that a key can name.
    capacity: usize,
    /// Declared as ordered by value.
    ordered: bool,
    rows: RowConverter,
    indices: HashMap<Box<[u8]>, usize>,
    seen: Option<Seen>,
    /// New values, not yet written.
    news: Vec<ArrayRef>,
    written: bool,
}

impl Dictionary {
    pub fn new(path: Path, keys: &DataType, values: &DataType, ordered: bool) -> Result<Self, Error> {
        let bits = keys.primitive_width().unwrap_or(0) * 8 - usize::from(keys.is_signed_integer());
        let field = SortField::new(values.clone());
        if !RowConverter::supports_fields(std::slice::from_ref(&field)) {
            return Err(Error::new(format!("{path}: a dictionary of {values} cannot be joined over batches")));
        }
        Ok(Self {
            path,
            keys: keys.clone(),
            capacity: 1_usize.checked_shl(bits as u32).unwrap_or(usize::MAX),
            ordered,
            rows: RowConverter::new(vec![field]).map_err(Error::new)?,
            indices: HashMap::new(),
            seen: None,
            news: Vec::new(),
            written: false,
        })
    }

    /// Takes a dictionary array; its keys, as those of the file's dictionary.
    pub fn take(&mut self, array: &dyn Array) -> Result<ArrayRef, Error> {
        let dictionary = array.as_any_dictionary();
        let values = dictionary.values();
        let mut seen = match self.seen.take() {
            Some(seen) if seen.values == values.to_data() => seen,
            _ => self.compare(values)?,
        };
        let done = self.follow(dictionary.keys(), values, &mut seen);
        self.seen = Some(seen);
        done
    }

    /// Values that the file's dictionary got since the last call, and whether they are not its first.
    pub fn news(&mut self) -> Vec<(ArrayRef, bool)> {
        let news = std::mem::take(&mut self.news).into_iter();
        news.map(|values| (values, std::mem::replace(&mut self.written, true))).collect()
    }

    /// Finds values in the file's dictionary, and adds them as long as all fit.
    fn compare(&mut self, values: &ArrayRef) -> Result<Seen, Error> {
        let rows = self.rows.convert_columns(std::slice::from_ref(values)).map_err(Error::new)?;
        let targets = rows.iter().enumerate().map(|(index, row)| match self.indices.get(row.as_ref()) {
            _ if values.is_null(index) => Target::Null,
            Some(index) => Target::Index(*index),
            None => Target::Absent,
        });
        let mut seen = Seen { values: copied(&values.to_data())?, targets: targets.collect() };
        let absent = seen.targets.iter().filter(|target| **target == Target::Absent).count();
        let all = self.indices.len() + absent <= self.capacity;
        if all && absent > 0 {
            self.add(values, &mut seen, |_| true)?;
        } else if !self.written && self.news.is_empty() {
            // A reader wants a dictionary, be it an empty one.
            self.news.push(values.slice(0, 0));
        }
        Ok(seen)
    }

    /// Gives every absent value that is wanted a place.
    fn add(&mut self, values: &ArrayRef, seen: &mut Seen, wanted: impl Fn(usize) -> bool) -> Result<(), Error> {
        if self.ordered && !self.indices.is_empty() {
            return Err(Error::new(format!(
                "{}: the dictionary is declared as ordered, and batches bring different ones, which together are not; \
                 give every batch the same dictionary, or declare it as not ordered",
                self.path
            )));
        }
        let rows = self.rows.convert_columns(std::slice::from_ref(values)).map_err(Error::new)?;
        let mut new = Vec::new();
        for (index, target) in seen.targets.iter_mut().enumerate() {
            if *target != Target::Absent || !wanted(index) {
                continue;
            }
            let next = self.indices.len();
            let place = *self.indices.entry(rows.row(index).as_ref().into()).or_insert(next);
            if place == next {
                new.push(index as u32);
            }
            *target = Target::Index(place);
        }
        if self.indices.len() > self.capacity {
            return Err(Error::new(format!(
                "{}: the dictionaries of all batches have {} values together, and a key of type {} can name {}; write it \
                 with wider keys",
                self.path,
                self.indices.len(),
                self.keys,
                self.capacity
            )));
        }
        let news = take(values, &UInt32Array::from(new), None).map_err(Error::new)?;
        self.news.push(news);
        Ok(())
    }

    fn follow(&mut self, keys: &dyn Array, values: &ArrayRef, seen: &mut Seen) -> Result<ArrayRef, Error> {
        let same = seen.targets.iter().enumerate().all(|(index, target)| *target == Target::Index(index));
        if same {
            return Ok(keys.slice(0, keys.len()));
        }
        match &self.keys {
            DataType::Int8 => self.follow_typed::<Int8Type>(keys, values, seen),
            DataType::Int16 => self.follow_typed::<Int16Type>(keys, values, seen),
            DataType::Int32 => self.follow_typed::<Int32Type>(keys, values, seen),
            DataType::Int64 => self.follow_typed::<Int64Type>(keys, values, seen),
            DataType::UInt8 => self.follow_typed::<UInt8Type>(keys, values, seen),
            DataType::UInt16 => self.follow_typed::<UInt16Type>(keys, values, seen),
            DataType::UInt32 => self.follow_typed::<UInt32Type>(keys, values, seen),
            DataType::UInt64 => self.follow_typed::<UInt64Type>(keys, values, seen),
            other => Err(Error::new(format!("{}: {other} is no type of dictionary keys", self.path))),
        }
    }

    fn follow_typed<K: ArrowPrimitiveType>(
        &mut self,
        keys: &dyn Array,
        values: &ArrayRef,
        seen: &mut Seen,
    ) -> Result<ArrayRef, Error> {
        let keys = keys.as_primitive::<K>();
        let mut used = vec![false; seen.targets.len()];
        for key in keys.iter().flatten() {
            match used.get_mut(key.as_usize()) {
                Some(used) => *used = true,
                None => {
                    return Err(Error::new(format!(
                        "{}: a key is {key:?}, and the dictionary has {} values",
                        self.path,
                        seen.targets.len()
                    )));
                }
            }
        }
        if (0..used.len()).any(|index| used[index] && seen.targets[index] == Target::Absent) {
            self.add(values, seen, |index| used[index])?;
        }
        let followed = keys.iter().map(|key| match seen.targets[key?.as_usize()] {
            Target::Index(index) => K::Native::from_usize(index),
            Target::Null | Target::Absent => None,
        });
        Ok(Arc::new(followed.collect::<PrimitiveArray<K>>()))
    }
}

/// Other memory than that of `data`.
fn copied(data: &ArrayData) -> Result<ArrayData, Error> {
    let mut copy = MutableArrayData::new(vec![data], false, data.len());
    copy.try_extend(0, 0, data.len()).map_err(Error::new)?;
    let copy = copy.freeze();
    Ok(match copy.data_type() {
        // Copied views still point into the buffers that they came with.
        DataType::Utf8View => StringViewArray::from(copy).gc().into_data(),
        DataType::BinaryView => BinaryViewArray::from(copy).gc().into_data(),
        _ => make_array(copy).to_data(),
    })
}
