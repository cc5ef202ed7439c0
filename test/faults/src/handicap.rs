//! What makes an honest writer slower or larger by a known amount, and damages nothing: it proves that a gate sees it.

use std::time::{Duration, Instant};

use arrow::array::{Array, RecordBatch};
use serde_json::{Map, Value, json};
use writeproof_abi::Error;

/// Less is saved up: a sleep takes some 60 µs longer than it is told.
const LEAST_LOSS: Duration = Duration::from_millis(1);
const PAGE_BYTES: usize = 4096;

/// What it costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cost {
    /// Time of a processor: a share of what each call of the writer takes.
    Spin,
    /// Time alone, likewise.
    Sleep,
    /// Memory until close: a share of each batch where the writer accumulates; so many bytes from create on where it streams.
    Memory,
}

/// Options of the handicaps' own.
pub(crate) struct Own {
    share: f64,
    bytes: usize,
}

impl Own {
    /// Takes them out of `options`.
    pub fn take(options: &mut Map<String, Value>) -> Result<Self, Error> {
        let ill = |name: &str, value: &Value, expected: &str| {
            Error::new(format!("option {name} is {value}; expected {expected}"))
        };
        let given = options.remove("share").unwrap_or(json!(0.05));
        let share = given
            .as_f64()
            .filter(|share| (0.0..=100.0).contains(share))
            .ok_or_else(|| ill("share", &given, "a number from 0 to 100"))?;
        let given = options.remove("bytes").unwrap_or(json!(8 << 20));
        let bytes = given.as_u64().and_then(|bytes| usize::try_from(bytes).ok());
        Ok(Self { share, bytes: bytes.ok_or_else(|| ill("bytes", &given, "bytes, a whole number"))? })
    }

    pub fn declare(options: &mut Value) {
        options["share"] = json!({ "default": 0.05, "help": "share of time or memory that a handicap costs" });
        options["bytes"] = json!({ "default": 8 << 20, "help": "bytes that more-memory holds where it streams" });
    }
}

/// A cost on its way.
pub(crate) struct Handicap {
    cost: Cost,
    share: f64,
    accumulates: bool,
    /// Not lost yet; negative where more was lost than was due.
    due_seconds: f64,
    held: Vec<Vec<u8>>,
    paid: bool,
}

impl Handicap {
    pub fn new(cost: Cost, own: &Own, accumulates: bool) -> Self {
        let mut handicap = Self { cost, share: own.share, accumulates, due_seconds: 0.0, held: vec![], paid: false };
        if cost == Cost::Memory && !accumulates {
            handicap.hold(own.bytes);
        }
        handicap
    }

    /// Whether batches are to be looked at.
    pub fn looks(&self) -> bool {
        self.cost == Cost::Memory && self.accumulates
    }

    /// Holds and touches a share of the batch's bytes.
    pub fn took(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        if !self.looks() {
            return Ok(());
        }
        let sizes = batch.columns().iter().map(|column| column.to_data().get_slice_memory_size());
        let bytes = sizes.sum::<Result<usize, _>>().map_err(Error::new)?;
        self.hold((bytes as f64 * self.share) as usize);
        Ok(())
    }

    fn hold(&mut self, bytes: usize) {
        let mut block = vec![0_u8; bytes];
        // Zeroed memory is not there before it is written.
        block.iter_mut().step_by(PAGE_BYTES).for_each(|byte| *byte = 1);
        self.paid |= bytes > 0;
        self.held.push(std::hint::black_box(block));
    }

    /// Loses a share of the time since `began`, once it is worth it.
    pub fn after(&mut self, began: Instant) {
        if self.cost != Cost::Memory {
            self.due_seconds += began.elapsed().as_secs_f64() * self.share;
            if self.due_seconds >= LEAST_LOSS.as_secs_f64() {
                self.lose();
            }
        }
    }

    fn lose(&mut self) {
        let Ok(due) = Duration::try_from_secs_f64(self.due_seconds) else { return };
        let began = Instant::now();
        if self.cost == Cost::Sleep {
            std::thread::sleep(due);
        } else {
            while began.elapsed() < due {
                std::hint::spin_loop();
            }
        }
        self.due_seconds -= began.elapsed().as_secs_f64();
        self.paid |= due > Duration::ZERO;
    }

    /// Loses what is still due, and gives memory back. Whether it cost anything.
    pub fn end(&mut self) -> bool {
        if self.cost != Cost::Memory {
            self.lose();
        }
        self.held.clear();
        self.paid
    }
}
