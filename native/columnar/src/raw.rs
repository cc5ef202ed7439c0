//! Raw bytes, as a format of the common writer: the values of one column of binary, one behind the other, and nothing else.

use std::io::Write;

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, SchemaRef};
use serde_json::{Map, Value, json};
use writeproof_abi::Error;
use writeproof_writer::{Given, Output};

use crate::writer::{FileWriter, Format};

/// Writes one file of raw bytes.
pub type RawWriter = FileWriter<Raw>;

/// A file of raw bytes being written.
pub struct Raw {
    output: Output,
}

impl Format for Raw {
    const NAME: &'static str = "raw";
    type Error = Error;
    type Options = ();

    fn capabilities() -> Value {
        json!({
            "name": "raw",
            "version": env!("CARGO_PKG_VERSION"),
            "format": "raw",
            "extension": "bin",
            "variants": ["accumulate", "stream", "zero-copy", "direct"],
            "batching": ["per_batch", "at_close"],
            "options": {
                "bufferBytes": { "default": 1 << 20, "help": "size of one buffer of the sink, bytes" },
                "buffers": { "default": 8, "help": "buffers of the sink that may be in flight (io direct)" },
                "queue": {
                    "default": "auto", "values": ["auto", "io_uring", "pwrite"],
                    "help": "how buffers are written (io direct)",
                },
            },
        })
    }

    fn known() -> &'static [&'static str] {
        &["variant", "batching", "io", "threads", "bufferBytes", "buffers", "queue"]
    }

    fn options(_given: &Given) -> Result<(), Error> {
        Ok(())
    }

    /// The nonce has no place in raw bytes: that they are of this run shows in when the file was made.
    fn start((): (), _nonce: &str, schema: &SchemaRef, output: &Output) -> Result<Self, Error> {
        match schema.fields().as_ref() {
            [field] if *field.data_type() == DataType::Binary && !field.is_nullable() => {
                Ok(Self { output: output.clone() })
            }
            fields => Err(Error::new(format!(
                "the raw writer takes one required column of binary, as the table raw has, not {} columns: {}",
                fields.len(),
                fields
                    .iter()
                    .map(|field| format!("{} {}", field.name(), field.data_type()))
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
        }
    }

    fn write(&mut self, batch: RecordBatch) -> Result<(), Error> {
        let column = batch.column(0).as_binary::<i32>();
        if column.null_count() > 0 {
            return Err(Error::new(format!("column {} is required and has nulls", batch.schema().field(0).name())));
        }
        let offsets = column.value_offsets();
        let (first, last) = (offsets[0] as usize, offsets[offsets.len() - 1] as usize);
        self.output.write_all(&column.value_data()[first..last]).map_err(Error::new)
    }

    /// There is nothing to end.
    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn finish(self) -> Result<Map<String, Value>, Error> {
        Ok(Map::new())
    }
}
