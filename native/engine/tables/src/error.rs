use std::fmt;
use std::path::Path;

/// Why a table could not be made or read: one sentence that names the thing, what was expected and what was found.
#[derive(Debug)]
pub struct SourceError {
    message: String,
    errno: Option<i32>,
}

impl SourceError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), errno: None }
    }

    /// A failed call on a file.
    pub(crate) fn file(what: &str, path: &Path, source: &std::io::Error) -> Self {
        Self { message: format!("cannot {what} {}: {source}", path.display()), errno: source.raw_os_error() }
    }

    /// The errno of the call that failed, where one did.
    pub fn errno(&self) -> Option<i32> {
        self.errno
    }
}

impl fmt::Display for SourceError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for SourceError {}

impl From<arrow::error::ArrowError> for SourceError {
    fn from(error: arrow::error::ArrowError) -> Self {
        Self::new(error.to_string())
    }
}
