//! The steps of `writeproof.h`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::datatypes::SchemaRef;
use serde_json::{Map, Value, json};
use writeproof_abi::{ArrowArray, ArrowSchema, CreateArgs, Error, Writer};

use crate::capabilities::capabilities;
use crate::column::ColumnEncoder;
use crate::encoders::Encoders;
use crate::file::File;
use crate::import::{Imported, import, import_schema};
use crate::options::{Batching, Options};
use crate::output::{Output, remove};
use crate::properties::properties;
use crate::row_groups::RowGroups;

/// Writes one Parquet file.
pub struct ParquetWriter {
    target: PathBuf,
    schema: SchemaRef,
    options: Options,
    output: Output,
    /// None once closed or given up.
    row_groups: Option<RowGroups>,
    /// Steps kept for close (batching at_close).
    held: Vec<Step>,
    rows: usize,
    address_fold: u64,
    closed: bool,
}

enum Step {
    Batch(Imported),
    Flush,
}

impl ParquetWriter {
    /// Creates the file; `options` are those of the header.
    ///
    /// # Errors
    /// When an option is unknown or ill-typed, a type of `schema` has no place in Parquet, or the file cannot be made.
    pub fn open(target: &Path, options: &Map<String, Value>, nonce: &str, schema: SchemaRef) -> Result<Self, Error> {
        let options = Options::read(options)?;
        let output = Output::create(target, &options)?;
        let row_groups = start(&options, nonce, &schema, &output).map_err(|error| {
            // The reason why it did not start says more than why the empty file stayed.
            let _ = output.take().map(remove);
            output.explain(error)
        })?;
        Ok(Self {
            target: target.to_owned(),
            schema,
            options,
            output,
            row_groups: Some(row_groups),
            held: Vec::new(),
            rows: 0,
            address_fold: 0,
            closed: false,
        })
    }

    /// Schema of every batch.
    #[must_use]
    pub fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    /// Takes a batch that was imported.
    ///
    /// # Errors
    /// When it cannot be encoded or written.
    pub fn take(&mut self, imported: Imported) -> Result<(), Error> {
        self.step(Step::Batch(imported))
    }

    fn step(&mut self, step: Step) -> Result<(), Error> {
        if self.row_groups.is_none() {
            return Err(Error::new("the writer is closed or has failed; it takes no more"));
        }
        match self.options.batching {
            Batching::PerBatch => self.encode(step),
            Batching::AtClose => {
                self.held.push(step);
                Ok(())
            }
        }
    }

    fn encode(&mut self, step: Step) -> Result<(), Error> {
        let Some(row_groups) = &mut self.row_groups else {
            return Err(Error::new("the writer is closed or has failed; it takes no more"));
        };
        let done = match step {
            Step::Flush => row_groups.end(),
            Step::Batch(imported) => {
                self.rows += imported.batch.num_rows();
                self.address_fold = self.address_fold.wrapping_add(imported.address_fold);
                row_groups.write(imported.batch)
            }
        };
        done.map_err(|error| self.output.explain(error))
    }
}

fn start(options: &Options, nonce: &str, schema: &SchemaRef, output: &Output) -> parquet::errors::Result<RowGroups> {
    let with_dictionary = Arc::new(properties(options, nonce, true));
    let plain = Arc::new(properties(options, nonce, false));
    let columns = schema.fields().iter();
    let columns = columns.map(|field| ColumnEncoder::new(field, options.dictionary, &with_dictionary, &plain));
    let columns = columns.collect::<parquet::errors::Result<Vec<_>>>()?;
    let file = File::create(output.clone(), Arc::clone(schema), properties(options, nonce, true))?;
    let encoders = Encoders::new(columns, file, options.threads)?;
    Ok(RowGroups::new(encoders, options.row_group_rows, options.row_group_bytes))
}

impl Writer for ParquetWriter {
    fn capabilities() -> Value {
        capabilities()
    }

    fn create(args: &CreateArgs) -> Result<Self, Error> {
        // SAFETY: the header asks for a valid schema during create.
        let schema = unsafe { import_schema(args.schema)? };
        Self::open(&args.target, &args.options, &args.nonce, schema)
    }

    unsafe fn write_batch(&mut self, array: *mut ArrowArray, schema: *mut ArrowSchema) -> Result<(), Error> {
        // SAFETY: the header asks for valid structs and gives them away.
        let imported = unsafe { import(array, schema, &self.schema)? };
        self.take(imported)
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.step(Step::Flush)
    }

    fn close(&mut self) -> Result<Value, Error> {
        for step in std::mem::take(&mut self.held) {
            self.encode(step)?;
        }
        let row_groups =
            self.row_groups.take().ok_or_else(|| Error::new("the writer was closed or given up before"))?;
        let ended = row_groups.finish().map_err(|error| self.output.explain(error))?;
        let report = self.output.finish()?;
        self.closed = true;
        Ok(json!({
            "rows": self.rows,
            "bytes": report.bytes,
            "encodeNs": ended.encode_ns,
            "writeNs": report.write_ns,
            "addressFold": format!("{:016x}", self.address_fold),
            "rowGroups": ended.row_groups,
            "threads": self.options.threads,
            "withoutDictionary": ended.plain_columns,
            "io": {
                "mode": report.mode.as_str(),
                "registeredBuffers": report.registered_buffers,
                "operations": report.operations,
                "shortWrites": report.short_writes,
                "notes": report.notes,
            },
        }))
    }

    fn abort(&mut self) -> Result<(), Error> {
        // The sink goes first, so that threads that still encode do not write any more.
        let sink = self.output.take();
        self.row_groups = None;
        self.held.clear();
        match sink {
            Some(sink) => remove(sink),
            None if self.closed => {
                self.closed = false;
                Ok(std::fs::remove_file(&self.target)?)
            }
            None => Ok(()),
        }
    }
}

impl Drop for ParquetWriter {
    fn drop(&mut self) {
        if !self.closed {
            // Neither closed nor given up: half a file is of no use, and nobody is left to hear of an error.
            let _ = self.abort();
        }
    }
}
