use std::sync::Arc;

use napi::Result;
use napi_derive::napi;
use writeproof_entity_store::Scan;

use crate::store::Shared;
use crate::{json, to_js};

/// A query and a strategy, ready to be run.
#[napi]
pub struct PreparedScan {
    shared: Arc<Shared>,
    scan: Scan,
}

impl PreparedScan {
    pub(crate) fn new(shared: Arc<Shared>, scan: Scan) -> Self {
        Self { shared, scan }
    }
}

#[napi]
impl PreparedScan {
    /// Does the whole scan, keeps the result, and returns its number of rows.
    #[napi]
    pub fn run(&mut self) -> Result<i64> {
        // Rows are fewer than 2^40.
        self.shared.with(|store| self.scan.run(store)).map(|rows| rows as i64)
    }

    /// As `run`, and says what it took, as JSON: `{rows, batches, ns, firstBatchNs, rowsRead, deletedRead, bytesRead, badValues,
    /// rust: {allocations, bytes, peakBytes, resultBytes}, malloc: null | {allocations, bytes, peakBytes}}`.
    #[napi]
    pub fn run_measured(&mut self) -> Result<String> {
        json(&self.shared.with(|store| self.scan.run_measured(store))?)
    }

    /// Digest of the last result, as it stands in the batches: `Digest` of harness/types.ts as JSON.
    #[napi]
    pub fn digest(&self) -> Result<String> {
        json(&self.scan.digest().map_err(to_js)?)
    }

    /// Gives the result up.
    #[napi]
    pub fn release(&mut self) {
        self.scan.release();
    }
}
