//! Rows of Arrow IPC messages that another implementation decoded, digested where their buffers are.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr::NonNull;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions, make_array};
use arrow::buffer::Buffer;
use arrow::compute::concat;
use arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use writeproof_digest::{Digester, TableDigest};

use crate::ReaderError;
use crate::arrow_parts::{ArrowNode, Parts, dictionaries_in};

/// The body of one message, its buffers decompressed.
#[derive(Debug, Default)]
pub struct ArrowBody<'a> {
    /// Rows, or values of a dictionary.
    pub length: i64,
    /// Arrays in the order of the flattened schema.
    pub nodes: Vec<ArrowNode>,
    /// Their buffers.
    pub buffers: Vec<&'a [u8]>,
    /// Numbers of data buffers of the arrays of views.
    pub variadic: Vec<i64>,
}

/// A dictionary as the schema names it.
struct Declared {
    values: DataType,
    /// Dictionaries inside of its values.
    inner_ids: Vec<i64>,
}

/// Digests batches and keeps the dictionaries that they need.
pub struct ArrowRows {
    schema: SchemaRef,
    dictionary_ids: Vec<i64>,
    declared: HashMap<i64, Declared>,
    dictionaries: HashMap<i64, ArrayRef>,
    digester: Digester,
}

fn failed(reason: impl std::fmt::Display) -> ReaderError {
    ReaderError::new("digesting it", reason)
}

/// Adds the dictionaries that a type names; `ids` loses theirs.
fn declare(of: &DataType, ids: &mut &[i64], declared: &mut HashMap<i64, Declared>) -> Result<(), ReaderError> {
    if let DataType::Dictionary(_, values) = of {
        let (id, rest) = ids.split_first().ok_or_else(|| failed("the schema has more dictionaries than ids"))?;
        *ids = rest;
        let inner_ids =
            rest.get(..dictionaries_in(values)).ok_or_else(|| failed("the schema has more dictionaries than ids"))?;
        let same = declared.get(id).is_none_or(|before| before.values == **values);
        if !same {
            return Err(failed(format!("dictionary {id} has values of two types")));
        }
        declared.insert(*id, Declared { values: (**values).clone(), inner_ids: inner_ids.to_vec() });
        return declare(values, ids, declared);
    }
    for child in crate::arrow_parts::children_of(of) {
        declare(child, ids, declared)?;
    }
    Ok(())
}

impl ArrowRows {
    /// `dictionary_ids` are those of the schema's dictionaries, each before those inside of its values; `first_row` is the index
    /// in the whole table of the first row that will come.
    ///
    /// # Errors
    /// When a type has no digest, or there are not as many ids as dictionaries.
    pub fn new(schema: &Schema, dictionary_ids: Vec<i64>, first_row: u64) -> Result<Self, ReaderError> {
        // Nullability is the schema's matter (detector S); values are digested whatever it says.
        let fields = schema.fields().iter().map(|field| Field::new(field.name(), field.data_type().clone(), true));
        let schema = Arc::new(Schema::new(fields.collect::<Vec<_>>()));
        let mut declared = HashMap::new();
        let mut ids = &dictionary_ids[..];
        for field in schema.fields() {
            declare(field.data_type(), &mut ids, &mut declared)?;
        }
        if !ids.is_empty() {
            return Err(failed(format!("the schema has {} dictionaries fewer than ids", ids.len())));
        }
        let digester = Digester::new(&schema, first_row).map_err(failed)?;
        Ok(Self { schema, dictionary_ids, declared, dictionaries: HashMap::new(), digester })
    }

    /// Takes a dictionary: instead of what its id had, or, a delta, behind it.
    ///
    /// # Errors
    /// When the schema has no such dictionary, or its values are malformed.
    pub fn dictionary(&mut self, id: i64, is_delta: bool, body: &ArrowBody<'_>) -> Result<(), ReaderError> {
        let named = |reason: String| failed(format!("dictionary {id}: {reason}"));
        let Declared { values, inner_ids } =
            self.declared.get(&id).ok_or_else(|| named("the schema does not name it".to_owned()))?;
        // Kept beyond this call, so copied.
        let buffers: Vec<Buffer> = body.buffers.iter().map(|bytes| Buffer::from(*bytes)).collect();
        let arrays =
            guarded(|| arrays(body, &buffers, [values].into_iter(), inner_ids, &self.dictionaries)).map_err(named)?;
        let [new] = &arrays[..] else { return Err(named("it has no values".to_owned())) };
        let whole = match self.dictionaries.get(&id) {
            Some(before) if is_delta => concat(&[before, new]).map_err(|error| named(error.to_string()))?,
            None if is_delta => return Err(named("a delta came before it".to_owned())),
            _ => new.clone(),
        };
        self.dictionaries.insert(id, whole);
        Ok(())
    }

    /// Digests the rows of a batch.
    ///
    /// # Errors
    /// When the message is no batch of the schema, or its buffers are malformed; no more rows can be taken then.
    pub fn batch(&mut self, body: &ArrowBody<'_>) -> Result<(), ReaderError> {
        let owner = Arc::new(());
        let buffers: Vec<Buffer> = body.buffers.iter().map(|bytes| borrowed(bytes, &owner)).collect();
        let types = self.schema.fields().iter().map(|field| field.data_type());
        let outcome = guarded(|| {
            let arrays = arrays(body, &buffers, types, &self.dictionary_ids, &self.dictionaries)?;
            let rows = usize::try_from(body.length).map_err(|_| format!("a batch of {} rows", body.length))?;
            let options = RecordBatchOptions::new().with_row_count(Some(rows));
            let batch = RecordBatch::try_new_with_options(self.schema.clone(), arrays, &options)
                .map_err(|error| error.to_string())?;
            self.digester.update(&batch).map_err(|error| error.to_string())
        });
        drop(buffers);
        // What is borrowed must be gone with this call; a digest that kept some would read freed memory.
        assert_eq!(Arc::strong_count(&owner), 1, "borrowed buffers outlive their batch");
        outcome.map_err(failed)
    }

    /// Digest of all rows that came.
    pub fn finish(self) -> TableDigest {
        self.digester.finish()
    }
}

/// A buffer that points at the bytes.
fn borrowed(bytes: &[u8], owner: &Arc<()>) -> Buffer {
    let Some(start) = NonNull::new(bytes.as_ptr().cast_mut()).filter(|_| !bytes.is_empty()) else {
        return Buffer::from(&[]);
    };
    // SAFETY: the bytes are readable for the length of `batch`, and `batch` ends only when every buffer that points at them is
    // gone, which the count of owners proves.
    unsafe { Buffer::from_custom_allocation(start, bytes.len(), owner.clone()) }
}

/// The result, or the text of a panic: no data may end the process.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(format!("malformed data: {}", text.unwrap_or("they cannot be read")))
    })
}

/// The arrays of a message, all of its length.
fn arrays<'t>(
    body: &ArrowBody<'_>,
    buffers: &[Buffer],
    types: impl Iterator<Item = &'t DataType>,
    dictionary_ids: &[i64],
    dictionaries: &HashMap<i64, ArrayRef>,
) -> Result<Vec<ArrayRef>, String> {
    let mut parts = Parts { nodes: &body.nodes, buffers, variadic: &body.variadic, dictionary_ids, dictionaries };
    let mut arrays = Vec::new();
    for (column, of) in types.enumerate() {
        let data = parts.array(of).map_err(|reason| format!("column {}: {reason}", column + 1))?;
        if i64::try_from(data.len()) != Ok(body.length) {
            return Err(format!("column {}: {} values in a message of {}", column + 1, data.len(), body.length));
        }
        arrays.push(make_array(data));
    }
    parts.end()?;
    Ok(arrays)
}
