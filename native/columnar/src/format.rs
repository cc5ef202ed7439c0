//! Parquet, as a format of the common writer.

use std::sync::Arc;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use parquet::errors::{ParquetError, Result};
use serde_json::{Map, Value, json};
use writeproof_abi::Error;

use crate::capabilities::{KNOWN, capabilities};
use crate::column::ColumnEncoder;
use crate::encoders::Encoders;
use crate::file::File;
use crate::held_types::check_types;
use crate::options::Options;
use crate::properties::properties;
use crate::row_groups::RowGroups;
use crate::writer::{FileWriter, Format};
use writeproof_writer::Given;
use writeproof_writer::Output;

/// Writes one Parquet file.
pub type ParquetWriter = FileWriter<Parquet>;

/// A Parquet file being written.
pub struct Parquet {
    row_groups: RowGroups,
    threads: usize,
}

impl Format for Parquet {
    const NAME: &'static str = "parquet";
    type Error = ParquetError;
    type Options = Options;

    fn capabilities() -> Value {
        capabilities()
    }

    fn known() -> &'static [&'static str] {
        &KNOWN
    }

    fn options(given: &Given) -> std::result::Result<Options, Error> {
        Options::read(given)
    }

    fn start(options: Options, nonce: &str, schema: &SchemaRef, output: &Output) -> Result<Self> {
        check_types(schema)?;
        let with_dictionary = Arc::new(properties(&options, nonce, true));
        let plain = Arc::new(properties(&options, nonce, false));
        let columns = schema.fields().iter();
        let columns = columns.map(|field| ColumnEncoder::new(field, options.dictionary, &with_dictionary, &plain));
        let columns = columns.collect::<Result<Vec<_>>>()?;
        let file = File::create(output.clone(), Arc::clone(schema), properties(&options, nonce, true))?;
        let encoders = Encoders::new(columns, file, options.threads)?;
        let row_groups = RowGroups::new(encoders, options.row_group_rows, options.row_group_bytes);
        Ok(Self { row_groups, threads: options.threads })
    }

    fn write(&mut self, batch: RecordBatch) -> Result<()> {
        self.row_groups.write(batch)
    }

    fn flush(&mut self) -> Result<()> {
        self.row_groups.end()
    }

    fn finish(self) -> Result<Map<String, Value>> {
        let ended = self.row_groups.finish()?;
        let mut said = Map::new();
        said.insert("encodeNs".to_owned(), json!(ended.encode_ns));
        said.insert("rowGroups".to_owned(), json!(ended.row_groups));
        said.insert("threads".to_owned(), json!(self.threads));
        said.insert("withoutDictionary".to_owned(), json!(ended.plain_columns));
        Ok(said)
    }
}
