//! A query and a strategy, compiled for a store: what is read, tested and built.

use arrow::datatypes::SchemaRef;
use serde::Deserialize;

use crate::columns::{COLUMNS, schema_of};
use crate::encoding::Decoder;
use crate::error::Error;
use crate::facts::Facts;
use crate::faults::{self, Fault};
use crate::key::Range;
use crate::query::{Condition, Query};
use crate::row::{Wanted, wanted};
use crate::strategy::Strategy;

/// Rows of a batch, unless the options say otherwise.
pub const BATCH_ROWS: usize = 8192;

/// What becomes of a row whose value does not parse.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnBadValue {
    /// The scan ends with an error that names the row's key.
    #[default]
    Stop,
    /// It is left out and counted.
    Count,
}

/// What a scan is told beside its query and strategy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct Options {
    /// What becomes of values that do not parse.
    pub on_bad_value: OnBadValue,
    /// Rows of a batch, at least 1.
    pub batch_rows: usize,
    /// A lie.
    pub fault: Option<Fault>,
}

impl Default for Options {
    fn default() -> Self {
        Self { on_bad_value: OnBadValue::Stop, batch_rows: BATCH_ROWS, fault: None }
    }
}

impl Options {
    /// Reads an object of options; those that it does not name have their defaults.
    ///
    /// # Errors
    /// Where it has other members, or values that they do not have.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let options: Self = serde_json::from_str(text).map_err(|error| {
            Error::misuse(format!(
                "the options {text} cannot be read: {error}; expected {{onBadValue: \"stop\" or \"count\", batchRows, fault}}"
            ))
        })?;
        if options.batch_rows == 0 {
            return Err(Error::misuse("batchRows is 0; expected a whole number of at least 1"));
        }
        Ok(options)
    }
}

/// What of the store is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Every key of a range.
    Range(Range),
    /// One key.
    Key(String),
    /// Nothing: no row can be in the result.
    Nothing,
}

/// A compiled scan.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub decoder: Decoder,
    /// Columns that are decoded.
    pub wanted: Wanted,
    /// Those of them that conditions test.
    pub tested: Wanted,
    /// Columns that are built, in order.
    pub built: Vec<usize>,
    /// The column whose values each of them gets: itself, but for a fault.
    pub sources: Vec<usize>,
    /// Places among them of the columns of the result; None where these are all, in order.
    pub taken: Option<Vec<usize>>,
    /// Of the batches as built.
    pub schema: SchemaRef,
    /// Of the batches of the result.
    pub result_schema: SchemaRef,
    pub conditions: Vec<Condition>,
    pub prefix: String,
    pub limit: Option<u64>,
    pub access: Access,
    pub strategy: Strategy,
    /// Rows of a batch; usize::MAX for one batch.
    pub batch_rows: usize,
    pub on_bad_value: OnBadValue,
    pub fault: Option<Fault>,
}

impl Plan {
    pub fn new(facts: &Facts, query: Query, strategy: Strategy, options: Options) -> Self {
        let count = facts.columns;
        let built: Vec<usize> = if strategy.projection { query.columns.clone() } else { (0..count).collect() };
        let taken = (built != query.columns).then(|| query.columns.clone());
        let sources: Vec<usize> = built.iter().map(|column| faults::source(options.fault, *column, count)).collect();
        let tested = query.conditions.iter().map(|condition| condition.column);
        Self {
            decoder: Decoder::new(facts.encoding, count),
            wanted: if strategy.projection { wanted(sources.iter().copied().chain(tested)) } else { wanted(0..count) },
            tested: wanted(query.conditions.iter().map(|condition| condition.column)),
            schema: schema_of(&built),
            result_schema: schema_of(&query.columns),
            access: access(facts, &query, strategy),
            batch_rows: if strategy.batches { options.batch_rows } else { usize::MAX },
            on_bad_value: options.on_bad_value,
            fault: options.fault,
            conditions: query.conditions,
            prefix: query.prefix,
            limit: query.limit,
            built,
            sources,
            taken,
            strategy,
        }
    }

    /// Rows that the first batch may have; None where nobody knows.
    pub fn expected_rows(&self) -> Option<usize> {
        let limit = self.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX);
        let rows = match self.access {
            Access::Range(_) => limit.min(self.batch_rows),
            Access::Key(_) => 1,
            Access::Nothing => 0,
        };
        // Few rows may satisfy a filter.
        (rows <= BATCH_ROWS && (self.conditions.is_empty() || rows < 1024)).then_some(rows)
    }

    /// Names of the columns that each builder reads from an owned row.
    pub fn source_names(&self) -> impl Iterator<Item = &'static str> {
        self.sources.iter().map(|source| COLUMNS[*source].name)
    }
}

/// Without filterInScan all keys are read, whatever the query asks.
fn access(facts: &Facts, query: &Query, strategy: Strategy) -> Access {
    if !strategy.filter_in_scan {
        return Access::Range(Range::all());
    }
    if let Some(id) = query.unique_id() {
        let key = facts.definition().key_of(id).filter(|key| key.starts_with(&query.prefix));
        return key.map_or(Access::Nothing, Access::Key);
    }
    let range = Range::of_prefix(&query.prefix);
    if range.is_empty() { Access::Nothing } else { Access::Range(range) }
}
