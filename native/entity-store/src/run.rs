//! One run of a scan: rows go from the store through decoder and gate to the output.

use rocksdb::{DB, Snapshot};

use crate::builder::ColumnBuilder;
use crate::error::Error;
use crate::faults;
use crate::filter::{matches, matches_owned};
use crate::gate::Gate;
use crate::output::Output;
use crate::plan::{Access, OnBadValue, Plan};
use crate::reading::{Entries, Touched, look_up};
use crate::row::{OwnedRow, is_deleted, owned};
use crate::scan::Found;
use crate::store::Store;

/// One run of a scan.
pub struct Run<'a> {
    plan: &'a Plan,
    store: &'a Store,
    unescaped: &'a mut String,
    gate: Gate,
    output: Output<'a>,
    /// Without `iterate`: rows in the order of their keys, and whether each key has the prefix.
    collected: Vec<(bool, OwnedRow)>,
    bad_values: u64,
}

impl<'a> Run<'a> {
    /// A run of a plan with its builders, which are empty.
    pub fn new(plan: &'a Plan, store: &'a Store, unescaped: &'a mut String, builders: &'a mut [ColumnBuilder]) -> Self {
        Self {
            plan,
            store,
            unescaped,
            gate: Gate::new(plan.limit, plan.fault),
            output: Output::new(plan, builders),
            collected: Vec::new(),
            bad_values: 0,
        }
    }

    /// Does it. After an error some builders may hold a row that others do not.
    ///
    /// # Errors
    /// Where the store is damaged, or holds a value that does not parse and stops the scan.
    pub fn finish(mut self, snapshot: Option<&Snapshot<'_>>) -> Result<Found, Error> {
        let touched = self.read(self.store.db(), snapshot)?;
        let (batches, first_batch) = self.output.finish()?;
        let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
        Ok(Found { batches, rows, touched, bad_values: self.bad_values, first_batch })
    }

    /// Reads what the plan says.
    fn read(&mut self, db: &DB, snapshot: Option<&Snapshot<'_>>) -> Result<Touched, Error> {
        let encoding = self.store.facts().encoding;
        let touched = match &self.plan.access {
            Access::Nothing => Touched::default(),
            Access::Key(key) => {
                let found = look_up(db, snapshot, key.as_bytes(), encoding);
                let (value, touched) = found.map_err(|error| self.store.damaged(&error))?;
                if let Some(value) = value {
                    self.offer(key.as_bytes(), &value)?;
                }
                touched
            }
            Access::Range(range) => {
                let mut entries = Entries::new(db, snapshot, range, encoding);
                while let Some((key, value)) = entries.next().map_err(|error| self.store.damaged(&error))? {
                    self.offer(key, value)?;
                    if self.plan.strategy.filter_in_scan && self.gate.is_full() {
                        break;
                    }
                }
                entries.touched()
            }
        };
        self.build_collected()?;
        Ok(touched)
    }

    /// Takes a row as the strategy says.
    #[inline]
    fn offer(&mut self, key: &[u8], value: &[u8]) -> Result<(), Error> {
        let strategy = self.plan.strategy;
        let taken = if strategy.filter_in_scan {
            self.test_and_take(value)
        } else if strategy.iterate && strategy.one_pass {
            self.take_in_place(key, value)
        } else {
            self.take_owned(key, value)
        };
        match taken {
            Ok(taken) => taken,
            Err(clause) => self.bad(key, &clause),
        }
    }

    /// filterInScan: a deleted row is passed over by its first bytes, another if its tested columns do not pass; the rest of a row is
    /// looked at only if it is in the result.
    #[inline]
    fn test_and_take(&mut self, value: &[u8]) -> Result<Result<(), Error>, String> {
        let plan = self.plan;
        if plan.decoder.is_deleted(value) == Some(true) && faults::deleted(plan.fault, true) {
            return Ok(Ok(()));
        }
        let row = if plan.tested == 0 || plan.tested == plan.wanted {
            let row = plan.decoder.in_place(value, plan.wanted, self.unescaped)?;
            if !self.gate.admits(row.deleted, || matches(&plan.conditions, &row)) {
                return Ok(Ok(()));
            }
            row
        } else {
            let tested = plan.decoder.in_place(value, plan.tested, self.unescaped)?;
            if !self.gate.admits(tested.deleted, || matches(&plan.conditions, &tested)) {
                return Ok(Ok(()));
            }
            plan.decoder.in_place(value, plan.wanted, self.unescaped).inspect_err(|_| self.gate.take_back())?
        };
        Ok(match (plan.strategy.iterate, plan.strategy.one_pass) {
            (true, true) => self.output.add(&row),
            (true, false) => self.output.add_owned(owned(&row, plan.wanted)),
            (false, _) => {
                self.collected.push((true, owned(&row, plan.wanted)));
                Ok(())
            }
        })
    }

    /// iterate and onePass: nothing is copied, and every row is read.
    fn take_in_place(&mut self, key: &[u8], value: &[u8]) -> Result<Result<(), Error>, String> {
        let plan = self.plan;
        let row = plan.decoder.in_place(value, plan.wanted, self.unescaped)?;
        let passes = || key.starts_with(plan.prefix.as_bytes()) && matches(&plan.conditions, &row);
        Ok(if self.gate.admits(row.deleted, passes) { self.output.add(&row) } else { Ok(()) })
    }

    /// Every row is parsed into an owned one.
    fn take_owned(&mut self, key: &[u8], value: &[u8]) -> Result<Result<(), Error>, String> {
        let plan = self.plan;
        let row = plan.decoder.owned(value, plan.wanted)?;
        let has_prefix = key.starts_with(plan.prefix.as_bytes());
        if !plan.strategy.iterate {
            self.collected.push((has_prefix, row));
            return Ok(Ok(()));
        }
        let is_in = admits_owned(&mut self.gate, plan, has_prefix, &row);
        Ok(if is_in { self.output.add_owned(row) } else { Ok(()) })
    }

    /// Without `iterate`: a second list of the rows that pass, and batches of it.
    fn build_collected(&mut self) -> Result<(), Error> {
        let collected = std::mem::take(&mut self.collected);
        if collected.is_empty() {
            return Ok(());
        }
        let (plan, gate) = (self.plan, &mut self.gate);
        let passed: Vec<OwnedRow> = collected
            .into_iter()
            .filter(|(has_prefix, row)| plan.strategy.filter_in_scan || admits_owned(gate, plan, *has_prefix, row))
            .map(|(_, row)| row)
            .collect();
        self.output.build(&passed)
    }

    fn bad(&mut self, key: &[u8], clause: &str) -> Result<(), Error> {
        if self.plan.on_bad_value == OnBadValue::Count {
            self.bad_values += 1;
            return Ok(());
        }
        Err(Error::integrity(format!(
            "the value under the key {} of the store {} does not parse: {clause}",
            String::from_utf8_lossy(key),
            self.store.path().display()
        )))
    }
}

fn admits_owned(gate: &mut Gate, plan: &Plan, has_prefix: bool, row: &OwnedRow) -> bool {
    // Its decoder has found that it says so.
    let deleted = is_deleted(row).unwrap_or(false);
    gate.admits(deleted, || has_prefix && matches_owned(&plan.conditions, row))
}
