//! A change to batches one by one, each by itself.

use arrow::array::RecordBatch;
use arrow::error::ArrowError;
use writeproof_columnar::Imported;

use super::{Change, changed};

/// The damaged batch, or None where there is nothing to damage.
pub(super) type Damaged = Result<Option<RecordBatch>, ArrowError>;

pub(super) struct Each {
    damage: fn(&RecordBatch) -> Damaged,
    /// After the first batch that was damaged the others stay as they are.
    once: bool,
    damaged: bool,
    needed: &'static str,
}

impl Each {
    /// Damages the first batch that can be damaged.
    pub fn once(damage: fn(&RecordBatch) -> Damaged, needed: &'static str) -> Box<dyn Change> {
        Box::new(Self { damage, once: true, damaged: false, needed })
    }

    /// Damages every batch that can be damaged.
    pub fn all(damage: fn(&RecordBatch) -> Damaged, needed: &'static str) -> Box<dyn Change> {
        Box::new(Self { damage, once: false, damaged: false, needed })
    }
}

impl Change for Each {
    fn take(&mut self, imported: Imported) -> Result<Vec<Imported>, ArrowError> {
        if self.once && self.damaged {
            return Ok(vec![imported]);
        }
        let damaged = (self.damage)(&imported.batch)?;
        self.damaged |= damaged.is_some();
        Ok(vec![damaged.map_or(imported, changed)])
    }

    fn missing(&self) -> Option<&'static str> {
        (!self.damaged).then_some(self.needed)
    }
}
