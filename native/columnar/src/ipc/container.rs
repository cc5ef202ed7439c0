//! What is written, in order: the schema, dictionaries, record batches, the end.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Instant;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{Field, Schema, SchemaRef};
use arrow::ipc::writer::{DictionaryTracker, IpcDataGenerator, IpcWriteContext, IpcWriteOptions, StreamWriter};
use arrow::ipc::{Block, CompressionType, MetadataVersion};
use writeproof_abi::Error;

use super::frame;
use super::options::Kind;
use writeproof_writer::Output;

/// The output, with what the footer and the report need to know of it.
struct Tap {
    output: Output,
    position: u64,
    write_ns: u64,
    /// Bytes are dropped.
    muted: bool,
    /// Length of the header of the message that is being written; `None` before its prefix.
    header: Option<usize>,
}

impl Write for Tap {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.muted {
            return Ok(bytes.len());
        }
        if self.header.is_none() {
            // The writer of a message hands its prefix over in one piece: a marker, and the length of what follows it.
            let length = bytes.get(4..frame::PREFIX_BYTES).and_then(|length| length.try_into().ok());
            self.header = length.map(|length| i32::from_le_bytes(length) as usize + frame::PREFIX_BYTES);
        }
        let began = Instant::now();
        self.output.write_all(bytes)?;
        self.write_ns += began.elapsed().as_nanos() as u64;
        self.position += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One file or stream being written.
pub struct Container {
    kind: Kind,
    /// With dictionaries and metadata, as readers see it.
    schema: SchemaRef,
    compression: Option<CompressionType>,
    /// Knows the plain schema only, whose record batches are encoded like those of the schema.
    messages: StreamWriter<Tap>,
    dictionaries: Vec<Block>,
    batches: Vec<Block>,
}

impl Container {
    /// Writes the schema. `plain` is it with keys in the place of dictionaries.
    pub fn start(
        kind: Kind,
        compression: Option<CompressionType>,
        output: Output,
        schema: SchemaRef,
        plain: &Schema,
    ) -> Result<Self, Error> {
        let tap = Tap { output, position: 0, write_ns: 0, muted: true, header: None };
        let messages = StreamWriter::try_new_with_options(tap, plain, options(compression)?).map_err(Error::new)?;
        let mut container = Self { kind, schema, compression, messages, dictionaries: Vec::new(), batches: Vec::new() };
        let tap = container.messages.get_mut();
        tap.muted = false;
        if kind == Kind::File {
            // To the next multiple of eight, where the format has the first message begin.
            tap.write_all(&frame::MAGIC)?;
            tap.write_all(&[0; 2])?;
        }
        let message = IpcDataGenerator::default().schema_to_bytes_with_dictionary_tracker(
            &container.schema,
            &mut DictionaryTracker::new(true),
            &options(compression)?,
        );
        frame::write(tap, tap.position, &message)?;
        Ok(container)
    }

    /// Writes the values of a dictionary, or those that come to it.
    pub fn dictionary(&mut self, id: i64, values: ArrayRef, is_delta: bool) -> Result<(), Error> {
        let field = Field::new("values", values.data_type().clone(), true);
        let rows = RecordBatchOptions::new().with_row_count(Some(values.len()));
        let schema = Arc::new(Schema::new(vec![field]));
        let batch = RecordBatch::try_new_with_options(schema, vec![values], &rows).map_err(Error::new)?;
        let mut tracker = DictionaryTracker::new(true);
        let mut context = IpcWriteContext::default();
        let (_, encoded) = IpcDataGenerator::default()
            .encode(&batch, &mut tracker, &options(self.compression)?, &mut context)
            .map_err(Error::new)?;
        let message = frame::dictionary(encoded, id, is_delta).map_err(Error::new)?;
        let tap = self.messages.get_mut();
        let block = frame::write(tap, tap.position, &message)?;
        self.dictionaries.push(block);
        Ok(())
    }

    /// Writes a batch of the plain schema, from its own buffers.
    pub fn batch(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let tap = self.messages.get_mut();
        let from = tap.position;
        tap.header = None;
        self.messages.write(batch).map_err(Error::new)?;
        let tap = self.messages.get_ref();
        let header = tap.header.unwrap_or(0);
        let body = tap.position - from - header as u64;
        self.batches.push(Block::new(from as i64, header as i32, body as i64));
        Ok(())
    }

    /// Writes what ends a stream or file.
    pub fn finish(&mut self) -> Result<(), Error> {
        let tap = self.messages.get_mut();
        tap.write_all(&frame::end_of_stream())?;
        if self.kind == Kind::File {
            tap.write_all(&frame::footer(&self.schema, &self.dictionaries, &self.batches))?;
        }
        Ok(())
    }

    /// Messages of record batches, and of dictionaries, so far.
    pub fn counts(&self) -> (usize, usize) {
        (self.batches.len(), self.dictionaries.len())
    }

    /// Nanoseconds spent in the sink.
    pub fn write_ns(&self) -> u64 {
        self.messages.get_ref().write_ns
    }
}

fn options(compression: Option<CompressionType>) -> Result<IpcWriteOptions, Error> {
    IpcWriteOptions::try_new(frame::ALIGNMENT, false, MetadataVersion::V5)
        .and_then(|options| options.try_with_compression(compression))
        .map_err(Error::new)
}
