//! Writers beside a flush: threads that put, delete and overwrite rows of a store.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use serde::{Deserialize, Serialize};

use crate::definition::{Definition, ID_STEP};
use crate::encoding::encode;
use crate::error::Error;
use crate::mix::{Sequence, mix};
use crate::store::Store;

/// What is written beside a flush.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Threads that write; 0 for none.
    pub threads: u64,
    /// Seed of their choices, and of the values that they write.
    pub seed: u64,
    /// Seconds that they write at least; they go on while files are written. Without it and `operations`: as long as that.
    pub seconds: Option<u64>,
    /// Operations of each thread, after which it ends.
    pub operations: Option<u64>,
}

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Written {
    /// Rows under ids that the definition does not have.
    pub puts: u64,
    /// Deletions of rows that the definition has.
    pub deletes: u64,
    /// Other values of rows that the definition has.
    pub overwrites: u64,
}

/// The state that threads share with the flush.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Set by the flush when it is done.
    pub stop: AtomicBool,
    /// Threads that have written their first rows, or have ended.
    pub started: AtomicU64,
}

/// Rows that a thread writes before the flush reads its first.
const FIRST_OPERATIONS: u64 = 16;

/// What one thread does until it is stopped.
pub(crate) fn write(store: &Store, load: &Load, thread: u64, progress: &Progress) -> Result<Written, Error> {
    let mut has_started = false;
    let mut start = || {
        if !std::mem::replace(&mut has_started, true) {
            progress.started.fetch_add(1, Ordering::Release);
        }
    };
    let written = write_until(store, load, thread, &progress.stop, &mut start);
    // Also where it ended early, since the flush waits for every thread.
    start();
    written
}

fn write_until(
    store: &Store,
    load: &Load,
    thread: u64,
    stop: &AtomicBool,
    start: &mut dyn FnMut(),
) -> Result<Written, Error> {
    let facts = store.facts();
    let definition = facts.definition();
    let other = Definition { seed: mix(load.seed ^ mix(thread)), ..definition };
    let mut choices = Sequence::new(other.seed);
    let mut written = Written::default();
    let mut value = Vec::new();
    for operation in 0..load.operations.unwrap_or(u64::MAX) {
        if operation == FIRST_OPERATIONS {
            start();
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
        // The first three are one of each kind, and to the first rows.
        let row = if operation < 3 { operation } else { choices.below(definition.rows) };
        let own = definition.id(row);
        let kind = if operation < 3 { operation } else { choices.below(4) };
        let id = match kind {
            0 => own - own % ID_STEP + (own % ID_STEP + 1 + choices.below(ID_STEP as u64 - 1) as i64) % ID_STEP,
            _ => own,
        };
        let key = definition.key_of(id).unwrap_or_default();
        let done = if kind == 1 {
            written.deletes += 1;
            store.db().delete(key)
        } else {
            written.puts += u64::from(kind == 0);
            written.overwrites += u64::from(kind != 0);
            value.clear();
            encode(facts.encoding, &other.row_with_id(row, id), &mut value);
            store.db().put(key, &value)
        };
        done.map_err(|error| Error::io(format!("thread {thread} of the load cannot write: {error}")))?;
    }
    Ok(written)
}
