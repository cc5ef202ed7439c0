//! The batch loop with a writer in a shared library.

use std::io;
use std::path::Path;

use arrow::array::RecordBatch;
use arrow::ffi::FFI_ArrowSchema;
use serde_json::Value;

use crate::clock::{Calls, now_ns, timed};
use crate::feed::{Feed, FeedEnd};
use crate::flag_watch::{FlagWatch, Whose};
use crate::handover::{Handed, Handover};
use crate::library::{LoadedWriter, WriterLibrary};
use crate::peak::{self, Scale};
use crate::phase::{Phase, Phases as WatchedPhases};
use crate::profile::Sampler;
use crate::protocol::{BusySteps, Crossed, Done, HandoverKind, Io, Measurement, Phases, WorkerJob};
use crate::run::{self, Ending};
use crate::settle::{Settled, settle};
use crate::weigh::Usage;
use crate::{Failure, Step, arrow_bytes, lent, process_tree, start};

/// Write calls after which the calling thread itself looks for O_DIRECT.
const LOOKS: u64 = 8;

/// Runs the job through the library.
///
/// # Errors
/// At whichever step; the writer has been aborted and destroyed then, and files may be left.
pub fn write(job: &WorkerJob, path: &Path) -> Result<Done, Failure> {
    process_tree::adopt_orphans();
    let library = WriterLibrary::load(path)?;
    let settled = settle(job, library.capabilities())?;
    let source = run::open_source(job)?;
    let failed = |error: arrow::error::ArrowError| Failure::new(Step::Source, error);
    let schema = source.schema();
    let exported = FFI_ArrowSchema::try_from(schema.as_ref()).map_err(failed)?;
    let handover = Handover::new(job.switches.handover, &schema).map_err(failed)?;
    start::await_others(job)?;
    let watch = match job.switches.io {
        Io::Direct => {
            Some(FlagWatch::start(Whose::Own, &job.directory, library.capabilities().metadata_folders()).map_err(
                |error| Failure::system(Step::Job, format_args!("resolving {}", job.directory.display()), &error),
            )?)
        }
        Io::Buffered => None,
    };

    let phase = WatchedPhases::open(job.phases.as_ref()).map_err(phase_failure)?;
    // Started before the scale is reset: its own memory is none of the writer's.
    let sampling = job.profile.then(Sampler::start).transpose();
    let scale = Scale::reset();
    let usage = Usage::of_self();
    phase.enter(Phase::Create).map_err(phase_failure)?;
    let begun = now_ns();
    // A thread of the source works while the writer is created, as it does throughout.
    let feed = Feed::start(source, job.overlap);
    let mut writer = match library.create(&job.target, &settled.options, &job.nonce, &exported) {
        Ok(writer) => writer,
        Err(failure) => {
            feed.end();
            return Err(failure);
        }
    };
    let created = now_ns();
    phase.enter(Phase::Write).map_err(phase_failure)?;
    let mut passage = Passage::new(job, handover, watch.as_ref(), &phase, begun);
    let outcome = passage.drive(&mut writer, feed, &settled);
    let returned = now_ns();
    let closed = match outcome {
        Ok(closed) => closed,
        Err(mut failure) => {
            if let Some(complaint) = writer.abort() {
                failure.message.push_str("; then ");
                failure.message.push_str(&complaint);
            }
            writer.destroy();
            return Err(failure);
        }
    };
    phase.enter(Phase::Sync).map_err(phase_failure)?;
    let ending = match run::end(job, watch.as_ref().map(FlagWatch::end).as_ref()) {
        Ok(ending) => ending,
        Err(failure) => {
            writer.destroy();
            return Err(failure);
        }
    };
    phase.enter(Phase::Durable).map_err(phase_failure)?;
    let used = usage.until_now();
    let had_processes = used.had_children() || process_tree::has_children();
    let weight = scale.and_then(Scale::read);
    // Naming what was sampled takes memory, and needs the library in its place.
    let sampled = sampling.map(|sampler| sampler.map(Sampler::end));
    writer.destroy();
    let left_running = process_tree::end_those_of_writer();

    let Closed { writer_says, feed: FeedEnd { busy, notes: mut warnings }, closing } = closed;
    let Ending { files_after_close, direct, unwritten_pages, sync_ns, spawn_to_durable_ns } = ending;
    let (rss, of_memory) = peak::reported(weight, had_processes);
    warnings.extend(of_memory);
    warnings.extend(lent::complaints());
    warnings.extend(left_running);
    let stacks = sampled.unwrap_or_else(|why| {
        warnings.push(format!("profile not measured: {why}"));
        None
    });
    let said = |key: &str| writer_says.get(key).and_then(Value::as_u64);
    let busy_ns = BusySteps {
        generate: busy.generate_ns,
        convert: busy.convert_ns,
        hand_over: passage.hand_over_ns,
        encode: said("encodeNs"),
        write: said("writeNs"),
    };
    let crossed = Crossed {
        calls: passage.calls.count(),
        flushes: passage.flushes,
        rows: passage.rows,
        bytes: passage.bytes,
        handover: match job.switches.handover {
            HandoverKind::Copy => "copy",
            HandoverKind::Pointer => "pointer",
        },
        addresses_proved: said_fold(&writer_says).map(|fold| fold == Some(passage.fold)),
        batching_by: run::batching_by(job, settled.engine_collects),
    };
    let return_ns = returned - begun;
    let measurement = Measurement {
        rows: passage.rows,
        arrow_bytes: passage.bytes,
        disk_bytes: files_after_close.iter().map(|file| file.bytes).sum(),
        return_ns,
        durable_ns: return_ns + sync_ns,
        spawn_to_durable_ns,
        phases_ns: Phases {
            create: created - begun,
            first_write: passage.first_write_ns,
            writes: closing - created,
            close: returned - closing,
            sync: sync_ns,
        },
        busy_ns,
        call_ns: passage.calls.times(),
        rss,
        cpu_ns: used.cpu(),
        io: used.io(),
        page_faults: used.page_faults(),
        context_switches: used.context_switches(),
        allocations: used.allocations(),
        direct,
        unwritten_pages,
        v8: (),
        memory_limit: (),
        profile: (),
    };
    Ok(Done {
        begun_at_ns: begun,
        measurement,
        crossed,
        files: run::stamps(job)?,
        files_after_close,
        stacks,
        writer_says,
        capabilities: library.capabilities().document.clone(),
        warnings,
    })
}

fn phase_failure(error: io::Error) -> Failure {
    Failure::system(Step::Job, "the file of phases", &error)
}

/// `addressFold` of the writer's report: absent, or there and perhaps not a number.
fn said_fold(writer_says: &Value) -> Option<Option<u64>> {
    match writer_says.get("addressFold")? {
        Value::Null => None,
        Value::String(text) => Some(u64::from_str_radix(text.trim_start_matches("0x"), 16).ok()),
        _ => Some(None),
    }
}

/// What is known once close has returned.
struct Closed {
    writer_says: Value,
    feed: FeedEnd,
    /// When the close phase began.
    closing: u64,
}

/// Batches on their way, counted.
struct Passage<'a> {
    flush_every: u64,
    handover: Handover,
    watch: Option<&'a FlagWatch>,
    phase: &'a WatchedPhases,
    begun: u64,
    first_write_ns: u64,
    hand_over_ns: u64,
    calls: Calls,
    flushes: u64,
    rows: u64,
    bytes: u64,
    fold: u64,
}

impl<'a> Passage<'a> {
    fn new(
        job: &WorkerJob,
        handover: Handover,
        watch: Option<&'a FlagWatch>,
        phase: &'a WatchedPhases,
        begun: u64,
    ) -> Self {
        Self {
            flush_every: job.flush_every,
            handover,
            watch,
            phase,
            begun,
            first_write_ns: 0,
            hand_over_ns: 0,
            calls: Calls::default(),
            flushes: 0,
            rows: 0,
            bytes: 0,
            fold: 0,
        }
    }

    fn drive(&mut self, writer: &mut LoadedWriter, mut feed: Feed, settled: &Settled) -> Result<Closed, Failure> {
        let mut collected = Vec::new();
        let passed = self.pass(writer, &mut feed, settled, &mut collected);
        let feed = feed.end();
        passed?;
        self.phase.enter(Phase::Close).map_err(phase_failure)?;
        let closing = now_ns();
        for handed in collected {
            self.write(writer, handed)?;
        }
        if let Some(watch) = self.watch {
            watch.look();
        }
        let writer_says = writer.close()?;
        Ok(Closed { writer_says, feed, closing })
    }

    fn pass(
        &mut self,
        writer: &mut LoadedWriter,
        feed: &mut Feed,
        settled: &Settled,
        collected: &mut Vec<Handed>,
    ) -> Result<(), Failure> {
        while let Some(batch) = feed.pull().map_err(run::source_failure)? {
            let handed = self.hand_over(batch)?;
            if settled.engine_collects { collected.push(handed) } else { self.write(writer, handed)? }
        }
        Ok(())
    }

    fn hand_over(&mut self, batch: RecordBatch) -> Result<Handed, Failure> {
        self.rows += batch.num_rows() as u64;
        let bytes = arrow_bytes::of_batch(&batch);
        self.bytes += bytes;
        let handover = &mut self.handover;
        let handed = timed(&mut self.hand_over_ns, || handover.hand_over(batch, bytes))
            .map_err(|error| Failure::new(Step::Write, format!("handing over a batch: {error}")))?;
        self.fold = self.fold.wrapping_add(handed.fold);
        Ok(handed)
    }

    fn write(&mut self, writer: &mut LoadedWriter, handed: Handed) -> Result<(), Failure> {
        let batch = self.calls.count() + 1;
        let begun = now_ns();
        let written = writer.write_batch(handed, batch);
        let ended = now_ns();
        self.calls.add(ended - begun);
        if batch == 1 {
            self.first_write_ns = ended - self.begun;
        }
        written?;
        if let Some(watch) = self.watch.filter(|_| batch <= LOOKS) {
            watch.look();
        }
        if self.flush_every > 0 && batch.is_multiple_of(self.flush_every) {
            self.flushes += 1;
            if let Some(watch) = self.watch {
                watch.look_before_closing();
            }
            self.phase.enter(Phase::Flush).map_err(phase_failure)?;
            writer.flush(batch)?;
            self.phase.flushed(self.flushes);
            self.phase.enter(Phase::Write).map_err(phase_failure)?;
        }
        Ok(())
    }
}
