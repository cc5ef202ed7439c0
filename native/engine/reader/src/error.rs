use std::fmt;

/// Why a file could not be read: what was being done, and what the reader said.
#[derive(Debug)]
pub struct ReaderError {
    doing: String,
    reason: String,
}

impl ReaderError {
    pub(crate) fn new(doing: impl Into<String>, reason: impl fmt::Display) -> Self {
        // DuckDB has advice, and the query with a mark below it, in paragraphs of their own.
        let reason = reason.to_string();
        let sentence = reason.split("\n\n").next().unwrap_or_default();
        Self { doing: doing.into(), reason: sentence.replace('\n', " ") }
    }
}

impl fmt::Display for ReaderError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.doing, self.reason)
    }
}

impl std::error::Error for ReaderError {}
