use std::sync::Arc;

use arrow::array::{Array, RecordBatch};
use arrow::datatypes::{Field, Schema, SchemaRef};
use napi::Result;
use napi_derive::napi;
use writeproof_digest::Digester;
use writeproof_schema::parse_type;

use crate::buffers::{ColumnBuffers, array};
use crate::{row_index, to_js};

/// Digests rows that a JavaScript reader decoded, given as plain buffers of columns.
#[napi]
pub struct ColumnDigester {
    schema: SchemaRef,
    digester: Option<Digester>,
}

#[napi]
impl ColumnDigester {
    /// `schema` is JSON: an array of `Field` of harness/types.ts. `firstRow` is the index in the whole table of the first row.
    #[napi(constructor)]
    pub fn new(schema: String, first_row: i64) -> Result<Self> {
        let facts: Vec<writeproof_schema::Field> = serde_json::from_str(&schema).map_err(to_js)?;
        let fields = facts
            .iter()
            // Nullability is the schema's matter (detector S); values are digested whatever it says.
            .map(|fact| Ok(Field::new(&fact.name, parse_type(&fact.kind).map_err(to_js)?, true)))
            .collect::<Result<Vec<_>>>()?;
        let schema = Arc::new(Schema::new(fields));
        let digester = Digester::new(&schema, row_index(first_row)?).map_err(to_js)?;
        Ok(Self { schema, digester: Some(digester) })
    }

    /// Adds the next rows: one entry for each column of the schema, all of the same length.
    #[napi]
    pub fn push(&mut self, columns: Vec<ColumnBuffers>) -> Result<()> {
        if columns.len() != self.schema.fields().len() {
            return Err(to_js(format!("expected {} columns, got {}", self.schema.fields().len(), columns.len())));
        }
        let arrays = self
            .schema
            .fields()
            .iter()
            .zip(&columns)
            .map(|(field, column)| array(field, column))
            .collect::<Result<Vec<_>>>()?;
        // Each array has a layout of its column's type, and the digest is the same for every layout.
        let fields = self.schema.fields().iter().zip(&arrays);
        let fields: Vec<_> =
            fields.map(|(field, array)| Field::new(field.name(), array.data_type().clone(), true)).collect();
        let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(to_js)?;
        self.running()?.update(&batch).map_err(to_js)
    }

    /// Ends the digest: `Digest` of harness/types.ts as JSON. Nothing can be pushed after it.
    #[napi]
    pub fn finish(&mut self) -> Result<String> {
        self.running()?;
        let digest = self.digester.take().map(Digester::finish);
        serde_json::to_string(&digest).map_err(to_js)
    }

    fn running(&mut self) -> Result<&mut Digester> {
        self.digester.as_mut().ok_or_else(|| to_js("the digest is finished: make a new ColumnDigester"))
    }
}
