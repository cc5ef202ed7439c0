use std::fmt::{self, Display};

/// Whose doing a failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The caller's: a query, option or path that cannot be.
    Misuse,
    /// The store's: damaged, or with a value that does not parse.
    Integrity,
    /// The machine's: a file that cannot be read or written.
    Io,
}

/// What went wrong, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: Kind,
    sentence: String,
}

impl Error {
    /// A failure that is the caller's doing.
    pub fn misuse(sentence: impl Into<String>) -> Self {
        Self { kind: Kind::Misuse, sentence: sentence.into() }
    }

    /// A failure that lies in the store.
    pub fn integrity(sentence: impl Into<String>) -> Self {
        Self { kind: Kind::Integrity, sentence: sentence.into() }
    }

    /// A failure of the machine.
    pub fn io(sentence: impl Into<String>) -> Self {
        Self { kind: Kind::Io, sentence: sentence.into() }
    }

    /// Whose doing it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }
}

impl Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.sentence)
    }
}

impl std::error::Error for Error {}
