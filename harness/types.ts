/**
 * The types of writeproof, in the order in which data flow: case → job → report → observation → verdict → record → run.
 * The words are those of the glossary in CONTRIBUTING.md. Units are in the names; counts of bytes and rows are integers below 2^53,
 * 64-bit and wider hashes are lower-case hexadecimal text.
 */

// ---------------------------------------------------------------------------------------------------------------- case

export const VARIANTS = ['accumulate', 'stream', 'zero-copy', 'direct'] as const;
export type Variant = (typeof VARIANTS)[number];

export const FORMATS = ['parquet', 'arrow', 'lance', 'raw'] as const;
export type Format = (typeof FORMATS)[number];

/** The three switches that a variant is a name for. */
export interface Switches {
  readonly batching: 'per_batch' | 'at_close';
  readonly handover: 'copy' | 'pointer';
  readonly io: 'buffered' | 'direct';
}

export const SOURCES = ['generated', 'prepared'] as const;
export type Source = (typeof SOURCES)[number];

/** Part `index` (from 1) of `count`; {1, 1} is the whole table. */
export interface Part {
  readonly index: number;
  readonly count: number;
}

/** Options of a case that are the same for every writer. */
export interface CaseOptions {
  readonly batchRows: number;
  readonly threads: number;
  readonly overlap: boolean;
  /** `flush` is called after every n batches; 0 never. */
  readonly flushEvery: number;
  readonly part: Part;
  /** So many workers at once, each with one part of the table; 1: one worker with all of it, or with `part`. */
  readonly parts: number;
  /** The target's pages are dropped before it is read back. */
  readonly cold: boolean;
  /** Memory that the workers and all their processes may have together, page cache included; 0: no limit. */
  readonly memoryLimit: number;
  /** Batches of no rows come first, last and between those of the table. */
  readonly emptyBatches: boolean;
  /** A native library's CPU time is sampled. That takes time of its own: such a case's times are not those of another. */
  readonly profile: boolean;
  /** Options of the writer's own (`compression`, `rowGroupRows`, …), as its capabilities declare them. */
  readonly writer: Readonly<{ [option: string]: string | number | boolean }>;
}

/** What cases of all kinds have. */
interface AnyCase {
  readonly table: string;
  readonly scale: number;
  readonly source: Source;
  readonly options: CaseOptions;
}

/** A table that a writer stores. */
export interface WriteCase extends AnyCase {
  /** `table@scale/writer/variant`, then the options that differ from the default, `;key=value` each. */
  readonly id: string;
  readonly kind: 'write';
  readonly writer: string;
  readonly format: Format;
  readonly variant: Variant;
}

export const LOOPS = ['native', 'javascript'] as const;
export type Loop = (typeof LOOPS)[number];

/** Batches of a table that cross the Arrow C Data Interface and are written nowhere. */
export interface CrossingCase extends AnyCase {
  /** `table@scale/crossing/handover`, then `loop` where it is not native, and `batchRows`. */
  readonly id: string;
  readonly kind: 'crossing';
  readonly handover: Switches['handover'];
  /** Where the loop over the batches runs. */
  readonly loop: Loop;
}

/** What an entity store is made of. */
export interface StoreDefinition {
  readonly rows: number;
  readonly columns: number;
  readonly encoding: Encoding;
  readonly seed: number;
}

export const ENCODINGS = ['json', 'compact'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** Rows of an entity store that a query asks for; the scale is the store's rows. */
export interface ScanCase extends AnyCase {
  /** `entities@rows/scan/query`, then `columns`, `encoding`, `strategy` and `fault` where they differ from the default. */
  readonly id: string;
  readonly kind: 'scan';
  /** Names of suites/scans. */
  readonly query: string;
  readonly strategy: string;
  readonly columns: StoreDefinition['columns'];
  readonly encoding: Encoding;
  /** How it is wrong on purpose; `none`, with nothing wrong, is the control of those. Null for every other scan. */
  readonly fault: string | null;
}

export type Case = WriteCase | CrossingCase | ScanCase;

// --------------------------------------------------------------------------------------------------------------- facts

/** A column as the file's own metadata must describe it. `type` is Arrow's name: `int64`, `decimal128(15, 2)`, `date32`, `utf8`. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
}

/** Digest of one column; diagnosis beside the digest of whole rows. */
export interface ColumnDigest {
  readonly name: string;
  /** Sum modulo 2^128 of the value hashes, 32 hexadecimal digits. */
  readonly sum: string;
  readonly nulls: number;
  /** Bytes of the canonical values (fixed width, or UTF-8 without the length). */
  readonly bytes: number;
  /** Smallest and largest value as text; null where the column has no values. */
  readonly min: string | null;
  readonly max: string | null;
}

/** Digest of rows `index`·65,536 and on. */
export interface BlockDigest {
  readonly rows: number;
  readonly multiset: string;
}

/** Digest of a table, as native/engine/DIGEST.md specifies it. */
export interface Digest {
  readonly version: string;
  readonly rows: number;
  /** M: sum modulo 2^128 over rows, whatever their order. */
  readonly multiset: string;
  /** O: the same keyed with the row's index. */
  readonly order: string;
  readonly columns: readonly ColumnDigest[];
  readonly blocks: readonly BlockDigest[];
}

/** What a table must contain at a scale, known without asking any writer. */
export interface Facts {
  readonly table: string;
  readonly scale: number;
  readonly part: Part;
  /** Index in the whole table of the first row, which the digest is keyed from; absent where it is 0. */
  readonly firstRow?: number;
  readonly schema: readonly Field[];
  readonly rows: number;
  /** Bytes of all rows in plain layout, as native/engine/TYPES.md counts them. */
  readonly arrowBytes: number;
  readonly digest: Digest;
}

// ------------------------------------------------------------------------------------------------------- job and report

/** What holds the writer: a shared library behind writeproof.h, a JavaScript module (harness/module-worker), or a command. */
export type Subject =
  | { readonly kind: 'library'; readonly path: string }
  | { readonly kind: 'module'; readonly path: string }
  | {
      readonly kind: 'command';
      /** Program and arguments; `{target}` and `{dir}` are replaced by the target and the directory that holds it. */
      readonly argv: readonly string[];
      /** `none`: the command makes the rows itself, and nothing is sent to it. */
      readonly stdin: 'arrow-stream' | 'none';
    };

/** Sent to `writeproof-worker write`, or to the Node worker where the subject is a module, as one JSON document on stdin. */
export interface WorkerJob {
  readonly subject: Subject;
  readonly table: string;
  readonly scale: number;
  readonly part: Part;
  readonly source: Source;
  /** The prepared file (source `prepared`). */
  readonly preparedPath: string | null;
  readonly batchRows: number;
  readonly threads: number;
  readonly overlap: boolean;
  readonly flushEvery: number;
  /** Batches of no rows come first, last and between those of the table; absent: none do. */
  readonly emptyBatches?: boolean;
  /** Batches come as slices of at most so many rows, which share the batch's buffers; absent or 0: whole. */
  readonly sliceRows?: number;
  /** CPU time is sampled between create and durable; absent: it is not. */
  readonly profile?: boolean;
  /** Where a library's worker says how far it is, and when it is to be killed (harness/crash/phases.ts); absent: nowhere and never. */
  readonly phases?: {
    readonly file: string;
    /** So long after the n-th time (from 1) that it enters a phase. */
    readonly kill?: { readonly phase: string; readonly nth: number; readonly afterNs: number };
  };
  readonly variant: Variant;
  readonly switches: Switches;
  readonly writerOptions: Readonly<{ [option: string]: string | number | boolean }>;
  /** An empty directory made for this repetition, and the path in it that the writer is given. */
  readonly directory: string;
  readonly target: string;
  readonly nonce: string;
  /** Where each of several workers waits, its source open, until all of them are there; absent where one works alone. */
  readonly start?: {
    /** An empty directory of theirs, beside those that they write in. */
    readonly directory: string;
    readonly workers: number;
  };
  /** CLOCK_MONOTONIC when the process was spawned, nanoseconds. */
  readonly spawnedAtNs: number;
}

/** A file of the target, as lstat saw it. */
export interface FileStamp {
  /** Relative to the job's directory. */
  readonly path: string;
  readonly bytes: number;
  readonly mtimeNs: string;
  /** Of the inode's last change: unlike mtime, no program can set it. */
  readonly ctimeNs: string;
  readonly inode: string;
}

export interface CallTimes {
  readonly count: number;
  /** Null for several workers: percentiles of all their calls do not follow from those of each. */
  readonly p50: number | null;
  readonly p99: number | null;
  readonly max: number;
}

/**
 * `null` is "not measured", never zero. Of several workers at once: times run from the first to begin to the last to end,
 * phases are those of the slowest worker, and all else, `rss` too, is the sum over the workers.
 */
export interface Measurement {
  /** Rows and bytes that the engine handed over; 0 for a command that makes the rows itself (`stdin: none`). */
  readonly rows: number;
  readonly arrowBytes: number;
  readonly diskBytes: number;
  /** From before create to after close. */
  readonly returnNs: number;
  /** From before create to after the engine's own fsync of every file and directory. */
  readonly durableNs: number;
  /** From the worker's spawn to durable. */
  readonly spawnToDurableNs: number;
  /** From before create to the end of the first write call that changed the size on disk is not knowable; this is to the end of the first write call. */
  readonly phasesNs: {
    readonly create: number;
    readonly firstWrite: number;
    readonly writes: number;
    readonly close: number;
    readonly sync: number;
  };
  /** Busy time by step; encode and write are the writer's word. */
  readonly busyNs: {
    readonly generate: number;
    readonly convert: number;
    readonly handOver: number;
    readonly encode: number | null;
    readonly write: number | null;
  };
  readonly callNs: CallTimes;
  /**
   * Null where /proc could not be read, where a command ended before the first look at its processes, and where a library or module
   * had processes of its own.
   */
  readonly rss: { readonly beforeBytes: number; readonly peakBytes: number; readonly growthBytes: number } | null;
  readonly cpuNs: { readonly user: number; readonly system: number };
  readonly io: {
    readonly readBytes: number;
    readonly writeBytes: number;
    readonly writeCalls: number;
    readonly writtenChars: number;
  } | null;
  readonly pageFaults: { readonly minor: number; readonly major: number };
  readonly contextSwitches: { readonly voluntary: number; readonly involuntary: number };
  /**
   * Calls of malloc and its like between create and durable, and the bytes that they asked for; null where nobody counts, as in every
   * repetition that is timed.
   */
  readonly allocations: { readonly count: number; readonly bytes: number } | null;
  /** O_DIRECT as seen from outside the writer; null where the case is not direct. */
  readonly direct: DirectProof | null;
  /**
   * Pages of the target's files that were dirty or being written after the engine's fsync (cachestat), 0 where it did what it says; null
   * where the kernel does not say (before Linux 6.5), and for files that lie in memory only.
   */
  readonly unwrittenPages: number | null;
  /** What V8 says of its memory, apart from the `rss` that holds it; null for native workers, which have none. */
  readonly v8: V8Memory | null;
  /** What the harness saw of the limit that the worker ran under; null where it had none, and in a worker's own report. */
  readonly memoryLimit: MemoryLimitUse | null;
  /** Where CPU time went; null where nothing was sampled, and in a worker's own report. */
  readonly profile: Profile | null;
  /** Of several workers at once only. */
  readonly workers?: WorkersTogether;
}

/** Kinds of work that CPU time of writing goes into. */
export const CATEGORIES = [
  'encoding',
  'statistics and hashing',
  'memory',
  'generation',
  'hand-over',
  'io',
  'waiting and other',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** Samples of CPU time of all threads, put into categories by harness/profile/rules.json. The shares add up to 1. */
export interface Profile {
  readonly samples: number;
  /** Samples asked for, a second of CPU time. */
  readonly hz: number;
  /** Samples that found no room. */
  readonly dropped: number;
  readonly categories: Readonly<{ [category in Category]: number }>;
  readonly unclassifiedShare: number;
  /** Innermost frames of stacks that no rule knows, most frequent first. */
  readonly topUnclassified: readonly string[];
}

/** Stacks as the native worker saw them; `frames` of a stack are indices, innermost first. */
export interface SampledStacks {
  readonly hz: number;
  readonly dropped: number;
  readonly frames: readonly string[];
  readonly stacks: readonly { readonly samples: number; readonly frames: readonly number[] }[];
}

/** Counters of the cgroup that the case's workers ran in. */
export interface MemoryLimitUse {
  /** As the kernel took it: a multiple of the page size. */
  readonly limitBytes: number;
  /** The group's own peak: all its processes, page cache and kernel memory. */
  readonly peakBytes: number | null;
  /** How often the limit was reached, and memory had to be given back: `memory.failcnt`, or `max` of `memory.events`. */
  readonly failures: number | null;
  readonly oomKills: number | null;
  /** Swap space of the machine, which the limit leaves as it is. */
  readonly swapBytes: number;
  /** Most of it that the group used; null in version 1 of cgroups, which does not count it apart. */
  readonly swappedBytes: number | null;
}

export interface WorkersTogether {
  readonly count: number;
  /** Of the worker that took most; the sum of all is in `rss`. */
  readonly largestPeakRssBytes: number | null;
  /** For so long all of them were between create and durable; 0: they did not all run at once. */
  readonly togetherNs: number;
}

/**
 * Memory as V8 counts it, before create (after a garbage collection) and at its highest: seen after each call of the writer,
 * so that what comes and goes within a call does not show.
 */
export interface V8Memory {
  /** Live objects and garbage that has not been collected. */
  readonly heapUsed: V8Figure;
  /** Memory outside the heap that objects in it own, ArrayBuffers and WebAssembly included. */
  readonly external: V8Figure;
  /** Of which ArrayBuffers: the batches, among others. */
  readonly arrayBuffers: V8Figure;
}

export interface V8Figure {
  readonly beforeBytes: number;
  readonly peakBytes: number;
}

/** Proof from outside the writer that O_DIRECT was in force. */
export interface DirectProof {
  /** O_DIRECT was among the flags of an open descriptor of a target's file in /proc/self/fdinfo. */
  readonly flagSeen: boolean;
  /** STATX_DIOALIGN's memory and offset alignment, bytes; 0 on file systems without direct I/O. */
  readonly dioMemAlign: number;
  readonly dioOffsetAlign: number;
  /** Share of the target's pages in the page cache right after close (mincore), 0 to 1. */
  readonly residentShare: number;
}

/** What crossed the interface, counted on our side of it. */
export interface Crossed {
  readonly calls: number;
  readonly flushes: number;
  readonly rows: number;
  readonly bytes: number;
  /** How batches were handed over, and whether the writer encoded from the addresses that we gave it. */
  readonly handover: 'copy' | 'pointer' | 'pipe' | 'none';
  readonly addressesProved: boolean | null;
  readonly batchingBy: 'writer' | 'engine' | 'none';
}

/** Printed by a worker as one JSON document on stdout. */
export type WorkerReport =
  | {
      readonly outcome: 'done';
      /** CLOCK_MONOTONIC before create, nanoseconds. */
      readonly begunAtNs: number;
      readonly measurement: Measurement;
      readonly crossed: Crossed;
      readonly files: readonly FileStamp[];
      readonly filesAfterClose: readonly FileStamp[];
      readonly writerSays: unknown;
      readonly capabilities: unknown;
      /** Of a profiled case, where stacks can be sampled. */
      readonly stacks?: SampledStacks;
      readonly warnings: readonly string[];
    }
  | {
      readonly outcome: 'failed';
      /** `job` (it cannot be taken; nothing is removed), `load`, `capabilities`, `source`, `create`, `write`, `flush`, `close`, `sync` or `command`. */
      readonly step: string;
      readonly errno: number | null;
      readonly errnoName: string | null;
      readonly message: string;
      readonly removed: boolean;
    };

// --------------------------------------------------------------------------------------------------- verify and verdict

/** Sent to the verify process as one JSON document on stdin: path, facts, nonce, file list; nothing else. */
export interface VerifyJob {
  readonly directory: string;
  readonly target: string;
  readonly format: Format;
  readonly facts: Facts;
  /** null when the file was written by somebody else and carries none. */
  readonly nonce: string | null;
  readonly files: readonly FileStamp[];
  /** Read in full by the second reader too. */
  readonly secondReader: boolean;
  readonly dropCache: boolean;
  /** What encoded the file, as its writer's registry entry says; absent where nobody knows. */
  readonly implementation?: string;
  /** Its writer was ended while it wrote: files that no version of a dataset names yet, or that were to be renamed, may lie beside those of one. */
  readonly interrupted?: true;
}

export const DETECTORS = {
  E: 'exit or close status',
  F: 'format on disk',
  S: 'strict schema',
  N: 'rows counted by reading',
  M: 'digest of whole rows',
  O: 'digest of their order',
  C: 'digest of columns',
  Z: 'size and unchanged files',
  B: 'checksums of bytes',
  X: 'second, independent reader',
  P: 'statistics against values',
  K: 'kill, power cut and full disk',
  R: 'flags and resources in force',
} as const;
export type Detector = keyof typeof DETECTORS;

/** One thing that is wrong: which detector saw it, what was expected and what was found. */
export interface Finding {
  readonly detector: Detector;
  readonly what: string;
  readonly expected: string;
  readonly actual: string;
}

/** What one reader found. */
export interface ReaderReport {
  readonly reader: string;
  readonly independence: 'different implementation' | 'same implementation' | 'unknown implementation';
  readonly rows: number;
  readonly ns: number;
}

/** Printed by the verify process. `findings` is empty exactly when all detectors that ran were content. */
export interface Observation {
  readonly findings: readonly Finding[];
  readonly ran: readonly Detector[];
  readonly readers: readonly ReaderReport[];
  readonly metadataRows: number | null;
  readonly rows: number | null;
  readonly multiset: string | null;
  readonly order: string | null;
  /** All of what was read, by the reader whose word counts. */
  readonly digest: Digest | null;
  readonly verifyNs: number;
  readonly notes: readonly string[];
}

/** What crossing the interface took, by batch. */
export interface CrossingMeasurement {
  /** Export (a deep copy before it, where it crosses by copy), import and release. The margin is that of the mean, at 95 %. */
  readonly nsPerBatch: {
    readonly mean: number;
    readonly margin: number;
    readonly p50: number;
    readonly p99: number;
    readonly min: number;
    readonly max: number;
  };
  /** Crossings that were timed, and the rows and Arrow bytes of the first of them; all have as many rows. */
  readonly batches: number;
  readonly rows: number;
  readonly bytes: number;
  /** Buffers that the importer saw in all crossings, timed or not, and how many of them lay where the exporter's do. */
  readonly buffers: number;
  readonly addressesEqual: number;
}

/** Allocations of one scan: how many, their bytes, and the most that was held at once beyond what was held before it. */
export interface Allocations {
  readonly allocations: number;
  readonly bytes: number;
  readonly peakBytes: number;
}

/** What a scan of an entity store took. */
export interface ScanMeasurement {
  /** A whole scan, from the compiled query to the last batch. The 99th percentile is null for fewer than a hundred scans. */
  readonly nsPerScan: {
    readonly mean: number;
    readonly p50: number;
    readonly p99: number | null;
    readonly min: number;
    readonly max: number;
  };
  readonly scans: number;
  readonly rows: number;
  readonly batches: number;
  /** Until the first batch was there, of the scan whose allocations were counted. */
  readonly firstBatchNs: number;
  /** What the scan read of the store: rows, those of them that are marked as deleted, bytes of keys and values. */
  readonly rowsRead: number;
  readonly deletedRead: number;
  readonly bytesRead: number;
  /** Memory of the batches themselves. */
  readonly resultBytes: number;
  /** In Rust, the batches included, and in RocksDB, each in a process that does nothing else. */
  readonly rust: Allocations;
  readonly store: Allocations;
  /** Peak RSS of that process during the scan, beyond what it was before. */
  readonly rssGrowthBytes: number;
  /** Single steps as the strategy does them, of 1,000 rows in memory: making the batch, and building its columns. */
  readonly batchCreationNs: number;
  readonly columnBuildingNs: number;
}

/** A measurement exists only inside `verified`; each kind of case has its own. */
export type Verdict<Measured = Measurement> =
  | {
      readonly status: 'verified';
      readonly rows: number;
      readonly digest: { readonly version: string; readonly multiset: string; readonly order: string };
      readonly reader: string;
      readonly independence: ReaderReport['independence'];
      readonly readers: readonly ReaderReport[];
      readonly detectors: readonly Detector[];
      readonly verifyNs: number;
      readonly measurement: Measured;
    }
  | {
      readonly status: 'corrupt';
      readonly findings: readonly Finding[];
      /** The speed it would have claimed; only `faults` and `claims` show it, struck out. */
      readonly refused: Measured | null;
    }
  | {
      readonly status: 'failed';
      readonly step: string;
      readonly errno: number | null;
      readonly errnoName: string | null;
      readonly reason: string;
    }
  | {
      readonly status: 'crashed';
      readonly signal: string | null;
      readonly exitCode: number | null;
      readonly reason: string;
    }
  | { readonly status: 'timeout'; readonly afterSeconds: number; readonly reason: string }
  | { readonly status: 'skipped'; readonly reason: string };

export type Status = Verdict['status'];

// ------------------------------------------------------------------------------------------------------- record and run

/** A library that was loaded, and what it was built from. */
export interface LibraryStamp {
  readonly file: string;
  readonly sha256: string;
  /** SHA-256 over the sources it was built from; null for a user's own. */
  readonly sourceSha256: string | null;
}

interface RecordOf<Kind extends Case, Measured> {
  readonly schema: 'writeproof.record.v1';
  readonly run: string;
  readonly case: Kind;
  /** From 1. */
  readonly repetition: number;
  /** Position in the run's order, from 1. */
  readonly position: number;
  readonly startedAt: string;
  readonly verdict: Verdict<Measured>;
  readonly crossed: Crossed | null;
  readonly writerSays: unknown;
  readonly libraries: readonly LibraryStamp[];
  readonly machine: Machine;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
  readonly kept: string | null;
  readonly notes: readonly string[];
  /** Harness's own time for this repetition: all of it, less the worker's and the verify process's own work. */
  readonly harnessNs: number;
}

export type WriteRecord = RecordOf<WriteCase, Measurement>;
export type CrossingRecord = RecordOf<CrossingCase, CrossingMeasurement>;
export type ScanRecord = RecordOf<ScanCase, ScanMeasurement>;
export type Record = WriteRecord | CrossingRecord | ScanRecord;

export const isWrite = (record: Record): record is WriteRecord => record.case.kind === 'write';
export const isCrossing = (record: Record): record is CrossingRecord => record.case.kind === 'crossing';
export const isScan = (record: Record): record is ScanRecord => record.case.kind === 'scan';

/** The machine as data: no host name, no user name, no absolute path. */
export interface Machine {
  readonly cpuModel: string;
  readonly cpuFlagsSha256: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly memoryLimitBytes: number | null;
  readonly kernel: string;
  readonly architecture: string;
  readonly fileSystem: string;
  readonly mountOptions: string;
  readonly device: string;
  readonly governor: string | null;
  readonly node: string;
  readonly rustc: string;
  readonly versions: Readonly<{ [library: string]: string }>;
}

export interface Run {
  readonly schema: 'writeproof.run.v1';
  readonly id: string;
  readonly suite: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly nonce: string;
  readonly seed: number;
  readonly repeat: number;
  readonly writeproof: { readonly version: string; readonly commit: string | null; readonly dirty: boolean | null };
  readonly machine: Machine;
  /** Case ids in the order planned, `repetition:id`. */
  readonly order: readonly string[];
  readonly cases: readonly Case[];
}
