//! The handle through which encoded bytes reach the sink.

use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use writeproof_abi::Error;
use writeproof_sink::{Options, Report, Sink, SinkError};

/// A sink that can be taken away from those who write to it: arrow-rs' file writer gives its own back only after writing
/// a footer, and giving up must not write one.
#[derive(Clone)]
pub struct Output(Arc<Mutex<State>>);

struct State {
    sink: Option<Sink>,
    /// The first failure of the sink: arrow-rs passes errors on as text, without the errno.
    failure: Option<(Option<i32>, String)>,
}

impl Output {
    /// Creates the file.
    ///
    /// # Errors
    /// As [`Sink::create`].
    pub fn create(target: &Path, options: &Options) -> Result<Self, Error> {
        let sink = Sink::create(target, options).map_err(|error| sink_error(&error))?;
        Ok(Self(Arc::new(Mutex::new(State { sink: Some(sink), failure: None }))))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the sink away; later writes fail.
    #[must_use]
    pub fn take(&self) -> Option<Sink> {
        self.state().sink.take()
    }

    /// Ends the file.
    ///
    /// # Errors
    /// When what is left cannot be written, or the file was ended before.
    pub fn finish(&self) -> Result<Report, Error> {
        let sink = self.take().ok_or_else(|| Error::new("the file has been ended before"))?;
        sink.finish().map_err(|error| sink_error(&error))
    }

    /// The error to report for a failed step: the sink's own, where there is one.
    pub fn explain(&self, error: impl std::fmt::Display) -> Error {
        match &self.state().failure {
            Some((Some(errno), message)) => Error::with_errno(*errno, message),
            Some((None, message)) => Error::new(message),
            None => Error::new(error),
        }
    }

    fn run<T>(&self, step: impl FnOnce(&mut Sink) -> io::Result<T>) -> io::Result<T> {
        let mut state = self.state();
        let sink = state.sink.as_mut().ok_or_else(|| io::Error::other("the writer has given up"))?;
        step(sink).inspect_err(|error| {
            let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<SinkError>());
            let errno = error.raw_os_error().or_else(|| inner.and_then(SinkError::errno));
            if error.kind() != io::ErrorKind::Interrupted && state.failure.is_none() {
                state.failure = Some((errno, error.to_string()));
            }
        })
    }
}

fn sink_error(error: &SinkError) -> Error {
    match error.errno() {
        Some(errno) => Error::with_errno(errno, error),
        None => Error::new(error),
    }
}

/// Removes the file of a sink that was taken.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(sink: Sink) -> Result<(), Error> {
    sink.abort().map_err(|error| sink_error(&error))
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.run(|sink| sink.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.run(Write::flush)
    }
}
