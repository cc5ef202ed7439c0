use napi::Result;
use napi::bindgen_prelude::Uint8Array;
use napi_derive::napi;
use writeproof_reader::{ArrowBody, ArrowNode, ArrowRows};
use writeproof_schema::schema_of;

use crate::{row_index, to_js};

/// Body of an Arrow IPC message: what the message says of its arrays, and their buffers.
#[napi(object)]
pub struct MessageBody {
    /// Rows, or values of a dictionary.
    pub length: i64,
    /// Length and null count of each array of the flattened schema, one after the other.
    pub nodes: Vec<i64>,
    /// Decompressed; read in place.
    pub buffers: Vec<Uint8Array>,
    /// Numbers of data buffers of the arrays of views.
    pub variadic: Vec<i64>,
}

impl MessageBody {
    fn read<T>(&self, read: impl FnOnce(&ArrowBody<'_>) -> T) -> T {
        let nodes = self.nodes.as_chunks().0.iter().map(|&[length, null_count]| ArrowNode { length, null_count });
        let buffers = self.buffers.iter().map(|buffer| &buffer[..]);
        read(&ArrowBody {
            length: self.length,
            nodes: nodes.collect(),
            buffers: buffers.collect(),
            variadic: self.variadic.clone(),
        })
    }
}

/// Digests rows of Arrow IPC messages that JavaScript decoded.
#[napi]
pub struct ArrowDigester(Option<ArrowRows>);

#[napi]
impl ArrowDigester {
    /// `schema` is JSON: an array of `Field` of harness/types.ts. `dictionaryIds` has an id for each dictionary of the schema,
    /// those inside of a dictionary's values behind its own. `firstRow` is the index in the whole table of the first row.
    #[napi(constructor)]
    pub fn new(schema: String, dictionary_ids: Vec<i64>, first_row: i64) -> Result<Self> {
        let fields: Vec<writeproof_schema::Field> = serde_json::from_str(&schema).map_err(to_js)?;
        let schema = schema_of(&fields).map_err(to_js)?;
        Ok(Self(Some(ArrowRows::new(&schema, dictionary_ids, row_index(first_row)?).map_err(to_js)?)))
    }

    /// Takes a dictionary: instead of what its id had, or, a delta, behind it.
    #[napi]
    pub fn dictionary(&mut self, id: i64, is_delta: bool, body: MessageBody) -> Result<()> {
        let rows = self.running()?;
        body.read(|body| rows.dictionary(id, is_delta, body)).map_err(to_js)
    }

    /// Adds the rows of a batch.
    #[napi]
    pub fn batch(&mut self, body: MessageBody) -> Result<()> {
        let rows = self.running()?;
        body.read(|body| rows.batch(body)).map_err(to_js)
    }

    /// Ends the digest: `Digest` of harness/types.ts as JSON. Nothing can be added after it.
    #[napi]
    pub fn finish(&mut self) -> Result<String> {
        self.running()?;
        let digest = self.0.take().map(ArrowRows::finish);
        serde_json::to_string(&digest).map_err(to_js)
    }

    fn running(&mut self) -> Result<&mut ArrowRows> {
        self.0.as_mut().ok_or_else(|| to_js("the digest is finished: make a new ArrowDigester"))
    }
}
