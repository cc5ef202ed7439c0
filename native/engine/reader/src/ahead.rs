//! Batches that one thread reads and another digests.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::sync_channel;
use std::time::Instant;

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;
use arrow::error::ArrowError;
use writeproof_digest::{Digester, TableDigest};

use crate::ReaderError;

/// Batches that are read ahead of the digest.
const AHEAD: usize = 2;

pub(crate) type Batches = Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>>>;

/// What was read.
pub(crate) struct Digested {
    pub schema: SchemaRef,
    pub digest: TableDigest,
    /// From opening to the last row, nanoseconds.
    pub ns: u64,
}

/// Digests what `open` gives, whose first row has the index `first_row` in the whole table. `failed` makes the error of a reason.
pub(crate) fn digest_ahead(
    open: impl FnOnce() -> Result<(Batches, SchemaRef), ReaderError> + Send,
    first_row: u64,
    failed: fn(&dyn std::fmt::Display) -> ReaderError,
) -> Result<Digested, ReaderError> {
    let panicked = || failed(&"malformed data, at which arrow-rs panics");
    // arrow-rs panics on some malformed data, and no data may end the process.
    catch_unwind(AssertUnwindSafe(|| read(open, first_row, failed))).unwrap_or_else(|_| Err(panicked()))
}

fn read(
    open: impl FnOnce() -> Result<(Batches, SchemaRef), ReaderError> + Send,
    first_row: u64,
    failed: fn(&dyn std::fmt::Display) -> ReaderError,
) -> Result<Digested, ReaderError> {
    let started = Instant::now();
    std::thread::scope(|scope| {
        let (sender, batches) = sync_channel::<RecordBatch>(AHEAD);
        let (tell_schema, schema) = sync_channel(1);
        let reading = scope.spawn(move || -> Result<(), ReaderError> {
            let (read, schema) = open()?;
            // Nobody listens any more when the digest has failed, which is reported instead.
            let _ = tell_schema.send(schema);
            for batch in read {
                if sender.send(batch.map_err(|error| failed(&error))?).is_err() {
                    break;
                }
            }
            Ok(())
        });
        let digested = schema.recv().map_err(|error| failed(&error)).and_then(|schema| {
            let mut digester = Digester::new(&schema, first_row).map_err(|error| failed(&error))?;
            for batch in batches.iter() {
                digester.update(&batch).map_err(|error| failed(&error))?;
            }
            Ok((schema, digester.finish()))
        });
        drop(batches);
        reading.join().unwrap_or_else(|_| Err(failed(&"malformed data, at which arrow-rs panics")))?;
        let (schema, digest) = digested?;
        Ok(Digested { schema, digest, ns: u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX) })
    })
}
