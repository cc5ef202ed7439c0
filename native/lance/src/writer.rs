//! The steps of `writeproof.h`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use arrow_schema::{Schema, SchemaRef};
use lance_core::utils::tokio::get_num_compute_intensive_cpus;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use writeproof_abi::{ArrowArray, ArrowSchema, CreateArgs, Error, NONCE_KEY, Writer};
use writeproof_sink::Report;
use writeproof_writer::{Batching, Imported, import, import_schema};

use crate::capabilities::capabilities;
use crate::dataset::Dataset;
use crate::options::Options;

/// Writes one dataset.
pub struct LanceWriter {
    schema: SchemaRef,
    batching: Batching,
    /// Drives Lance on the thread that calls; pages are encoded on threads that Lance keeps for that, and that stay.
    runtime: Runtime,
    /// None once given up.
    dataset: Option<Dataset>,
    /// Steps kept for close (batching at_close).
    held: Vec<Step>,
    rows: usize,
    address_fold: u64,
    busy: Duration,
    closed: bool,
}

enum Step {
    Batch(Imported),
    Flush,
}

impl LanceWriter {
    fn step(&mut self, step: Step) -> Result<(), Error> {
        match self.batching {
            Batching::AtClose if !self.closed => {
                self.held.push(step);
                Ok(())
            }
            _ => self.encode(step),
        }
    }

    fn encode(&mut self, step: Step) -> Result<(), Error> {
        let dataset = self.dataset.as_mut().filter(|_| !self.closed);
        let Some(dataset) = dataset else {
            return Err(Error::new("the writer is closed or was given up; it takes no more"));
        };
        let began = Instant::now();
        let done = match step {
            Step::Flush => self.runtime.block_on(dataset.flush()),
            Step::Batch(imported) => {
                self.rows += imported.batch.num_rows();
                self.address_fold = self.address_fold.wrapping_add(imported.address_fold);
                self.runtime.block_on(dataset.write(&imported.batch))
            }
        };
        self.busy += began.elapsed();
        done
    }

    fn report(&self, dataset: &Dataset) -> Value {
        let sum = |figure: fn(&Report) -> u64| dataset.reports().iter().map(figure).sum::<u64>();
        let nanoseconds = |duration: &Duration| duration.as_nanos() as u64;
        let commits: Vec<u64> = dataset.commits().iter().map(nanoseconds).collect();
        let write_ns = sum(|report| report.write_ns);
        let encode_ns = nanoseconds(&self.busy).saturating_sub(write_ns + commits.iter().sum::<u64>());
        let last = dataset.reports().last();
        json!({
            "rows": self.rows,
            "bytes": sum(|report| report.bytes),
            "threads": get_num_compute_intensive_cpus(),
            "encodeNs": encode_ns,
            "writeNs": write_ns,
            "addressFold": format!("{:016x}", self.address_fold),
            "fragments": dataset.reports().len(),
            "commits": {
                "count": commits.len(),
                "totalNs": commits.iter().sum::<u64>(),
                "firstNs": commits.first(),
                "lastNs": commits.last(),
            },
            "io": {
                "mode": last.map(|report| report.mode.as_str()),
                "registeredBuffers": last.map(|report| report.registered_buffers),
                "operations": sum(|report| report.operations),
                "shortWrites": sum(|report| report.short_writes),
                "notes": last.map_or(&[][..], |report| &report.notes),
            },
        })
    }
}

/// Says how many threads encode, before Lance looks: it does once a process. Its own default is the machine's cores less two.
fn set_encoding_threads(threads: usize) {
    // SAFETY: Rust's own readers take the same lock, and nothing that C code reads here is a variable of the environment.
    unsafe { std::env::set_var("LANCE_CPU_THREADS", threads.to_string()) };
}

impl Writer for LanceWriter {
    fn capabilities() -> Value {
        capabilities()
    }

    fn create(args: &CreateArgs) -> Result<Self, Error> {
        let options = Options::read(&args.options)?;
        // SAFETY: the header asks for a valid schema during create.
        let schema = unsafe { import_schema(args.schema)? };
        set_encoding_threads(options.threads);
        let mut metadata = schema.metadata().clone();
        metadata.insert(NONCE_KEY.to_owned(), args.nonce.clone());
        let stored = Schema::new_with_metadata(schema.fields().clone(), metadata);
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let batching = options.batching;
        let dataset = Dataset::create(&args.target, &stored, options)?;
        Ok(Self {
            schema: Arc::clone(&schema),
            batching,
            runtime,
            dataset: Some(dataset),
            held: Vec::new(),
            rows: 0,
            address_fold: 0,
            busy: Duration::ZERO,
            closed: false,
        })
    }

    unsafe fn write_batch(&mut self, array: *mut ArrowArray, schema: *mut ArrowSchema) -> Result<(), Error> {
        // SAFETY: the header asks for valid structs and gives them away.
        let imported = unsafe { import(array, schema, &self.schema)? };
        self.step(Step::Batch(imported))
    }

    fn flush(&mut self) -> Result<(), Error> {
        self.step(Step::Flush)
    }

    fn close(&mut self) -> Result<Value, Error> {
        let held = std::mem::take(&mut self.held);
        if self.closed {
            return Err(Error::new("the writer was closed before"));
        }
        for step in held {
            self.encode(step)?;
        }
        let dataset = self.dataset.as_mut().ok_or_else(|| Error::new("the writer was given up before"))?;
        let began = Instant::now();
        self.runtime.block_on(dataset.finish())?;
        self.busy += began.elapsed();
        self.closed = true;
        Ok(self.dataset.as_ref().map_or(Value::Null, |dataset| self.report(dataset)))
    }

    fn abort(&mut self) -> Result<(), Error> {
        self.held.clear();
        self.closed = false;
        self.dataset.take().map_or(Ok(()), Dataset::abort)
    }
}

impl Drop for LanceWriter {
    fn drop(&mut self) {
        if !self.closed {
            // Neither closed nor given up: half a dataset is of no use, and nobody is left to hear of an error.
            let _ = self.abort();
        }
    }
}
