//! A writer in Rust behind `writeproof.h`: Parquet by arrow-rs' own `ArrowWriter`, batch by batch.

use std::fs::{self, File};
use std::path::PathBuf;
use std::ptr;
use std::sync::Arc;

use arrow::array::{RecordBatch, StructArray};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use serde_json::{Value, json};
use writeproof_abi::{ArrowArray, ArrowSchema, CreateArgs, Error, NONCE_KEY, Writer, export_writer};

struct ExampleWriter {
    target: PathBuf,
    schema: SchemaRef,
    /// Gone once it is closed.
    writer: Option<ArrowWriter<File>>,
    rows: usize,
}

export_writer!(ExampleWriter);

/// Sent with every create, whatever a writer declares.
const ALWAYS_SENT: [&str; 4] = ["variant", "batching", "io", "threads"];

fn compression(name: &str) -> Result<Compression, Error> {
    match name {
        "none" => Ok(Compression::UNCOMPRESSED),
        "snappy" => Ok(Compression::SNAPPY),
        "zstd" => Ok(Compression::ZSTD(ZstdLevel::default())),
        other => Err(Error::new(format!("compression is {other:?}: expected none, snappy or zstd"))),
    }
}

fn failed(what: &str) -> impl Fn(ParquetError) -> Error {
    move |error| Error::new(format!("{what}: {error}"))
}

impl ExampleWriter {
    fn open(&mut self) -> Result<&mut ArrowWriter<File>, Error> {
        self.writer.as_mut().ok_or_else(|| Error::new("the file is closed"))
    }
}

impl Writer for ExampleWriter {
    fn capabilities() -> Value {
        json!({
            "name": "example", "version": env!("CARGO_PKG_VERSION"), "format": "parquet", "extension": "parquet",
            "variants": ["accumulate", "stream", "zero-copy"], "batching": ["per_batch"],
            "options": {
                "compression": {"default": "snappy", "values": ["none", "snappy", "zstd"], "help": "codec of the pages"}
            }
        })
    }

    fn create(args: &CreateArgs) -> Result<Self, Error> {
        let mut codec = "snappy";
        for (name, value) in &args.options {
            match name.as_str() {
                "compression" => codec = value.as_str().unwrap_or_default(),
                name if ALWAYS_SENT.contains(&name) => {}
                other => return Err(Error::new(format!("there is no option {other:?}: expected compression"))),
            }
        }
        // SAFETY: create's schema is valid for the call, and `FFI_ArrowSchema` has the layout of the C struct.
        let given = unsafe { &*args.schema.cast::<FFI_ArrowSchema>() };
        let given = Schema::try_from(given).map_err(|error| Error::new(format!("the schema: {error}")))?;
        let schema = Arc::new(given);
        let properties = WriterProperties::builder()
            .set_compression(compression(codec)?)
            .set_key_value_metadata(Some(vec![KeyValue::new(NONCE_KEY.to_owned(), args.nonce.clone())]))
            .build();
        let file = File::create_new(&args.target).map_err(|error| {
            Error::with_errno(error.raw_os_error().unwrap_or(-1), format!("{}: {error}", args.target.display()))
        })?;
        let writer = ArrowWriter::try_new(file, Arc::clone(&schema), Some(properties)).map_err(|error| {
            // Nobody calls abort on a writer that was never made.
            let _ = fs::remove_file(&args.target);
            failed("the schema")(error)
        })?;
        Ok(Self { target: args.target.clone(), schema, writer: Some(writer), rows: 0 })
    }

    unsafe fn write_batch(&mut self, array: *mut ArrowArray, schema: *mut ArrowSchema) -> Result<(), Error> {
        // SAFETY: both are ours from here on; arrow-rs releases each once. The layouts are those of the C structs.
        let (array, schema) =
            unsafe { (ptr::read(array.cast::<FFI_ArrowArray>()), ptr::read(schema.cast::<FFI_ArrowSchema>())) };
        // SAFETY: made by the caller as the C Data Interface asks.
        let data = unsafe { from_ffi(array, &schema) }.map_err(|error| Error::new(format!("a batch: {error}")))?;
        let columns = StructArray::from(data).into_parts().1;
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(|error| Error::new(error))?;
        self.rows += batch.num_rows();
        self.open()?.write(&batch).map_err(failed("a batch"))
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.open()?.flush().map_err(failed("ending a row group"))
    }

    fn close(&mut self) -> Result<Value, Error> {
        let writer = self.writer.take().ok_or_else(|| Error::new("the file is closed"))?;
        writer.close().map_err(failed("the footer"))?;
        Ok(json!({"rows": self.rows}))
    }

    fn abort(&mut self) -> Result<(), Error> {
        self.writer = None;
        fs::remove_file(&self.target).map_err(|error| Error::new(format!("{}: {error}", self.target.display())))
    }
}
