//! Why a call did not do what it was asked.

use std::path::Path;
use std::{fmt, io};

use writeproof_sink::SinkError;

/// A sentence, and of what kind it is.
#[derive(Debug)]
pub enum RawError {
    /// What was asked for cannot be.
    Misuse(String),
    /// A call of the operating system failed; the errno where there is one.
    System {
        /// The sentence.
        message: String,
        /// Of the call.
        errno: Option<i32>,
    },
    /// The file changed while it was read.
    Changed(String),
    /// The caller stopped it.
    Stopped(String),
}

impl RawError {
    pub(crate) fn misuse(message: impl Into<String>) -> Self {
        Self::Misuse(message.into())
    }

    pub(crate) fn stopped() -> Self {
        Self::Stopped("stopped by the caller".to_owned())
    }

    pub(crate) fn system(what: &str, path: &Path, error: &io::Error) -> Self {
        Self::System { message: format!("{}: {what} failed: {error}", path.display()), errno: error.raw_os_error() }
    }

    /// The same, with more to say.
    pub(crate) fn and(self, more: fmt::Arguments<'_>) -> Self {
        match self {
            Self::Misuse(message) => Self::Misuse(format!("{message}; {more}")),
            Self::System { message, errno } => Self::System { message: format!("{message}; {more}"), errno },
            Self::Changed(message) => Self::Changed(format!("{message}; {more}")),
            Self::Stopped(message) => Self::Stopped(format!("{message}; {more}")),
        }
    }

    /// Of the call that failed.
    #[must_use]
    pub fn errno(&self) -> Option<i32> {
        match self {
            Self::System { errno, .. } => *errno,
            _ => None,
        }
    }
}

impl fmt::Display for RawError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misuse(message) | Self::System { message, .. } | Self::Changed(message) | Self::Stopped(message) => {
                formatter.write_str(message)
            }
        }
    }
}

impl std::error::Error for RawError {}

impl From<SinkError> for RawError {
    fn from(error: SinkError) -> Self {
        Self::System { errno: error.errno(), message: error.to_string() }
    }
}
