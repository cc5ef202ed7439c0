//! A job whose writer is a command: batches go to it as an Arrow IPC stream on a pipe, or it makes them itself.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use arrow::datatypes::{Schema, SchemaRef};
use arrow::error::ArrowError;
use arrow::ipc::writer::StreamWriter;
use serde_json::{Value, json};

use crate::clock::{Calls, now_ns};
use crate::command::{self, End};
use crate::feed::{Feed, FeedEnd};
use crate::flag_watch::{FlagWatch, Whose};
use crate::process_tree::{self, TreeWatch};
use crate::protocol::{BusySteps, CommandInput, Crossed, Done, Io, Measurement, Phases, Rss, WorkerJob};
use crate::run::{self, Ending};
use crate::tail::Tail;
use crate::unread::{Input, Taken};
use crate::{Failure, Step, arrow_bytes, start};

const STDOUT_KEPT_BYTES: usize = 4 << 10;
const STDERR_KEPT_BYTES: usize = 2 << 10;

/// Runs the job through the command.
///
/// # Errors
/// When the source fails, the command cannot be started, does not take all batches, or does not exit with 0.
pub fn write(job: &WorkerJob, argv: &[String], input: CommandInput) -> Result<Done, Failure> {
    let source = match input {
        CommandInput::ArrowStream => Some(run::open_source(job)?),
        CommandInput::None => None,
    };
    let schema = source.as_ref().map(|source| with_nonce(&source.schema(), &job.nonce));
    process_tree::adopt_orphans();
    let argv = command::filled(argv, &job.target, &job.directory);
    let program = argv.first().cloned().unwrap_or_default();
    let failed = |what: &str, error: &io::Error| {
        Failure::system(Step::Command, format_args!("command `{program}` {what}"), error)
    };

    start::await_others(job)?;
    let begun = now_ns();
    let mut child =
        command::spawn(&argv, &job.directory, source.is_some()).map_err(|error| failed("cannot be started", &error))?;
    let created = now_ns();
    let watch = TreeWatch::start();
    let flags = (job.switches.io == Io::Direct)
        .then(|| FlagWatch::start(Whose::Descendants, &job.directory, &[]))
        .transpose()
        .map_err(|error| failed("cannot be watched", &error))?;
    let tail_of = |stream: Option<Box<dyn io::Read + Send>>, keep| {
        Tail::follow(stream.unwrap_or_else(|| Box::new(io::empty())), keep)
    };
    let (stdout, reading_stdout) = tail_of(child.stdout.take().map(|stream| Box::new(stream) as _), STDOUT_KEPT_BYTES);
    let (stderr, reading_stderr) = tail_of(child.stderr.take().map(|stream| Box::new(stream) as _), STDERR_KEPT_BYTES);

    let mut sent = Sent::default();
    let mut feed_end = FeedEnd::default();
    let mut sending = Ok(());
    if let (Some(source), Some(schema), Some(stdin)) = (source, schema, child.stdin.take()) {
        let mut feed = Feed::start(source, job.overlap);
        let input = Input::new(stdin, || command::has_ended(&child));
        sending = sent.send(&mut feed, &schema, input, begun);
        feed_end = feed.end();
        if matches!(&sending, Err(Unsent::Source(_))) {
            // What it has is no table: it must not go on to make one of it.
            let _ = child.kill();
        }
    }
    let closing = now_ns();
    let mut returned = closing;
    let mut outliving = 0;
    let waited = command::wait(&child, || {
        returned = now_ns();
        outliving = process_tree::descendants().len();
    });
    let killed = process_tree::end_leftovers();
    if outliving.max(killed) > 0 {
        // The command's work goes on as long as one of its processes.
        returned = now_ns();
    }
    let peak_bytes = watch.end();
    for thread in [reading_stdout, reading_stderr] {
        // It does not panic; what it read is in its tail.
        let _ = thread.join();
    }
    let (end, used) = waited.map_err(|error| failed("cannot be waited for", &error))?;
    judge(&program, end, sending, &sent, &stderr.text())?;

    let Ending { files_after_close, direct, unwritten_pages, sync_ns, spawn_to_durable_ns } =
        run::end(job, flags.as_ref().map(FlagWatch::end).as_ref())?;
    let mut warnings = feed_end.notes;
    run::warn_unread(&mut warnings, peak_bytes.is_some(), "peak memory of the command");
    if outliving.max(killed) > 0 {
        warnings.push(outlived(&program, outliving, killed));
    }
    if job.profile {
        warnings
            .push("profile not measured: it is sampled within the worker, and a command runs outside of it".to_owned());
    }
    let return_ns = returned - begun;
    let crossed = Crossed {
        calls: sent.calls.count(),
        flushes: 0,
        rows: sent.rows,
        bytes: sent.bytes,
        handover: match input {
            CommandInput::ArrowStream => "pipe",
            CommandInput::None => "none",
        },
        addresses_proved: None,
        batching_by: "none",
    };
    let measurement = Measurement {
        rows: sent.rows,
        arrow_bytes: sent.bytes,
        disk_bytes: files_after_close.iter().map(|file| file.bytes).sum(),
        return_ns,
        durable_ns: return_ns + sync_ns,
        spawn_to_durable_ns,
        phases_ns: Phases {
            create: created - begun,
            first_write: sent.first_write_ns,
            writes: closing - created,
            close: returned - closing,
            sync: sync_ns,
        },
        busy_ns: BusySteps {
            generate: feed_end.busy.generate_ns,
            convert: feed_end.busy.convert_ns,
            hand_over: sent.busy_ns,
            encode: None,
            write: None,
        },
        call_ns: sent.calls.times(),
        rss: peak_bytes.map(|peak_bytes| Rss { before_bytes: 0, peak_bytes, growth_bytes: peak_bytes }),
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
        stacks: None,
        writer_says: json!({"stdout": stdout.text(), "stderr": stderr.text()}),
        capabilities: Value::Null,
        warnings,
    })
}

/// The sentence on processes that outlived the command.
fn outlived(program: &str, outliving: usize, killed: usize) -> String {
    if killed > 0 {
        process_tree::left_running(&format!("command `{program}`"), killed)
    } else {
        format!(
            "command `{program}` exited while {outliving} of its processes were still running; the time to return is that of \
             the last one's end"
        )
    }
}

/// The schema of the stream: the table's, with the nonce as every writer is to store it.
fn with_nonce(schema: &SchemaRef, nonce: &str) -> SchemaRef {
    let mut metadata = schema.metadata().clone();
    metadata.insert(writeproof_abi::NONCE_KEY.to_owned(), nonce.to_owned());
    Arc::new(Schema::new_with_metadata(schema.fields().clone(), metadata))
}

/// Why a stream did not reach its end.
enum Unsent {
    Source(Failure),
    Pipe(ArrowError),
    Unread(Taken),
}

impl Unsent {
    fn of_pipe(error: ArrowError) -> Self {
        let taken = match &error {
            ArrowError::IoError(_, source) => source.get_ref().and_then(|inner| inner.downcast_ref::<Taken>()).copied(),
            _ => None,
        };
        taken.map_or(Self::Pipe(error), Self::Unread)
    }
}

/// What went through the pipe.
#[derive(Default)]
struct Sent {
    calls: Calls,
    rows: u64,
    bytes: u64,
    busy_ns: u64,
    first_write_ns: u64,
}

impl Sent {
    fn send(
        &mut self,
        feed: &mut Feed,
        schema: &SchemaRef,
        input: Input<impl Fn() -> bool>,
        begun: u64,
    ) -> Result<(), Unsent> {
        // A pipe holds 64 KiB, so larger blocks save no calls; smaller ones would cost some.
        let pipe = BufWriter::with_capacity(64 << 10, input);
        let mut stream = StreamWriter::try_new(pipe, schema).map_err(Unsent::of_pipe)?;
        while let Some(batch) = feed.pull().map_err(|error| Unsent::Source(run::source_failure(error)))? {
            let writing = now_ns();
            stream.write(&batch).map_err(Unsent::of_pipe)?;
            let written = now_ns();
            self.calls.add(written - writing);
            self.busy_ns += written - writing;
            if self.calls.count() == 1 {
                self.first_write_ns = written - begun;
            }
            self.rows += batch.num_rows() as u64;
            self.bytes += arrow_bytes::of_batch(&batch);
        }
        stream.finish().map_err(Unsent::of_pipe)?;
        stream.get_mut().flush().map_err(|error| Unsent::of_pipe(error.into()))?;
        let taken = stream.get_ref().get_ref().taken();
        if taken.is_all() { Ok(()) } else { Err(Unsent::Unread(taken)) }
    }
}

/// A command has done its work when it took the whole stream and exited with 0.
fn judge(program: &str, end: End, sending: Result<(), Unsent>, sent: &Sent, stderr: &str) -> Result<(), Failure> {
    let said =
        if stderr.is_empty() { "it wrote nothing to stderr".to_owned() } else { format!("its stderr ends: {stderr}") };
    let refuse = |errno, what: String| Err(Failure { step: Step::Command, errno, message: format!("{what}; {said}") });
    match (end, sending) {
        (_, Err(Unsent::Source(failure))) => Err(failure),
        (End::Signalled(signal), _) => {
            refuse(None, format!("command `{program}` was ended by {}", command::signal_name(signal)))
        }
        (End::Exited(status), _) if status != 0 => {
            refuse(None, format!("command `{program}` exited with status {status}"))
        }
        (End::Exited(_), Err(Unsent::Pipe(error))) => {
            let errno = match &error {
                ArrowError::IoError(_, source) => source.raw_os_error(),
                _ => None,
            };
            let what = if errno == Some(libc::EPIPE) {
                format!(
                    "command `{program}` closed its stdin after {} batches ({} rows), before the end of the stream, and exited \
                     with status 0: it cannot have written the table",
                    sent.calls.count(),
                    sent.rows
                )
            } else {
                format!("the stream to command `{program}` broke after {} batches: {error}", sent.calls.count())
            };
            refuse(errno, what)
        }
        (End::Exited(_), Err(Unsent::Unread(Taken { read_bytes, sent_bytes }))) => refuse(
            None,
            format!(
                "command `{program}` read {} of the {sent_bytes} bytes of its stdin ({} batches, {} rows) and exited with status \
                 0: it cannot have written the table",
                if read_bytes == 0 { "none".to_owned() } else { read_bytes.to_string() },
                sent.calls.count(),
                sent.rows
            ),
        ),
        (End::Exited(_), Ok(())) => Ok(()),
    }
}
