//! A prepared scan: rows go from the store through decoder and gate to the output.

use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use rocksdb::{DB, Snapshot};
use serde::Serialize;
use writeproof_digest::{Digester, TableDigest};

use crate::allocations::{self, Allocations, Measured};
use crate::builder::ColumnBuilder;
use crate::error::Error;
use crate::facts::Facts;
use crate::filter::{matches, matches_owned};
use crate::gate::Gate;
use crate::output::{Output, builders};
use crate::plan::{Access, OnBadValue, Options, Plan};
use crate::query::Query;
use crate::reading::{Entries, Touched, look_up};
use crate::row::{OwnedRow, is_deleted, owned};
use crate::store::Store;
use crate::strategy::Strategy;

/// What a scan found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Rows of the result.
    pub batches: Vec<RecordBatch>,
    /// Their number.
    pub rows: u64,
    /// What was read for it.
    pub touched: Touched,
    /// Values that did not parse and were left out.
    pub bad_values: u64,
    /// Time until the first batch was there; None without rows.
    pub first_batch: Option<Duration>,
}

/// A measured scan, as `runMeasured` gives it.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Rows of the result.
    pub rows: u64,
    /// Its batches.
    pub batches: usize,
    /// Nanoseconds that the scan took.
    pub ns: u64,
    /// Nanoseconds until the first batch was there; null without rows.
    pub first_batch_ns: Option<u64>,
    /// What was read for it.
    #[serde(flatten)]
    pub touched: Touched,
    /// Values that did not parse and were left out.
    pub bad_values: u64,
    /// What Rust code of this thread allocated.
    pub rust: RustAllocations,
    /// What all code of this thread asked of malloc; null where the process was not started with the library that counts.
    pub malloc: Option<Allocations>,
}

/// Allocations of Rust code during a scan.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RustAllocations {
    /// Their number and sizes.
    #[serde(flatten)]
    pub made: Allocations,
    /// Bytes of them that the result holds.
    pub result_bytes: u64,
}

/// A query and a strategy, ready to be run against the store they were prepared for.
pub struct Scan {
    plan: Plan,
    builders: Vec<ColumnBuilder>,
    unescaped: String,
    found: Option<Found>,
}

impl Scan {
    /// Compiles a query for the store that has these facts.
    #[must_use]
    pub fn new(facts: &Facts, query: Query, strategy: Strategy, options: Options) -> Self {
        let plan = Plan::new(facts, query, strategy, options);
        let builders = builders(&plan);
        Self { plan, builders, unescaped: String::new(), found: None }
    }

    /// Does the whole scan, keeps the result, and returns its number of rows.
    ///
    /// # Errors
    /// Where the store is damaged, or holds a value that does not parse and stops the scan.
    pub fn run(&mut self, store: &Store) -> Result<u64, Error> {
        self.run_at(store, None)
    }

    /// As [`Self::run`], of the rows of a snapshot.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn run_at(&mut self, store: &Store, snapshot: Option<&Snapshot<'_>>) -> Result<u64, Error> {
        // Its memory is free for the next one.
        self.found = None;
        let mut run = Run {
            plan: &self.plan,
            store,
            unescaped: &mut self.unescaped,
            gate: Gate::new(self.plan.limit, self.plan.fault),
            output: Output::new(&self.plan, &mut self.builders),
            collected: Vec::new(),
            bad_values: 0,
        };
        let read = run.read(store.db(), snapshot);
        let Run { output, bad_values, .. } = run;
        let finished = read.and_then(|touched| output.finish().map(|(batches, first)| (touched, batches, first)));
        if finished.is_err() {
            // Some may hold a row that others do not.
            self.builders = builders(&self.plan);
        }
        let (touched, batches, first_batch) = finished?;
        let rows = batches.iter().map(|batch| batch.num_rows() as u64).sum();
        self.found = Some(Found { batches, rows, touched, bad_values, first_batch });
        Ok(rows)
    }

    /// As [`Self::run`], and says what it took.
    ///
    /// # Errors
    /// As [`Self::run`].
    pub fn run_measured(&mut self, store: &Store) -> Result<Report, Error> {
        self.found = None;
        let measure = allocations::Measure::begin();
        let started = Instant::now();
        let rows = self.run(store);
        let ns = started.elapsed().as_nanos() as u64;
        let Measured { rust, malloc, held_bytes } = measure.end();
        let rows = rows?;
        let found = self.found()?;
        Ok(Report {
            rows,
            batches: found.batches.len(),
            ns,
            first_batch_ns: found.first_batch.map(|time| time.as_nanos() as u64),
            touched: found.touched,
            bad_values: found.bad_values,
            rust: RustAllocations { made: rust, result_bytes: held_bytes },
            malloc,
        })
    }

    /// What the last run found.
    ///
    /// # Errors
    /// Where there is none.
    pub fn found(&self) -> Result<&Found, Error> {
        self.found.as_ref().ok_or_else(|| Error::misuse("there is no result: run the scan first"))
    }

    /// Digest of the last result, as it stands in the batches.
    ///
    /// # Errors
    /// Where there is none.
    pub fn digest(&self) -> Result<TableDigest, Error> {
        let ill = |error: writeproof_digest::DigestError| Error::misuse(error.to_string());
        let mut digester = Digester::new(&self.plan.result_schema, 0).map_err(ill)?;
        for batch in &self.found()?.batches {
            digester.update(batch).map_err(ill)?;
        }
        Ok(digester.finish())
    }

    /// Gives the result up.
    pub fn release(&mut self) {
        self.found = None;
    }
}

/// One run of a scan.
struct Run<'a> {
    plan: &'a Plan,
    store: &'a Store,
    unescaped: &'a mut String,
    gate: Gate,
    output: Output<'a>,
    /// Without `iterate`: rows in the order of their keys.
    collected: Vec<(Box<[u8]>, OwnedRow)>,
    bad_values: u64,
}

impl Run<'_> {
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
            self.test_and_take(key, value)
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

    /// filterInScan: a deleted row is passed over by its first bytes, another is copied only if it is in the result.
    #[inline]
    fn test_and_take(&mut self, key: &[u8], value: &[u8]) -> Result<Result<(), Error>, String> {
        let plan = self.plan;
        if plan.decoder.is_deleted(value) == Some(true) && crate::faults::deleted(plan.fault, true) {
            return Ok(Ok(()));
        }
        let row = plan.decoder.in_place(value, plan.wanted, self.unescaped)?;
        if !self.gate.admits(row.deleted, || matches(&plan.conditions, &row)) {
            return Ok(Ok(()));
        }
        Ok(match (plan.strategy.iterate, plan.strategy.one_pass) {
            (true, true) => self.output.add(&row),
            (true, false) => self.output.add_owned(owned(&row, plan.wanted)),
            (false, _) => {
                self.collected.push((Box::from(key), owned(&row, plan.wanted)));
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
        if !plan.strategy.iterate {
            self.collected.push((Box::from(key), row));
            return Ok(Ok(()));
        }
        let is_in = admits_owned(&mut self.gate, plan, key, &row);
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
            .filter(|(key, row)| plan.strategy.filter_in_scan || admits_owned(gate, plan, key, row))
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

fn admits_owned(gate: &mut Gate, plan: &Plan, key: &[u8], row: &OwnedRow) -> bool {
    // Its decoder has found that it says so.
    let deleted = is_deleted(row).unwrap_or(false);
    gate.admits(deleted, || key.starts_with(plan.prefix.as_bytes()) && matches_owned(&plan.conditions, row))
}
