//! A prepared scan, what it found, and what it took.

use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use rocksdb::Snapshot;
use serde::Serialize;
use writeproof_digest::{Digester, TableDigest};

use crate::allocations::{self, Allocations, Measured};
use crate::builder::ColumnBuilder;
use crate::error::Error;
use crate::facts::Facts;
use crate::output::builders;
use crate::plan::{Options, Plan};
use crate::query::Query;
use crate::reading::Touched;
use crate::run::Run;
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
        let finished = Run::new(&self.plan, store, &mut self.unescaped, &mut self.builders).finish(snapshot);
        if finished.is_err() {
            // Some may hold a row that others do not.
            self.builders = builders(&self.plan);
        }
        let found = finished?;
        let rows = found.rows;
        self.found = Some(found);
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
