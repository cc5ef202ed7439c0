//! Both sides of the C Data Interface for a loop in JavaScript, which passes batches on as most bridges do: by the address of their
//! C struct.

use napi::Result;
use napi_derive::napi;
use serde_json::json;
use writeproof_digest::Digester;
use writeproof_engine::crossing::{Arrived, Crossing, CrossingJob, Exported};
use writeproof_engine::weigh::tune_allocator;

use crate::to_js;

/// A crossing whose steps JavaScript takes one by one.
#[napi(js_name = "Crossing")]
pub struct SteppedCrossing {
    crossing: Crossing,
    handed: Option<Box<Exported>>,
    arrived: Option<Arrived>,
    digester: Option<Digester>,
}

/// Where a C struct lies; addresses are below 2^53.
fn address_of(exported: &Exported) -> f64 {
    (&raw const *exported) as usize as f64
}

fn missing(what: &str, step: &str) -> napi::Error {
    to_js(format!("no batch is {what}: call {step} first"))
}

#[napi]
impl SteppedCrossing {
    /// `job` is `CrossingJob` as JSON. Reads all batches into memory.
    #[napi(constructor)]
    pub fn new(job: String) -> Result<Self> {
        // As the worker does, so that both loops differ in nothing but the loop.
        tune_allocator().map_err(to_js)?;
        let job: CrossingJob = serde_json::from_str(&job).map_err(to_js)?;
        let crossing = Crossing::open(&job.prepared_path, job.handover).map_err(to_js)?;
        Ok(Self { crossing, handed: None, arrived: None, digester: None })
    }

    /// `{count, timed, rows, bytes}` as JSON: batches, those from the first on that are to be timed, and the first one's rows and bytes.
    #[napi]
    pub fn shape(&self) -> String {
        let crossing = &self.crossing;
        json!({
            "count": crossing.count(), "timed": crossing.timed(),
            "rows": crossing.rows_of_first(), "bytes": crossing.bytes_of_first()
        })
        .to_string()
    }

    /// Exports a batch; the address of its C struct.
    #[napi]
    pub fn hand_over(&mut self, index: u32) -> Result<f64> {
        let index = index as usize;
        if index >= self.crossing.count() {
            return Err(to_js(format!("batch {index} does not exist: there are {}", self.crossing.count())));
        }
        let exported = Box::new(self.crossing.export(index).map_err(to_js)?);
        let address = address_of(&exported);
        self.handed = Some(exported);
        Ok(address)
    }

    /// Imports the batch whose C struct lies at the address that `handOver` returned.
    #[napi]
    pub fn take(&mut self, address: f64) -> Result<()> {
        let exported = self.handed.take_if(|exported| address_of(exported) == address);
        let exported = exported.ok_or_else(|| missing("at this address", "handOver"))?;
        self.arrived = Some(self.crossing.import(*exported).map_err(to_js)?);
        Ok(())
    }

    /// Compares the addresses of what arrived with those of the batch.
    #[napi]
    pub fn compare(&mut self, index: u32) -> Result<()> {
        let arrived = self.arrived.as_ref().ok_or_else(|| missing("imported", "take"))?;
        self.crossing.compare(index as usize, arrived);
        Ok(())
    }

    /// Adds what arrived to the digest.
    #[napi]
    pub fn digest(&mut self) -> Result<()> {
        let arrived = self.arrived.as_ref().ok_or_else(|| missing("imported", "take"))?;
        let digester = match &mut self.digester {
            Some(digester) => digester,
            none => none.insert(self.crossing.digester().map_err(to_js)?),
        };
        arrived.digest(digester).map_err(to_js)
    }

    /// Releases what arrived.
    #[napi]
    pub fn release(&mut self) {
        self.arrived = None;
    }

    /// Ends the digest: `Digest` of harness/types.ts as JSON. The next batch begins another.
    #[napi]
    pub fn end_digest(&mut self) -> Result<String> {
        let digest = self.digester.take().map(Digester::finish).ok_or_else(|| missing("digested", "digest"))?;
        serde_json::to_string(&digest).map_err(to_js)
    }

    /// `{buffers, equal}` as JSON: buffers compared so far, and those that lay where the batch's do.
    #[napi]
    pub fn addresses(&self) -> Result<String> {
        serde_json::to_string(&self.crossing.addresses()).map_err(to_js)
    }
}
