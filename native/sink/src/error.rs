//! A failure with everything that a reader of the message needs: file, step, offset, reason.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fmt, io};

/// A failed step of a sink.
#[derive(Debug)]
pub struct SinkError {
    /// The file.
    pub path: PathBuf,
    /// The step that failed: `create`, `pwrite`, `io_uring write`, `truncate`, `close`, …
    pub operation: &'static str,
    /// Offset in the file at which it failed, bytes.
    pub offset: u64,
    /// The reason.
    pub source: io::Error,
}

impl SinkError {
    /// The errno of the call that failed; `None` where no call failed but the sink refused.
    #[must_use]
    pub fn errno(&self) -> Option<i32> {
        self.source.raw_os_error()
    }

    /// Looks for a sink's failure behind an error of a format library, which wraps what [`std::io::Write`] returned.
    #[must_use]
    pub fn find<'error>(error: &'error (dyn Error + 'static)) -> Option<&'error Self> {
        let mut current = Some(error);
        while let Some(error) = current {
            if let Some(found) = error.downcast_ref::<Self>() {
                return Some(found);
            }
            // io::Error::source skips the error that it holds and names that one's source.
            current = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
                Some(inner) => Some(inner),
                None => error.source(),
            };
        }
        None
    }

    /// The same failure again, for a caller who goes on after it.
    pub(crate) fn again(&self) -> Self {
        Self { path: self.path.clone(), operation: self.operation, offset: self.offset, source: repeat(&self.source) }
    }
}

impl fmt::Display for SinkError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, operation, offset, source } = self;
        write!(formatter, "{}: {operation} failed at byte {offset}: {source}", path.display())
    }
}

impl Error for SinkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

impl From<SinkError> for io::Error {
    fn from(error: SinkError) -> Self {
        // Callers repeat what was interrupted, without end; whatever was worth repeating has been repeated here.
        let kind = match error.source.kind() {
            io::ErrorKind::Interrupted => io::ErrorKind::Other,
            kind => kind,
        };
        Self::new(kind, error)
    }
}

/// A failure that does not know its file yet.
#[derive(Debug)]
pub(crate) struct Failure {
    pub operation: &'static str,
    pub offset: u64,
    pub source: io::Error,
}

impl Failure {
    pub fn new(operation: &'static str, offset: u64, source: io::Error) -> Self {
        Self { operation, offset, source }
    }

    pub fn again(&self) -> Self {
        Self { operation: self.operation, offset: self.offset, source: repeat(&self.source) }
    }

    pub fn of(self, path: &Path) -> SinkError {
        SinkError { path: path.to_owned(), operation: self.operation, offset: self.offset, source: self.source }
    }
}

/// [`io::Error`] is not `Clone`; errno or kind and text are what it consists of.
fn repeat(error: &io::Error) -> io::Error {
    error.raw_os_error().map_or_else(|| io::Error::new(error.kind(), error.to_string()), io::Error::from_raw_os_error)
}
