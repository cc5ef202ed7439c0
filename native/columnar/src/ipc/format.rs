//! Arrow IPC, as a format of the common writer.

use std::sync::Arc;
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use serde_json::{Map, Value, json};
use writeproof_abi::{Error, NONCE_KEY};

use super::capabilities::{KNOWN, capabilities};
use super::container::Container;
use super::gather::Gather;
use super::options::Options;
use super::plain::Plain;
use crate::writer::{FileWriter, Format};
use writeproof_writer::Given;
use writeproof_writer::Output;

/// Writes one Arrow IPC file or stream.
pub type ArrowWriter = FileWriter<Arrow>;

/// An Arrow IPC file being written.
pub struct Arrow {
    plain: Plain,
    gather: Gather,
    container: Container,
    busy_ns: u64,
}

impl Arrow {
    /// Runs a step on the clock.
    fn timed(&mut self, step: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        let began = Instant::now();
        let done = step(self);
        self.busy_ns += began.elapsed().as_nanos() as u64;
        done
    }

    fn message(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        for (id, values, is_delta) in self.plain.news()? {
            self.container.dictionary(id, values, is_delta)?;
        }
        self.container.batch(batch)
    }

    fn end_message(&mut self) -> Result<(), Error> {
        match self.gather.end().map_err(Error::new)? {
            Some(message) => self.message(&message),
            None => Ok(()),
        }
    }
}

impl Format for Arrow {
    const NAME: &'static str = "arrow";
    type Error = Error;
    type Options = Options;

    fn capabilities() -> Value {
        capabilities()
    }

    fn known() -> &'static [&'static str] {
        &KNOWN
    }

    fn options(given: &Given) -> Result<Options, Error> {
        Options::read(given)
    }

    fn start(options: Options, nonce: &str, schema: &SchemaRef, output: &Output) -> Result<Self, Error> {
        let mut metadata = schema.metadata().clone();
        metadata.insert(NONCE_KEY.to_owned(), nonce.to_owned());
        let named = Arc::new(Schema::new_with_metadata(schema.fields().clone(), metadata));
        let plain = Plain::new(schema)?;
        let container = Container::start(options.kind, options.compression, output.clone(), named, plain.schema())?;
        Ok(Self { plain, gather: Gather::new(options.message_rows), container, busy_ns: 0 })
    }

    fn write(&mut self, batch: RecordBatch) -> Result<(), Error> {
        self.timed(|arrow| {
            let mut from = 0;
            loop {
                // Cut first: what a cut leaves out of a piece is not written with it.
                let rows = arrow.gather.fitting(batch.num_rows() - from);
                let piece = arrow.plain.batch(&batch.slice(from, rows))?;
                if let Some(message) = arrow.gather.take(piece).map_err(Error::new)? {
                    arrow.message(&message)?;
                }
                from += rows;
                if from == batch.num_rows() {
                    return Ok(());
                }
            }
        })
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.timed(Self::end_message)
    }

    fn finish(mut self) -> Result<Map<String, Value>, Error> {
        self.timed(|arrow| {
            arrow.end_message()?;
            arrow.container.finish()
        })?;
        let (messages, dictionary_messages) = self.container.counts();
        let mut said = Map::new();
        said.insert("encodeNs".to_owned(), json!(self.busy_ns.saturating_sub(self.container.write_ns())));
        said.insert("messages".to_owned(), json!(messages));
        said.insert("dictionaryMessages".to_owned(), json!(dictionary_messages));
        Ok(said)
    }
}
