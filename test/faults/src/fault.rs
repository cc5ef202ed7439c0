//! The faults, by name.

use arrow::datatypes::Schema;
use writeproof_abi::Error;

use crate::batches::{Change, FAULTS};
use crate::files::FileFault;
use crate::handicap::Cost;
use crate::over::Over;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing: the control.
    None,
    /// Every call succeeds, and no file is made.
    DropEverything,
    /// The last batch that has rows is not written.
    DropLastBatch,
    /// A value of the first column becomes null; the file declares that column as nullable.
    NullValue,
    /// A value of one column becomes that of another row.
    ValueChanged,
    /// A file of these very rows that carries the nonce of another run.
    StaleFile,
    /// Time or memory is lost; nothing is damaged.
    Handicap(Cost),
    /// A file of another format.
    WrongFormat,
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
    /// The target is right, and nothing makes it durable: fsync and its like do nothing, the engine's own among them.
    FsyncSkipped,
    /// What is left is damaged after the honest writer's close.
    Finished(FileFault),
}

const NAMES: &[(&str, Fault)] = &[
    ("none", Fault::None),
    ("drop-everything", Fault::DropEverything),
    ("empty-valid", Fault::Finished(FileFault::EmptyValid)),
    ("drop-last-batch", Fault::DropLastBatch),
    ("null-value", Fault::NullValue),
    ("value-changed", Fault::ValueChanged),
    ("stale-file", Fault::StaleFile),
    ("late-write", Fault::Finished(FileFault::LateWrite)),
    ("stats-lie", Fault::Finished(FileFault::StatsLie)),
    ("slow-spin", Fault::Handicap(Cost::Spin)),
    ("slow-sleep", Fault::Handicap(Cost::Sleep)),
    ("more-memory", Fault::Handicap(Cost::Memory)),
    ("wrong-format", Fault::WrongFormat),
    ("count-lie", Fault::Finished(FileFault::CountLie)),
    ("ack-only", Fault::AckOnly),
    ("never-called", Fault::NeverCalled),
    ("null-lost", Fault::NullLost),
    ("validity-offset", Fault::ValidityOffset),
    ("close-error-ignored", Fault::CloseErrorIgnored),
    ("failed-but-timed", Fault::FailedButTimed),
    ("direct-downgraded", Fault::DirectDowngraded),
    ("fsync-skipped", Fault::FsyncSkipped),
    ("partial-commit", Fault::Finished(FileFault::PartialCommit)),
    ("count-lie-less", Fault::Finished(FileFault::CountLieLess)),
    ("no-footer", Fault::Finished(FileFault::NoFooter)),
    ("no-manifest", Fault::Finished(FileFault::NoManifest)),
    ("stray-file", Fault::Finished(FileFault::StrayFile)),
    ("direct-tail-padded", Fault::Finished(FileFault::DirectTailPadded)),
    ("direct-tail-cut", Fault::Finished(FileFault::DirectTailCut)),
    ("direct-tail-misplaced", Fault::Finished(FileFault::DirectTailMisplaced)),
    ("short-write", Fault::Finished(FileFault::ShortWrite)),
    ("slot-reuse", Fault::Finished(FileFault::SlotReuse)),
    ("stale-extent", Fault::Finished(FileFault::StaleExtent)),
    ("middle-hole", Fault::Finished(FileFault::MiddleHole)),
    ("bit-flip", Fault::Finished(FileFault::BitFlip)),
    ("multi-batch-offset", Fault::Finished(FileFault::MultiBatchOffset)),
    ("page-offset-lie", Fault::Finished(FileFault::PageOffsetLie)),
    ("stats-min-lie", Fault::Finished(FileFault::StatsMinLie)),
    ("stats-null-count-lie", Fault::Finished(FileFault::StatsNullCountLie)),
    ("required-with-nulls", Fault::Finished(FileFault::RequiredWithNulls)),
];

impl Fault {
    pub fn names() -> Vec<&'static str> {
        Self::all().map(|(name, _)| name).collect()
    }

    fn all() -> impl Iterator<Item = (&'static str, Self)> {
        NAMES.iter().copied().chain(FAULTS.iter().map(|(name, _)| (*name, Self::OfBatches(name))))
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

    /// Nothing, where files of that format have what it damages; else the error that says so.
    pub fn check_over(self, over: Over) -> Result<(), Error> {
        let Self::Finished(fault) = self else { return Ok(()) };
        let formats = fault.formats();
        if formats.contains(&over) {
            return Ok(());
        }
        let names: Vec<_> = formats.iter().map(|format| format.name()).collect();
        Err(Error::new(format!(
            "fault {} damages what only some formats have; option over is {}, expected {}",
            self.name(),
            over.name(),
            names.join(" or ")
        )))
    }

    /// The error of a fault that had nothing to damage.
    pub fn changed_nothing(self, why: &str) -> Error {
        Error::new(format!("fault changed nothing: {}: {why}", self.name()))
    }
}
