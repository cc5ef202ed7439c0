//! Batches of a job's table for a JavaScript writer, one Arrow IPC message at a time.

use std::mem;

use arrow::ipc::writer::StreamWriter;
use napi::Result;
use napi::bindgen_prelude::{Uint8Array, Uint8ArraySlice};
use napi_derive::napi;
use serde_json::json;
use writeproof_engine::clock::timed;
use writeproof_engine::feed::Feed;
use writeproof_engine::protocol::WorkerJob;
use writeproof_engine::{Failure, Step, arrow_bytes, run};
use writeproof_tables::BatchSource;

use crate::failure::{job_of, of_step};

/// A batch that waits to be taken.
#[napi(object)]
pub struct PulledBatch {
    /// Its rows.
    pub rows: i64,
    /// Bytes of its Arrow buffers, without padding.
    pub arrow_bytes: i64,
    /// Bytes of its IPC messages.
    pub encoded_bytes: i64,
}

/// The batches of a job, in the table's order, as one Arrow IPC stream in parts.
#[napi]
pub struct JobSource {
    waiting: Option<Box<dyn BatchSource>>,
    feed: Option<Feed>,
    overlap: bool,
    schema: Vec<u8>,
    encoder: StreamWriter<Vec<u8>>,
    encode_ns: u64,
}

#[napi]
impl JobSource {
    /// Opens the source of a `WorkerJob` (JSON) and has its one-off work done. Throws a failure (JSON) of the steps `job` and
    /// `source`.
    #[napi(constructor)]
    pub fn new(job: String) -> Result<Self> {
        let job: WorkerJob = job_of(&job)?;
        let source = run::open_source(&job).map_err(of_step)?;
        let mut encoder = StreamWriter::try_new(Vec::new(), &source.schema())
            .map_err(|error| of_step(Failure::new(Step::Source, error)))?;
        let schema = mem::take(encoder.get_mut());
        Ok(Self { waiting: Some(source), feed: None, overlap: job.overlap, schema, encoder, encode_ns: 0 })
    }

    /// The stream's first message.
    #[napi]
    pub fn schema(&self) -> Uint8Array {
        self.schema.clone().into()
    }

    /// Lets a thread of the source work ahead, where the job overlaps.
    #[napi]
    pub fn start(&mut self) {
        self.feed = self.waiting.take().map(|source| Feed::start(source, self.overlap));
    }

    /// Makes and encodes the next batch; null after the last. Throws a failure (JSON).
    #[napi]
    pub fn pull(&mut self) -> Result<Option<PulledBatch>> {
        let Some(feed) = &mut self.feed else {
            return Err(of_step(Failure::new(Step::Source, "the source has not been started, or has ended")));
        };
        let Some(batch) = feed.pull().map_err(|error| of_step(run::source_failure(error)))? else { return Ok(None) };
        let encoder = &mut self.encoder;
        timed(&mut self.encode_ns, || {
            encoder.get_mut().clear();
            encoder.write(&batch)
        })
        .map_err(|error| of_step(Failure::new(Step::Write, format!("handing over a batch: {error}"))))?;
        Ok(Some(PulledBatch {
            rows: batch.num_rows() as i64,
            arrow_bytes: arrow_bytes::of_batch(&batch) as i64,
            encoded_bytes: self.encoder.get_ref().len() as i64,
        }))
    }

    /// Copies the messages of the batch that was pulled last into memory of JavaScript's own, of exactly their size.
    #[napi]
    pub fn take(&self, mut into: Uint8ArraySlice) -> Result<()> {
        let encoded = self.encoder.get_ref();
        if into.len() != encoded.len() {
            let message = format!("a batch takes {} bytes of memory, {} were given", encoded.len(), into.len());
            return Err(of_step(Failure::new(Step::Write, message)));
        }
        // SAFETY: JavaScript waits for this call; nobody else reads or writes the memory meanwhile.
        unsafe { into.as_mut() }.copy_from_slice(encoded);
        Ok(())
    }

    /// Ends the source, also before its last batch: `{generateNs, convertNs, encodeNs, notes}` as JSON.
    #[napi]
    pub fn end(&mut self) -> String {
        let end = self.feed.take().map(Feed::end).unwrap_or_default();
        let (busy, encode_ns) = (end.busy, self.encode_ns);
        json!({
            "generateNs": busy.generate_ns, "convertNs": busy.convert_ns, "encodeNs": encode_ns, "notes": end.notes
        })
        .to_string()
    }
}
