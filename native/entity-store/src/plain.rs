//! Rows read and digested the plain way, without anything of what scans are made of: what they must give is found with it.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Float64Array, Int32Array, Int64Array, RecordBatch, StringArray,
    TimestampMicrosecondArray,
};
use arrow::datatypes::SchemaRef;
use rocksdb::{DBAccess, DBRawIteratorWithThreadMode};
use serde_json::Value;
use writeproof_digest::{DigestError, Digester, TableDigest};

use crate::columns::{COLUMNS, Kind, schema_of};
use crate::definition::{Item, Row};
use crate::encoding::Encoding;
use crate::error::Error;

/// Rows that are digested at once.
const CHUNK_ROWS: usize = 8192;

fn ill(error: DigestError) -> Error {
    Error::misuse(error.to_string())
}

/// Digests rows as they come.
pub(crate) struct PlainTable {
    columns: Vec<usize>,
    schema: SchemaRef,
    rows: Vec<Vec<Item>>,
    digester: Digester,
}

impl PlainTable {
    /// For rows with these columns, by index.
    pub fn new(columns: &[usize]) -> Result<Self, Error> {
        let schema = schema_of(columns);
        let digester = Digester::new(&schema, 0).map_err(ill)?;
        Ok(Self { columns: columns.to_vec(), schema, rows: Vec::new(), digester })
    }

    /// Adds a row, of which all columns are given.
    pub fn push(&mut self, items: &[Item]) -> Result<(), Error> {
        self.rows.push(self.columns.iter().map(|column| items[*column].clone()).collect());
        if self.rows.len() == CHUNK_ROWS { self.digest() } else { Ok(()) }
    }

    fn digest(&mut self) -> Result<(), Error> {
        let arrays = self.columns.iter().enumerate().map(|(place, column)| {
            let items: Vec<&Item> = self.rows.iter().map(|row| &row[place]).collect();
            array(COLUMNS[*column].kind, &items)
        });
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays.collect())
            .map_err(|error| Error::integrity(format!("rows do not fit their schema: {error}")))?;
        self.rows.clear();
        self.digester.update(&batch).map_err(ill)
    }

    pub fn finish(mut self) -> Result<TableDigest, Error> {
        if !self.rows.is_empty() {
            self.digest()?;
        }
        Ok(self.digester.finish())
    }
}

fn array(kind: Kind, items: &[&Item]) -> ArrayRef {
    let whole = || items.iter().map(|item| if let Item::Integer(value) = item { Some(*value) } else { None });
    let narrow = || whole().map(|value| value.map(|value| value as i32));
    match kind {
        Kind::Int64 => Arc::new(Int64Array::from_iter(whole())),
        Kind::Timestamp => Arc::new(TimestampMicrosecondArray::from_iter(whole()).with_timezone("UTC")),
        Kind::Int32 => Arc::new(Int32Array::from_iter(narrow())),
        Kind::Date32 => Arc::new(Date32Array::from_iter(narrow())),
        Kind::Float64 => Arc::new(Float64Array::from_iter(
            items.iter().map(|item| if let Item::Float(value) = item { Some(*value) } else { None }),
        )),
        Kind::Boolean => Arc::new(BooleanArray::from_iter(
            items.iter().map(|item| if let Item::Boolean(value) = item { Some(*value) } else { None }),
        )),
        Kind::Text => Arc::new(StringArray::from_iter(
            items.iter().map(|item| if let Item::Text(value) = item { Some(value) } else { None }),
        )),
    }
}

/// Digest of all live rows that an iterator gives, and their number.
pub(crate) fn digest_of_store<D: DBAccess>(
    mut iterator: DBRawIteratorWithThreadMode<'_, D>,
    encoding: Encoding,
    columns: usize,
) -> Result<TableDigest, Error> {
    let mut table = PlainTable::new(&(0..columns).collect::<Vec<_>>())?;
    iterator.seek_to_first();
    while let Some((key, value)) = iterator.item() {
        if key.starts_with(b"g") {
            let row = read(encoding, value, columns).ok_or_else(|| {
                Error::integrity(format!(
                    "the value under the key {} does not parse, read the plain way",
                    String::from_utf8_lossy(key)
                ))
            })?;
            if !row.deleted {
                table.push(&row.items)?;
            }
        }
        iterator.next();
    }
    iterator.status().map_err(|error| Error::integrity(format!("the store is damaged: {error}")))?;
    table.finish()
}

/// The row that a value holds.
pub(crate) fn read(encoding: Encoding, value: &[u8], columns: usize) -> Option<Row> {
    match encoding {
        Encoding::Json => read_json(value, columns),
        Encoding::Compact => read_compact(value, columns),
    }
}

fn read_json(value: &[u8], columns: usize) -> Option<Row> {
    let value: Value = serde_json::from_slice(value).ok()?;
    let item = |index: usize| {
        let member = &value[COLUMNS[index].name];
        Some(match (COLUMNS[index].kind, member) {
            (_, Value::Null) => Item::Null,
            (Kind::Text, _) => Item::Text(member.as_str()?.to_owned()),
            (Kind::Boolean, _) => Item::Boolean(member.as_bool()?),
            (Kind::Float64, _) => Item::Float(member.as_f64()?),
            _ => Item::Integer(member.as_i64()?),
        })
    };
    Some(Row { deleted: value["_deleted"].as_bool()?, items: (0..columns).map(item).collect::<Option<_>>()? })
}

fn read_compact(value: &[u8], columns: usize) -> Option<Row> {
    let deleted = match value.first()? {
        0xE0 => false,
        0xE1 => true,
        _ => return None,
    };
    if usize::from(*value.get(1)?) != columns {
        return None;
    }
    let (nulls, mut rest) = value[2..].split_at_checked(columns.div_ceil(8))?;
    let mut items = Vec::new();
    // Texts follow the slots: their ends are noted until then.
    let mut ends = Vec::new();
    for (index, column) in COLUMNS[..columns].iter().enumerate() {
        let is_null = nulls[index / 8] >> (index % 8) & 1 == 1;
        let width = match column.kind {
            Kind::Boolean => 1,
            Kind::Int32 | Kind::Date32 | Kind::Text => 4,
            _ => 8,
        };
        let (slot, behind) = rest.split_at_checked(width)?;
        rest = behind;
        let item = match column.kind {
            Kind::Boolean => Item::Boolean(slot[0] == 1),
            Kind::Int32 | Kind::Date32 => Item::Integer(i64::from(i32::from_le_bytes(slot.try_into().ok()?))),
            Kind::Float64 => Item::Float(f64::from_le_bytes(slot.try_into().ok()?)),
            Kind::Text => {
                ends.push((index, u32::from_le_bytes(slot.try_into().ok()?) as usize));
                Item::Text(String::new())
            }
            Kind::Int64 | Kind::Timestamp => Item::Integer(i64::from_le_bytes(slot.try_into().ok()?)),
        };
        items.push(if is_null { Item::Null } else { item });
    }
    let mut start = 0;
    for (index, end) in ends {
        let text = String::from_utf8(rest.get(start..end)?.to_vec()).ok()?;
        if items[index] != Item::Null {
            items[index] = Item::Text(text);
        }
        start = end;
    }
    (start == rest.len()).then_some(Row { deleted, items })
}
