//! Several threads that encode the columns of a row group at the same time.
//!
//! The unit of work is a column, not a row group: one row group a thread would have to keep a row group of batches for each
//! thread, while here some megabytes of batches and one open row group suffice, and the file comes out byte for byte as
//! one thread writes it. Every column has a queue, worked off in order by one thread at a time; a thread that takes a column
//! takes all that is queued, which keeps its dictionary in the cache. The thread that ends the last column of a row group
//! writes that row group, while the others go on with the next one.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Instant;

use arrow::array::{Array, ArrayRef, RecordBatch};
use parquet::arrow::arrow_writer::ArrowColumnChunk;
use parquet::errors::{ParquetError, Result};

use crate::column::ColumnEncoder;
use crate::encoders::nanoseconds;
use crate::file::File;

/// Bytes of batches that may wait or be worked on; a larger batch waits until it is alone.
const HELD_BYTES: usize = 8 << 20;

pub(crate) struct Pool {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

struct Shared {
    state: Mutex<State>,
    /// Something to do, or time to stop.
    work: Condvar,
    /// Bytes were let go, a row group was written, or something failed.
    progress: Condvar,
    file: Mutex<Option<File>>,
}

#[derive(Default)]
struct State {
    columns: Vec<Column>,
    /// Columns with tasks that no thread has taken.
    ready: VecDeque<usize>,
    held_bytes: usize,
    /// Row groups that the caller has ended and that are not yet written, the oldest first; a place for each column.
    groups: VecDeque<Vec<Option<Vec<ArrowColumnChunk>>>>,
    groups_written: usize,
    writing: bool,
    encode_ns: u64,
    failure: Option<String>,
    stopping: bool,
}

struct Column {
    /// Away while a thread works on it.
    encoder: Option<ColumnEncoder>,
    tasks: VecDeque<Task>,
    groups_ended: usize,
}

enum Task {
    Encode { array: ArrayRef, batch: Arc<Held> },
    EndGroup,
}

/// A batch is held until its last column is encoded: all of its columns may share one allocation.
struct Held {
    bytes: usize,
}

impl Pool {
    pub fn start(columns: Vec<ColumnEncoder>, file: File, threads: usize) -> Result<Self> {
        let columns = columns.into_iter();
        let columns = columns.map(|encoder| Column { encoder: Some(encoder), tasks: VecDeque::new(), groups_ended: 0 });
        let shared = Arc::new(Shared {
            state: Mutex::new(State { columns: columns.collect(), ..State::default() }),
            work: Condvar::new(),
            progress: Condvar::new(),
            file: Mutex::new(Some(file)),
        });
        let mut pool = Self { shared, threads: Vec::with_capacity(threads) };
        for index in 0..threads {
            let shared = Arc::clone(&pool.shared);
            let thread = std::thread::Builder::new().name(format!("encode-{index}")).spawn(move || shared.work());
            pool.threads.push(thread?);
        }
        Ok(pool)
    }

    /// Queues a batch; waits while too much is held.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<()> {
        let bytes = batch.columns().iter().map(bytes_of).sum();
        let mut state = self.shared.until(|state| state.held_bytes == 0 || state.held_bytes + bytes <= HELD_BYTES)?;
        if batch.num_columns() > 0 {
            state.held_bytes += bytes;
        }
        let held = Arc::new(Held { bytes });
        for (index, array) in batch.columns().iter().enumerate() {
            state.queue(index, Task::Encode { array: Arc::clone(array), batch: Arc::clone(&held) });
        }
        // Dropped under the lock: a thread that ends the last column must be the one that sees the last of it.
        drop(held);
        drop(state);
        self.shared.work.notify_all();
        Ok(())
    }

    /// Queues the end of a row group; waits for the one before it, so that at most one is written while one is encoded.
    pub fn end_group(&mut self) -> Result<()> {
        let mut state = self.shared.until(|state| state.groups.is_empty())?;
        let places = state.columns.iter().map(|_| None).collect();
        state.groups.push_back(places);
        for index in 0..state.columns.len() {
            state.queue(index, Task::EndGroup);
        }
        drop(state);
        self.shared.work.notify_all();
        Ok(())
    }

    pub fn estimated_bytes(&self) -> Result<usize> {
        let idle =
            |state: &State| state.columns.iter().all(|column| column.encoder.is_some() && column.tasks.is_empty());
        let state = self.shared.until(idle)?;
        let encoders = state.columns.iter().filter_map(|column| column.encoder.as_ref());
        Ok(encoders.map(ColumnEncoder::estimated_bytes).sum())
    }

    /// Waits for everything that is queued, and gives back what the pool was started with, and its busy nanoseconds.
    pub fn finish(mut self) -> Result<(Vec<ColumnEncoder>, File, u64)> {
        drop(self.shared.until(|state| state.groups.is_empty())?);
        self.stop();
        let mut state = self.shared.state();
        let columns = state.columns.drain(..).filter_map(|column| column.encoder).collect();
        let file = self.shared.file.lock().unwrap_or_else(PoisonError::into_inner).take();
        let file = file.ok_or_else(|| ParquetError::General("the file has been ended before".to_owned()))?;
        Ok((columns, file, state.encode_ns))
    }

    fn stop(&mut self) {
        self.shared.state().stopping = true;
        self.shared.work.notify_all();
        for thread in self.threads.drain(..) {
            // A panic of the thread has been caught and kept as the failure.
            let _ = thread.join();
        }
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        self.stop();
    }
}

fn bytes_of(array: &ArrayRef) -> usize {
    array.to_data().get_slice_memory_size().unwrap_or_else(|_| array.get_array_memory_size())
}

impl State {
    fn queue(&mut self, index: usize, task: Task) {
        let column = &mut self.columns[index];
        // With tasks it is in `ready` already; without its encoder, the thread that has it looks again when done.
        if column.tasks.is_empty() && column.encoder.is_some() {
            self.ready.push_back(index);
        }
        column.tasks.push_back(task);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `enough`; a failure of a thread is returned instead.
    fn until(&self, enough: impl Fn(&State) -> bool) -> Result<MutexGuard<'_, State>> {
        let mut state = self.state();
        loop {
            if let Some(failure) = &state.failure {
                return Err(ParquetError::General(failure.clone()));
            }
            if enough(&state) {
                return Ok(state);
            }
            state = self.progress.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Life of one thread.
    fn work(&self) {
        loop {
            let mut state = self.state();
            let index = loop {
                if state.stopping || state.failure.is_some() {
                    return;
                }
                match state.ready.pop_front() {
                    Some(index) => break index,
                    None => state = self.work.wait(state).unwrap_or_else(PoisonError::into_inner),
                }
            };
            let column = &mut state.columns[index];
            let tasks = std::mem::take(&mut column.tasks);
            let Some(mut encoder) = column.encoder.take() else { continue };
            drop(state);

            let outcome = catch_unwind(AssertUnwindSafe(|| self.encode(index, &mut encoder, tasks)));

            let mut state = self.state();
            let column = &mut state.columns[index];
            column.encoder = Some(encoder);
            if !column.tasks.is_empty() {
                state.ready.push_back(index);
            }
            let failure = match outcome {
                Ok(Ok(())) => None,
                Ok(Err(error)) => Some(error.to_string()),
                Err(_) => Some(format!("panic while encoding column {index}")),
            };
            if let Some(failure) = failure {
                state.failure.get_or_insert(failure);
                self.work.notify_all();
            }
            drop(state);
            self.progress.notify_all();
        }
    }

    fn encode(&self, index: usize, encoder: &mut ColumnEncoder, tasks: VecDeque<Task>) -> Result<()> {
        for task in tasks {
            let began = Instant::now();
            match task {
                Task::Encode { array, batch } => {
                    encoder.write(&array)?;
                    let busy = nanoseconds(began);
                    drop(array);
                    let mut state = self.state();
                    state.encode_ns += busy;
                    if let Some(held) = Arc::into_inner(batch) {
                        state.held_bytes -= held.bytes;
                        drop(state);
                        self.progress.notify_all();
                    }
                }
                Task::EndGroup => {
                    let chunks = encoder.end_group()?;
                    let mut state = self.state();
                    state.encode_ns += nanoseconds(began);
                    let place = state.columns[index].groups_ended - state.groups_written;
                    state.columns[index].groups_ended += 1;
                    state.groups[place][index] = Some(chunks);
                    self.write_ended(state)?;
                }
            }
        }
        Ok(())
    }

    /// Writes row groups, in order, as long as the oldest one is complete and no other thread is at it.
    fn write_ended<'a>(&'a self, mut state: MutexGuard<'a, State>) -> Result<()> {
        while !state.writing && state.groups.front().is_some_and(|group| group.iter().all(Option::is_some)) {
            let Some(group) = state.groups.front_mut() else { break };
            let chunks: Vec<_> = group.iter_mut().filter_map(Option::take).flatten().collect();
            state.writing = true;
            drop(state);
            if let Some(file) = self.file.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
                file.append(chunks)?;
            }
            state = self.state();
            state.writing = false;
            state.groups.pop_front();
            state.groups_written += 1;
            self.progress.notify_all();
        }
        Ok(())
    }
}
