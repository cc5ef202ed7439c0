//! The faults, by name.

use arrow::datatypes::Schema;
use writeproof_abi::Error;

use crate::batches::{Change, FAULTS};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing: the control.
    None,
    /// Every call succeeds, and no file is made.
    DropEverything,
    /// All data are written, and then a footer that lists no row group.
    EmptyValid,
    /// The last batch that has rows is not written.
    DropLastBatch,
    /// A value of the first column becomes null; the file declares that column as nullable.
    NullValue,
    /// A value of one column becomes that of another row.
    ValueChanged,
    /// A file of these very rows that carries the nonce of another run.
    StaleFile,
    /// A byte is appended after close has returned.
    LateWrite,
    /// The largest value that the statistics of one column chunk admit to is the smallest one.
    StatsLie,
    /// Each batch takes longer by a share; nothing is damaged.
    Slow,
    /// An Arrow IPC file.
    WrongFormat,
    /// The footer claims one row more than there is.
    CountLie,
    /// The writer is created and closed; batches are counted and released, and none is looked at.
    AckOnly,
    /// The writer is created and never called; the rows go to a file of another format under its name.
    NeverCalled,
    /// Nulls become zeros, false and empty text.
    NullLost,
    /// The null bitmap of a slice is read from its first bit, whatever the slice's offset.
    ValidityOffset,
    /// All is written as it should be, and then close fails.
    CloseErrorIgnored,
    /// The process ends, as if all were well, before all is written.
    FailedButTimed,
    /// The page cache is used where O_DIRECT was asked for.
    DirectDowngraded,
    /// One of [`FAULTS`], by its name.
    OfBatches(&'static str),
}

const NAMES: [(&str, Fault); 19] = [
    ("none", Fault::None),
    ("drop-everything", Fault::DropEverything),
    ("empty-valid", Fault::EmptyValid),
    ("drop-last-batch", Fault::DropLastBatch),
    ("null-value", Fault::NullValue),
    ("value-changed", Fault::ValueChanged),
    ("stale-file", Fault::StaleFile),
    ("late-write", Fault::LateWrite),
    ("stats-lie", Fault::StatsLie),
    ("slow", Fault::Slow),
    ("wrong-format", Fault::WrongFormat),
    ("count-lie", Fault::CountLie),
    ("ack-only", Fault::AckOnly),
    ("never-called", Fault::NeverCalled),
    ("null-lost", Fault::NullLost),
    ("validity-offset", Fault::ValidityOffset),
    ("close-error-ignored", Fault::CloseErrorIgnored),
    ("failed-but-timed", Fault::FailedButTimed),
    ("direct-downgraded", Fault::DirectDowngraded),
];

impl Fault {
    pub fn names() -> Vec<&'static str> {
        Self::all().map(|(name, _)| name).collect()
    }

    fn all() -> impl Iterator<Item = (&'static str, Self)> {
        NAMES.into_iter().chain(FAULTS.iter().map(|(name, _)| (*name, Self::OfBatches(name))))
    }

    pub fn read(name: &str) -> Result<Self, Error> {
        let found = Self::all().find(|(known, _)| *known == name);
        found.map(|(_, fault)| fault).ok_or_else(|| {
            Error::new(format!("there is no fault {name:?}; expected one of {}", Self::names().join(", ")))
        })
    }

    fn name(self) -> &'static str {
        Self::all().find(|(_, fault)| *fault == self).map_or("?", |(name, _)| name)
    }

    /// What it does to batches of this schema, where that is all it does.
    pub fn change(self, schema: &Schema) -> Option<Box<dyn Change>> {
        let Self::OfBatches(name) = self else { return None };
        FAULTS.iter().find(|(known, _)| *known == name).map(|(_, make)| make(schema))
    }

    /// Whether it damages a finished Parquet file, and nothing else.
    pub fn is_of_parquet(self) -> bool {
        matches!(self, Self::EmptyValid | Self::StatsLie | Self::CountLie | Self::WrongFormat | Self::LateWrite)
    }

    /// The error of a fault over a writer of another format than it knows how to damage.
    pub fn not_over(self, over: &str) -> Error {
        Error::new(format!("fault {} damages a Parquet file; option over is {over}, expected parquet", self.name()))
    }

    /// The error of a fault that had nothing to damage.
    pub fn changed_nothing(self, why: &str) -> Error {
        Error::new(format!("fault changed nothing: {}: {why}", self.name()))
    }
}
