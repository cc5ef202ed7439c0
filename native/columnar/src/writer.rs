//! The steps of `writeproof.h`, the same for every format.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use serde_json::{Map, Value, json};
use writeproof_abi::{ArrowArray, ArrowSchema, CreateArgs, Error, Writer};
use writeproof_writer::{Batching, Given, Imported, Output, import, import_schema, remove};

/// What a format does between a batch and its bytes.
pub trait Format: Sized {
    /// Its name in error text.
    const NAME: &'static str;
    /// What its steps fail with; a failure of the sink comes through as text, and is explained by the output.
    type Error: Display;
    /// Its own options.
    type Options;

    /// Value of `writeproof_capabilities`.
    fn capabilities() -> Value;
    /// Every option that create takes.
    fn known() -> &'static [&'static str];
    /// Reads its own options.
    fn options(given: &Given) -> Result<Self::Options, Error>;
    /// Writes the first bytes.
    fn start(options: Self::Options, nonce: &str, schema: &SchemaRef, output: &Output) -> Result<Self, Self::Error>;
    /// Takes one batch.
    fn write(&mut self, batch: RecordBatch) -> Result<(), Self::Error>;
    /// Ends a row group or message.
    fn flush(&mut self) -> Result<(), Self::Error>;
    /// Writes the last bytes, and returns what its report holds beside that of every format.
    fn finish(self) -> Result<Map<String, Value>, Self::Error>;
}

/// Writes one file.
pub struct FileWriter<F: Format> {
    target: PathBuf,
    schema: SchemaRef,
    batching: Batching,
    output: Output,
    /// None once closed or given up.
    format: Option<F>,
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

impl<F: Format> FileWriter<F> {
    /// Creates the file; `options` are those of the header.
    ///
    /// # Errors
    /// When an option is unknown or ill-typed, a type of `schema` has no place in the format, or the file cannot be made.
    pub fn open(target: &Path, options: &Map<String, Value>, nonce: &str, schema: SchemaRef) -> Result<Self, Error> {
        let given = Given::new(F::NAME, options, F::known())?;
        let (batching, sink) = (given.batching()?, given.sink()?);
        let options = F::options(&given)?;
        let output = Output::create(target, &sink)?;
        let format = F::start(options, nonce, &schema, &output).map_err(|error| {
            // The reason why it did not start says more than why the empty file stayed.
            let _ = output.take().map(remove);
            output.explain(error)
        })?;
        Ok(Self {
            target: target.to_owned(),
            schema,
            batching,
            output,
            format: Some(format),
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
        match self.batching {
            Batching::AtClose if self.format.is_some() => {
                self.held.push(step);
                Ok(())
            }
            _ => self.encode(step),
        }
    }

    fn encode(&mut self, step: Step) -> Result<(), Error> {
        let Some(format) = &mut self.format else {
            return Err(Error::new("the writer is closed or has failed; it takes no more"));
        };
        let done = match step {
            Step::Flush => format.flush(),
            Step::Batch(imported) => {
                self.rows += imported.batch.num_rows();
                self.address_fold = self.address_fold.wrapping_add(imported.address_fold);
                format.write(imported.batch)
            }
        };
        done.map_err(|error| self.output.explain(error))
    }
}

impl<F: Format> Writer for FileWriter<F> {
    fn capabilities() -> Value {
        F::capabilities()
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
        let format = self.format.take().ok_or_else(|| Error::new("the writer was closed or given up before"))?;
        let mut said = format.finish().map_err(|error| self.output.explain(error))?;
        let report = self.output.finish()?;
        self.closed = true;
        said.insert("rows".to_owned(), json!(self.rows));
        said.insert("bytes".to_owned(), json!(report.bytes));
        said.insert("writeNs".to_owned(), json!(report.write_ns));
        said.insert("addressFold".to_owned(), json!(format!("{:016x}", self.address_fold)));
        said.insert(
            "io".to_owned(),
            json!({
                "mode": report.mode.as_str(),
                "registeredBuffers": report.registered_buffers,
                "operations": report.operations,
                "shortWrites": report.short_writes,
                "notes": report.notes,
            }),
        );
        Ok(Value::Object(said))
    }

    fn abort(&mut self) -> Result<(), Error> {
        // The sink goes first, so that threads that still encode do not write any more.
        let sink = self.output.take();
        self.format = None;
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

impl<F: Format> Drop for FileWriter<F> {
    fn drop(&mut self) {
        if !self.closed {
            // Neither closed nor given up: half a file is of no use, and nobody is left to hear of an error.
            let _ = self.abort();
        }
    }
}
