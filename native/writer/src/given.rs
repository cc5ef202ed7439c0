//! Options read from JSON strictly: what is unknown or ill-typed is refused, and the writer is named.

use serde_json::{Map, Value};
use writeproof_abi::Error;
use writeproof_sink::{Io, Queue};

/// Who keeps the batches until close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Batching {
    /// Each batch is encoded as it comes.
    PerBatch,
    /// Batches are held, and encoded at close.
    AtClose,
}

/// What create was given.
pub struct Given<'a> {
    writer: &'static str,
    options: &'a Map<String, Value>,
}

impl<'a> Given<'a> {
    /// Refuses options that are not `known`, and a variant that is no text: its meaning is in the other options.
    ///
    /// # Errors
    /// As said.
    pub fn new(writer: &'static str, options: &'a Map<String, Value>, known: &[&str]) -> Result<Self, Error> {
        if let Some(unknown) = options.keys().find(|name| !known.contains(&name.as_str())) {
            return Err(Error::new(format!(
                "the {writer} writer has no option {unknown:?}; it knows {}",
                known.join(", ")
            )));
        }
        let given = Self { writer, options };
        given.text("variant", "")?;
        Ok(given)
    }

    /// A sentence about a value that cannot be.
    #[must_use]
    pub fn ill(&self, name: &str, actual: impl std::fmt::Display, expected: &str) -> Error {
        Error::new(format!("option {name} of the {} writer is {actual}; expected {expected}", self.writer))
    }

    /// Text.
    ///
    /// # Errors
    /// When it is of another type.
    pub fn text(&self, name: &str, default: &'a str) -> Result<&'a str, Error> {
        match self.options.get(name) {
            None => Ok(default),
            Some(Value::String(text)) => Ok(text),
            Some(other) => Err(self.ill(name, other, "text")),
        }
    }

    /// A boolean, or a word for a third setting.
    ///
    /// # Errors
    /// When it is neither.
    pub fn switch(&self, name: &str, default: &str) -> Result<String, Error> {
        match self.options.get(name) {
            None => Ok(default.to_owned()),
            Some(Value::Bool(on)) => Ok(on.to_string()),
            Some(_) => self.text(name, "").map(str::to_owned),
        }
    }

    /// A whole number of at least `least`.
    ///
    /// # Errors
    /// When it is none, or smaller.
    pub fn whole(&self, name: &str, default: usize, least: usize) -> Result<usize, Error> {
        match self.options.get(name) {
            None => Ok(default),
            Some(value) => value
                .as_u64()
                .and_then(|number| usize::try_from(number).ok())
                .filter(|number| *number >= least)
                .ok_or_else(|| self.ill(name, value, &format!("a whole number of at least {least}"))),
        }
    }

    /// `batching`.
    ///
    /// # Errors
    /// When it is another word.
    pub fn batching(&self) -> Result<Batching, Error> {
        match self.text("batching", "per_batch")? {
            "per_batch" => Ok(Batching::PerBatch),
            "at_close" => Ok(Batching::AtClose),
            other => Err(self.ill("batching", other, "per_batch or at_close")),
        }
    }

    /// `io`, `queue`, `bufferBytes` and `buffers`.
    ///
    /// # Errors
    /// When one of them is none of its values.
    pub fn sink(&self) -> Result<writeproof_sink::Options, Error> {
        Ok(writeproof_sink::Options {
            io: match self.text("io", "buffered")? {
                "buffered" => Io::Buffered,
                "direct" => Io::Direct,
                other => return Err(self.ill("io", other, "buffered or direct")),
            },
            queue: match self.text("queue", "auto")? {
                "auto" => Queue::Auto,
                "io_uring" => Queue::IoUring,
                "pwrite" => Queue::Pwrite,
                other => return Err(self.ill("queue", other, "auto, io_uring or pwrite")),
            },
            buffer_bytes: self.whole("bufferBytes", 1 << 20, 4096)?,
            buffers: self.whole("buffers", 8, 1)?,
            ..writeproof_sink::Options::default()
        })
    }
}
