//! The JSON that worker and harness exchange: `WorkerJob` and `WorkerReport` of harness/types.ts, field by field.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::phase::PhaseJob;
use crate::profile::Profile;

/// What holds the writer.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Subject {
    /// A shared library behind `writeproof.h`.
    Library {
        /// Its file.
        path: PathBuf,
    },
    /// A program.
    Command {
        /// Program and arguments; `{target}` and `{dir}` are replaced.
        argv: Vec<String>,
        /// What it is sent.
        stdin: CommandInput,
    },
    /// A JavaScript module, which only the Node worker can load.
    Module {
        /// Its file.
        path: PathBuf,
    },
}

/// What a command is sent on its standard input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CommandInput {
    /// The batches as an Arrow IPC stream.
    ArrowStream,
    /// Nothing: the command makes the rows itself.
    None,
}

/// Part `index` (from 1) of `count`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// From 1.
    pub index: u64,
    /// At least `index`.
    pub count: u64,
}

/// Where batches come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// Made in the worker.
    Generated,
    /// Read from a prepared file.
    Prepared,
}

/// When batches are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Batching {
    /// As they come.
    PerBatch,
    /// All at close.
    AtClose,
}

impl Batching {
    /// The text in options and capabilities.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PerBatch => "per_batch",
            Self::AtClose => "at_close",
        }
    }
}

/// How batches cross to a library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HandoverKind {
    /// A deep copy.
    Copy,
    /// The batch's own memory.
    Pointer,
}

/// How bytes reach the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Io {
    /// Through the page cache.
    Buffered,
    /// O_DIRECT.
    Direct,
}

impl Io {
    /// The text in options.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Buffered => "buffered",
            Self::Direct => "direct",
        }
    }
}

/// The three switches that a variant is a name for.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switches {
    /// When batches are written.
    pub batching: Batching,
    /// How they cross.
    pub handover: HandoverKind,
    /// How bytes reach the disk.
    pub io: Io,
}

/// Where workers that are to begin at the same moment wait for each other.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// A directory of theirs alone, in which each leaves a file when it is ready.
    pub directory: PathBuf,
    /// How many they are.
    pub workers: usize,
}

/// One repetition of one case.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WorkerJob {
    /// What holds the writer.
    pub subject: Subject,
    /// Name of the table.
    pub table: String,
    /// Its scale.
    pub scale: f64,
    /// Which part of it.
    pub part: Part,
    /// Where batches come from.
    pub source: SourceKind,
    /// The prepared file.
    pub prepared_path: Option<PathBuf>,
    /// Rows of a batch.
    pub batch_rows: usize,
    /// Encoding threads of the writer.
    pub threads: usize,
    /// The source works ahead on a thread of its own.
    pub overlap: bool,
    /// `flush` after every n batches; 0 never.
    pub flush_every: u64,
    /// Batches of no rows come between those of the table.
    #[serde(default)]
    pub empty_batches: bool,
    /// Batches come as slices of so many rows; 0: whole.
    #[serde(default)]
    pub slice_rows: usize,
    /// Name of the variant.
    pub variant: String,
    /// What the variant means.
    pub switches: Switches,
    /// Samples where CPU time goes.
    #[serde(default)]
    pub profile: bool,
    /// Where a library's phase is said, and when it is killed.
    #[serde(default)]
    pub phases: Option<PhaseJob>,
    /// Options of the writer's own.
    pub writer_options: Map<String, Value>,
    /// An empty directory made for this repetition.
    pub directory: PathBuf,
    /// The path in it that the writer is given.
    pub target: PathBuf,
    /// Text of this run.
    pub nonce: String,
    /// Given to each of several workers that write parts of a table at once.
    #[serde(default)]
    pub start: Option<Start>,
    /// CLOCK_MONOTONIC at the spawn. A JavaScript number, so it may come with a fraction or an exponent.
    pub spawned_at_ns: f64,
}

/// A file, as lstat saw it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileStamp {
    /// Relative to the job's directory.
    pub path: String,
    /// Length.
    pub bytes: u64,
    /// Modification time, nanoseconds since 1970, as text: it needs more than 53 bits.
    pub mtime_ns: String,
    /// Time of the last change, likewise: unlike the modification time, a writer cannot set it.
    pub ctime_ns: String,
    /// Inode number as text.
    pub inode: String,
}

/// Durations of calls, nanoseconds.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct CallTimes {
    pub count: u64,
    pub p50: u64,
    pub p99: u64,
    pub max: u64,
}

/// Phases, nanoseconds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Phases {
    /// `create`, or the spawn of a command.
    pub create: u64,
    /// From before create to the end of the first write call; 0 when there was none.
    pub first_write: u64,
    /// The loop that takes batches from the source and hands them over.
    pub writes: u64,
    /// `close` and, where the engine collects, the writing of all batches; of a command, from the end of its input to its exit.
    pub close: u64,
    /// The engine's fsync.
    pub sync: u64,
}

/// Busy time by step, nanoseconds.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BusySteps {
    /// Generating, or reading the prepared file.
    pub generate: u64,
    /// Making the table's declared types of the generator's.
    pub convert: u64,
    /// Copying, or exporting the C structs.
    pub hand_over: u64,
    /// The writer's word.
    pub encode: Option<u64>,
    /// The writer's word.
    pub write: Option<u64>,
}

/// Resident memory.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rss {
    /// Before create, the source being ready.
    pub before_bytes: u64,
    /// Highest until durable.
    pub peak_bytes: u64,
    /// The difference.
    pub growth_bytes: u64,
}

/// CPU time, nanoseconds.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct CpuTime {
    pub user: u64,
    pub system: u64,
}

/// Counters of /proc/PID/io.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct IoCounters {
    /// Fetched from storage.
    pub read_bytes: u64,
    /// Sent towards storage.
    pub write_bytes: u64,
    /// write-like system calls.
    pub write_calls: u64,
    /// Bytes passed to them.
    pub written_chars: u64,
}

/// Page faults.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct PageFaults {
    pub minor: u64,
    pub major: u64,
}

/// What malloc was asked for.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Allocations {
    pub count: u64,
    pub bytes: u64,
}

/// Context switches.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct ContextSwitches {
    pub voluntary: u64,
    pub involuntary: u64,
}

/// Proof from outside the writer that O_DIRECT was in force.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DirectProof {
    /// Every regular file under the job's directory was seen open for writing with O_DIRECT, and there is one.
    pub flag_seen: bool,
    /// STATX_DIOALIGN; 0 without direct I/O.
    pub dio_mem_align: u32,
    /// STATX_DIOALIGN; 0 without direct I/O.
    pub dio_offset_align: u32,
    /// Share of the files' pages in the page cache right after close.
    pub resident_share: f64,
}

/// What one repetition took.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measurement {
    /// Rows handed over.
    pub rows: u64,
    /// Bytes of the Arrow buffers handed over, without padding.
    pub arrow_bytes: u64,
    /// Length of all files.
    pub disk_bytes: u64,
    /// From before create to after close.
    pub return_ns: u64,
    /// And to after the engine's fsync.
    pub durable_ns: u64,
    /// From the worker's spawn to durable.
    pub spawn_to_durable_ns: u64,
    /// By phase.
    pub phases_ns: Phases,
    /// By step.
    pub busy_ns: BusySteps,
    /// Of the write calls.
    pub call_ns: CallTimes,
    /// None when it could not be read, or is not the whole: the writer in the worker had processes of its own.
    pub rss: Option<Rss>,
    /// Of all threads, and of children that were waited for.
    pub cpu_ns: CpuTime,
    /// None when it could not be read.
    pub io: Option<IoCounters>,
    /// Of all threads, and of children that were waited for.
    pub page_faults: PageFaults,
    /// Of all threads, and of children that were waited for.
    pub context_switches: ContextSwitches,
    /// Of all threads; None where nobody counts.
    pub allocations: Option<Allocations>,
    /// None where the case is not direct.
    pub direct: Option<DirectProof>,
    /// Of the target's files after the engine's fsync; None where nobody says.
    pub unwritten_pages: Option<u64>,
    /// Null: a native worker has no V8; the Node worker reports its own.
    pub v8: (),
    /// Null: the harness makes the limit, and reads its counters.
    pub memory_limit: (),
    /// Null: the harness puts the stacks into categories.
    pub profile: (),
}

/// What crossed the interface, counted on our side of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Crossed {
    /// Write calls.
    pub calls: u64,
    /// Flush calls.
    pub flushes: u64,
    /// Rows.
    pub rows: u64,
    /// Bytes of the Arrow buffers.
    pub bytes: u64,
    /// `copy`, `pointer`, `pipe` or `none`.
    pub handover: &'static str,
    /// The writer encoded from the addresses that it was given; None when it does not say.
    pub addresses_proved: Option<bool>,
    /// `writer`, `engine` or `none`.
    pub batching_by: &'static str,
}

/// A repetition that got to its end.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Done {
    /// CLOCK_MONOTONIC before create, nanoseconds.
    pub begun_at_ns: u64,
    /// What it took.
    pub measurement: Measurement,
    /// What crossed.
    pub crossed: Crossed,
    /// At the worker's end.
    pub files: Vec<FileStamp>,
    /// Right after close.
    pub files_after_close: Vec<FileStamp>,
    /// The writer's own report.
    pub writer_says: Value,
    /// What it declares.
    pub capabilities: Value,
    /// Of a profiled case, where stacks can be sampled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stacks: Option<Profile>,
    /// Sentences.
    pub warnings: Vec<String>,
}

/// What a worker prints.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum WorkerReport {
    /// It got to its end.
    Done(Box<Done>),
    /// It did not.
    Failed {
        /// Where.
        step: String,
        /// errno, where there is one.
        errno: Option<i32>,
        /// Its name.
        errno_name: Option<String>,
        /// One sentence.
        message: String,
        /// Nothing is left in the job's directory.
        removed: bool,
    },
}
