//! The faults, by name.

use writeproof_abi::Error;

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
    /// Two neighbouring rows of a batch change places.
    SwapRows,
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
}

const NAMES: [(&str, Fault); 13] = [
    ("none", Fault::None),
    ("drop-everything", Fault::DropEverything),
    ("empty-valid", Fault::EmptyValid),
    ("drop-last-batch", Fault::DropLastBatch),
    ("swap-rows", Fault::SwapRows),
    ("null-value", Fault::NullValue),
    ("value-changed", Fault::ValueChanged),
    ("stale-file", Fault::StaleFile),
    ("late-write", Fault::LateWrite),
    ("stats-lie", Fault::StatsLie),
    ("slow", Fault::Slow),
    ("wrong-format", Fault::WrongFormat),
    ("count-lie", Fault::CountLie),
];

impl Fault {
    pub fn names() -> Vec<&'static str> {
        NAMES.iter().map(|(name, _)| *name).collect()
    }

    pub fn read(name: &str) -> Result<Self, Error> {
        let found = NAMES.iter().find(|(known, _)| *known == name);
        found.map(|(_, fault)| *fault).ok_or_else(|| {
            Error::new(format!("there is no fault {name:?}; expected one of {}", Self::names().join(", ")))
        })
    }

    /// The error of a fault that had nothing to damage.
    pub fn changed_nothing(self, why: &str) -> Error {
        let name = NAMES.iter().find(|(_, fault)| *fault == self).map_or("?", |(name, _)| name);
        Error::new(format!("fault changed nothing: {name}: {why}"))
    }
}
