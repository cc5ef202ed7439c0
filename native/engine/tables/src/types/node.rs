//! Values of a column or of a child of one, on their way to an array.

use arrow::datatypes::{DataType, Field};

use super::draws::Draws;
use super::nulls::scattered;
use super::{numbers, text};

/// Values in the order of rows; where one is null, what was drawn lies under it.
pub(super) struct Node {
    pub(super) kind: DataType,
    pub(super) nullable: bool,
    pub(super) valid: Vec<bool>,
    pub(super) store: Store,
}

/// What the values are made of.
pub(super) enum Store {
    Bool(Vec<bool>),
    Fixed {
        width: usize,
        bytes: Vec<u8>,
    },
    /// Text or binary, and where each value ends.
    Bytes {
        ends: Vec<usize>,
        bytes: Vec<u8>,
    },
    /// Entries of a dictionary.
    Entries {
        of: u64,
        entries: Vec<u64>,
    },
    /// Lists, and maps as lists of entries; where each one's elements end.
    List {
        ends: Vec<usize>,
        child: Box<Node>,
    },
    FixedList {
        size: usize,
        child: Box<Node>,
    },
    Struct(Vec<Node>),
}

/// How many entries the dictionary of keys of this type has.
fn entries(keys: &DataType) -> u64 {
    match keys {
        DataType::Int8 => 128,
        DataType::UInt8 => 256,
        DataType::UInt16 => 40_000,
        _ => 1_000,
    }
}

impl Node {
    pub(super) fn new(kind: &DataType, nullable: bool) -> Self {
        let child = |field: &Field| Box::new(Self::new(field.data_type(), field.is_nullable()));
        let store = match kind {
            DataType::Boolean => Store::Bool(Vec::new()),
            DataType::Utf8
            | DataType::LargeUtf8
            | DataType::Utf8View
            | DataType::Binary
            | DataType::LargeBinary
            | DataType::BinaryView => Store::Bytes { ends: Vec::new(), bytes: Vec::new() },
            DataType::Dictionary(keys, _) => Store::Entries { of: entries(keys), entries: Vec::new() },
            DataType::List(field) | DataType::LargeList(field) | DataType::Map(field, _) => {
                Store::List { ends: Vec::new(), child: child(field) }
            }
            DataType::FixedSizeList(field, size) => Store::FixedList { size: *size as usize, child: child(field) },
            DataType::Struct(fields) => Store::Struct(fields.iter().map(|field| *child(field)).collect()),
            DataType::FixedSizeBinary(width) => Store::Fixed { width: *width as usize, bytes: Vec::new() },
            other => Store::Fixed { width: other.primitive_width().unwrap_or_default(), bytes: Vec::new() },
        };
        Self { kind: kind.clone(), nullable, valid: Vec::new(), store }
    }

    pub(super) fn len(&self) -> usize {
        self.valid.len()
    }

    /// Draws the value of a cell and appends it.
    pub(super) fn append_cell(&mut self, draws: &mut Draws, hidden: bool) {
        self.append(draws, hidden, text::is_long(draws.row));
    }

    fn append_child(&mut self, draws: &mut Draws) {
        let hidden = self.nullable && scattered(draws.next());
        self.append(draws, hidden, false);
    }

    fn append(&mut self, draws: &mut Draws, hidden: bool, long: bool) {
        self.valid.push(!hidden);
        match &mut self.store {
            Store::Bool(values) => values.push(draws.next() % 2 == 1),
            Store::Fixed { bytes, .. } if matches!(self.kind, DataType::FixedSizeBinary(_)) => {
                text::append_sixteen(draws, bytes);
            }
            Store::Fixed { width, bytes } => numbers::append(draws, &self.kind, *width, bytes),
            Store::Bytes { ends, bytes } => {
                if matches!(self.kind, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View) {
                    text::append_text(draws, long, bytes);
                } else {
                    text::append_binary(draws, long, bytes);
                }
                ends.push(bytes.len());
            }
            Store::Entries { of, entries } => entries.push(text::entry_of(draws.row, *of)),
            Store::List { ends, child } => {
                if matches!(self.kind, DataType::Map(..)) {
                    for place in 0..draws.below(4) {
                        child.append_entry(draws, place);
                    }
                } else {
                    for _ in 0..draws.below(5) {
                        child.append_child(draws);
                    }
                }
                ends.push(child.len());
            }
            Store::FixedList { size, child } => {
                for _ in 0..*size {
                    child.append_child(draws);
                }
            }
            Store::Struct(children) => {
                for child in children {
                    child.append_child(draws);
                }
            }
        }
    }

    /// Appends entry `place` of a map to the node of its entries.
    fn append_entry(&mut self, draws: &mut Draws, place: u64) {
        self.valid.push(true);
        let Store::Struct(children) = &mut self.store else { unreachable!("entries of a map are structs") };
        let [key, value] = &mut children[..] else { unreachable!("an entry has a key and a value") };
        key.valid.push(true);
        if let Store::Bytes { ends, bytes } = &mut key.store {
            text::append_key(draws, place, bytes);
            ends.push(bytes.len());
        }
        value.append_child(draws);
    }
}
