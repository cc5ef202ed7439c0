use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use arrow::array::RecordBatch;
use arrow::datatypes::SchemaRef;

use crate::count::{Lines, rows_of_unit, units};
use crate::pool::Pool;
use crate::rows::{Reader, Table};
use crate::{Request, SourceError};

/// Rows that a thread makes before the next thread's turn, about.
const CHUNK_ROWS: usize = 32_768;

type Message = Result<Option<RecordBatch>, SourceError>;

/// Threads that take turns: chunk `c` of so many batches is made by thread `c` modulo their number. Chunks are cut at whole batches, so
/// that batches are the same for any number of threads. A thread runs at most one chunk ahead of what was taken from it.
pub(crate) struct Threads {
    receivers: Vec<Receiver<Message>>,
    handles: Vec<JoinHandle<()>>,
    chunk_batches: u64,
    taken: u64,
    busy_ns: Arc<AtomicU64>,
}

impl Threads {
    /// Starts the threads; `spent` is what was spent before.
    ///
    /// # Errors
    /// When the system gives no more threads.
    pub(crate) fn spawn<T: Table>(
        request: &Request,
        schema: &SchemaRef,
        pool: &'static Pool,
        spent: Duration,
    ) -> std::io::Result<Self> {
        let chunk_batches = (CHUNK_ROWS / request.batch_rows).max(1);
        let busy_ns = Arc::new(AtomicU64::new(spent.as_nanos() as u64));
        let mut threads =
            Self { receivers: Vec::new(), handles: Vec::new(), chunk_batches: chunk_batches as u64, taken: 0, busy_ns };
        for first in 0..request.threads {
            let (sender, receiver) = sync_channel(chunk_batches);
            let worker = Worker {
                request: request.clone(),
                schema: schema.clone(),
                pool,
                chunk_batches: chunk_batches as u64,
                sender,
                busy_ns: threads.busy_ns.clone(),
            };
            threads.receivers.push(receiver);
            let named = thread::Builder::new().name("generate rows".to_string());
            threads.handles.push(named.spawn(move || worker.run::<T>(first as u64))?);
        }
        Ok(threads)
    }

    /// The next batch in the table's order.
    pub(crate) fn next(&mut self) -> Message {
        let turn = (self.taken / self.chunk_batches) as usize % self.receivers.len();
        self.taken += 1;
        self.receivers[turn].recv().unwrap_or_else(|_| {
            Err(SourceError::new("a thread that generates rows ended before the table did; see its panic on stderr"))
        })
    }

    pub(crate) fn busy_ns(&self) -> u64 {
        self.busy_ns.load(Ordering::Relaxed)
    }
}

impl Drop for Threads {
    fn drop(&mut self) {
        // A thread that cannot send any more ends.
        self.receivers.clear();
        for handle in self.handles.drain(..) {
            // Its panic was reported when its batch was asked for.
            let _ = handle.join();
        }
    }
}

struct Worker {
    request: Request,
    schema: SchemaRef,
    pool: &'static Pool,
    chunk_batches: u64,
    sender: SyncSender<Message>,
    busy_ns: Arc<AtomicU64>,
}

impl Worker {
    /// Makes every chunk whose turn it is, until the table ends or nobody listens.
    fn run<T: Table>(self, first: u64) {
        let units_of_part = self.request.units();
        let total = units(&self.request.table, self.request.scale);
        let chunk_rows = self.chunk_batches * self.request.batch_rows as u64;
        let mut lines = Lines::at(units_of_part.start);
        for chunk in (first..).step_by(self.request.threads) {
            let mut start = Instant::now();
            let row = chunk * chunk_rows;
            let place = match rows_of_unit(&self.request.table) {
                None => lines.find(row, units_of_part.end),
                Some(rows) => Some((units_of_part.start + row / rows, row % rows)),
            };
            let Some((unit, skip)) = place.filter(|(unit, _)| *unit < units_of_part.end) else {
                // Sent in turn; when nobody listens, nobody misses it.
                let _ = self.sender.send(Ok(None));
                return;
            };
            let schema = self.schema.clone();
            let mut reader =
                Reader::<T>::new(schema, self.pool, self.request.scale, total, unit..units_of_part.end, skip);
            for _ in 0..self.chunk_batches {
                let batch = reader.next(self.request.batch_rows);
                self.busy_ns.fetch_add(start.elapsed().as_nanos() as u64, Ordering::Relaxed);
                let last = !matches!(batch, Ok(Some(_)));
                if self.sender.send(batch).is_err() || last {
                    return;
                }
                start = Instant::now();
            }
        }
    }
}
