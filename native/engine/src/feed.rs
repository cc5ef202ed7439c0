//! Batches for the loop: pulled in turn, or made ahead of it by a thread of the source's own.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

use arrow::array::RecordBatch;
use writeproof_tables::{BatchSource, Busy, SourceError};

/// Batches that may wait between the source's thread and the writer's.
const QUEUE_BATCHES: usize = 3;

type Pulled = Result<RecordBatch, SourceError>;

/// Batches in the table's order.
pub enum Feed {
    /// The caller's thread makes each batch when it asks for it.
    InTurn(Box<dyn BatchSource>),
    /// A thread works ahead, as far as the queue is long.
    Ahead {
        /// Filled by the thread; closed after the last batch or the first failure.
        queue: Receiver<Pulled>,
        /// Gives the source back.
        thread: JoinHandle<Box<dyn BatchSource>>,
    },
}

/// What a source says of itself once it is done with.
#[derive(Debug, Default)]
pub struct FeedEnd {
    /// Busy time.
    pub busy: Busy,
    /// Sentences.
    pub notes: Vec<String>,
}

impl Feed {
    /// Starts a feed; with `overlap` its thread begins at once.
    pub fn start(mut source: Box<dyn BatchSource>, overlap: bool) -> Self {
        if !overlap {
            return Self::InTurn(source);
        }
        let (send, queue) = sync_channel(QUEUE_BATCHES);
        let thread = std::thread::spawn(move || {
            while let Some(pulled) = source.next().transpose() {
                let failed = pulled.is_err();
                // Nobody receives any more when the writer has failed.
                if send.send(pulled).is_err() || failed {
                    break;
                }
            }
            source
        });
        Self::Ahead { queue, thread }
    }

    /// The next batch; `None` after the last.
    ///
    /// # Errors
    /// When the source fails.
    pub fn pull(&mut self) -> Result<Option<RecordBatch>, SourceError> {
        match self {
            Self::InTurn(source) => source.next(),
            Self::Ahead { queue, .. } => queue.recv().ok().transpose(),
        }
    }

    /// Ends the source, also before its last batch. A panic of its thread goes on in the caller's: an ended queue must not
    /// pass for an ended table.
    pub fn end(self) -> FeedEnd {
        let source = match self {
            Self::InTurn(source) => source,
            Self::Ahead { queue, thread } => {
                drop(queue);
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            }
        };
        FeedEnd { busy: source.busy(), notes: source.notes() }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use arrow::array::Int64Array;
    use arrow::datatypes::{DataType, Field, Schema, SchemaRef};

    use super::*;

    struct Counting {
        made: Arc<AtomicUsize>,
        batches: usize,
    }

    impl BatchSource for Counting {
        fn schema(&self) -> SchemaRef {
            Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, false)]))
        }

        fn next(&mut self) -> Result<Option<RecordBatch>, SourceError> {
            let number = self.made.load(Ordering::SeqCst);
            if number == self.batches {
                return Ok(None);
            }
            self.made.fetch_add(1, Ordering::SeqCst);
            let column = Int64Array::from(vec![number as i64]);
            Ok(Some(RecordBatch::try_new(self.schema(), vec![Arc::new(column)])?))
        }

        fn busy(&self) -> Busy {
            Busy { generate_ns: 42, convert_ns: 7 }
        }
    }

    fn numbers(overlap: bool, take: usize) -> (Vec<i64>, usize, Busy) {
        let made = Arc::new(AtomicUsize::new(0));
        let mut feed = Feed::start(Box::new(Counting { made: Arc::clone(&made), batches: 50 }), overlap);
        let mut numbers = Vec::new();
        while numbers.len() < take
            && let Some(batch) = feed.pull().expect("counting does not fail")
        {
            let column = batch.column(0).as_any().downcast_ref::<Int64Array>().expect("an int64 column");
            numbers.push(column.value(0));
        }
        let busy = feed.end().busy;
        (numbers, made.load(Ordering::SeqCst), busy)
    }

    #[test]
    fn both_ways_give_the_same_batches_in_order() {
        let all: Vec<i64> = (0..50).collect();
        let busy = Busy { generate_ns: 42, convert_ns: 7 };
        assert_eq!(numbers(false, usize::MAX), (all.clone(), 50, busy));
        assert_eq!(numbers(true, usize::MAX), (all, 50, busy));
    }

    #[test]
    fn a_thread_works_ahead_no_further_than_the_queue() {
        let (taken, made, _) = numbers(true, 5);
        assert_eq!(taken, [0, 1, 2, 3, 4]);
        assert!((5..=5 + QUEUE_BATCHES + 1).contains(&made), "{made}");
        assert_eq!(numbers(false, 5).1, 5);
    }
}
