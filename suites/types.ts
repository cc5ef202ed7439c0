/** What a registry entry of a table, a writer and a suite says. Data only: nothing in `suites/` measures. */

import type {
  CaseOptions,
  CrossingCase,
  Encoding,
  Facts,
  Field,
  FileStamp,
  Format,
  Source,
  Variant,
} from '../harness/types.js';

/** A file of the user's own that is a table: where it lies, what it was when its facts were read, and these. */
export interface FileTable {
  readonly path: string;
  readonly format: 'parquet' | 'arrow';
  readonly stamp: FileStamp;
  readonly facts: Facts;
}

/** A table as the harness has to know it before any row exists. */
export interface TableSpec {
  readonly name: string;
  readonly about: string;
  readonly fields: readonly Field[];
  /** Rows at a scale, by a formula that asks no generator. */
  readonly rows: (scale: number) => number;
  /** Rows for an estimate, at once at any scale; absent where `rows` is. */
  readonly roughRows?: (scale: number) => number;
  /** Arrow bytes of a row, for estimates of disk and time. */
  readonly bytesPerRow: number;
  /** Where its batches can come from, the usual one first; absent where that is either. */
  readonly sources?: readonly Source[];
  /** The only format that holds it; absent where any does. */
  readonly format?: Format;
  /** Given where the table is a file; it has one size then, and no parts. */
  readonly file?: FileTable;
  /** The scale when none is asked for; absent where it is 0.1. */
  readonly usualScale?: number;
  /** Scales whose facts are committed; absent where they are 0.01, 0.1 and 1. */
  readonly goldenScales?: readonly number[];
}

export type OptionValue = string | number | boolean;

/** An option of a writer's own. Without `values` any value of the default's type is taken. */
export interface WriterOption {
  readonly default: OptionValue;
  readonly values?: readonly OptionValue[];
  readonly help: string;
}

/**
 * What holds a writer. In a command's arguments the harness fills in `{table}`, `{scale}`, `{threads}`, `{part}` and
 * `{parts}`, and the worker `{target}` and `{dir}`.
 */
export type WriterHolder =
  /** `install`: said where a library of ours is not built yet; its cases are then skipped. */
  | { readonly kind: 'library'; readonly file: string; readonly install?: string }
  /** A JavaScript module with the steps of harness/module-worker/writer-module.ts; `file` is absolute. */
  | { readonly kind: 'module'; readonly file: string }
  | {
      readonly kind: 'command';
      readonly argv: readonly string[];
      readonly stdin: 'arrow-stream' | 'none';
      /** Ends with 0 where all is there that the program needs. */
      readonly probe?: readonly string[];
      /** Named when the program is not on PATH or its probe fails: the cases are then skipped. */
      readonly install: string;
    };

export interface WriterSpec {
  readonly name: string;
  readonly about: string;
  readonly format: Format;
  /** What encodes: `arrow-rs`, `apache-arrow`, `parquet-wasm (arrow-rs)`. A reader of that name is no second opinion. Absent where nobody knows. */
  readonly implementation?: string;
  /** Of the target's file name, without the dot. */
  readonly extension: string;
  readonly variants: readonly Variant[];
  readonly sources: readonly Source[];
  /** Tables that it writes; absent where it takes any that it is given. */
  readonly tables?: readonly string[];
  readonly holder: WriterHolder;
  readonly options: Readonly<{ [name: string]: WriterOption }>;
  /** The option, and its values, with which alone the writer takes a flush; absent where it always does. */
  readonly flushes?: { readonly option: string; readonly values: readonly OptionValue[] };
  /** Values of its options where a case says nothing of them: those of a user's config. Absent: the defaults. */
  readonly settings?: Readonly<{ [name: string]: OptionValue }>;
}

/** One line of a suite: the product of its lists. What is not named has the default of `harness/defaults.ts`. */
export interface Block {
  readonly tables: readonly string[];
  readonly scales: readonly number[];
  readonly writers: readonly string[];
  readonly variants: readonly Variant[];
  readonly source?: Source;
  readonly options?: Partial<CaseOptions>;
  /** False: a gate verifies these cases and does not time them. */
  readonly timed?: false;
}

/** Crossings of one table: the product of the lists. */
export interface CrossingBlock {
  readonly table: string;
  readonly scale: number;
  readonly handovers: readonly CrossingCase['handover'][];
  readonly loops: readonly CrossingCase['loop'][];
  readonly batchRows: readonly number[];
}

/** Scans of one entity store: the product of the lists. Queries and strategies are names of suites/scans. */
export interface ScanBlock {
  readonly rows: number;
  readonly queries: readonly string[];
  readonly strategies: readonly string[];
  readonly columns: readonly number[];
  readonly encodings: readonly Encoding[];
}

/** Of a write, a crossing (`batch`: its median time) or a scan. */
export type ComparedMetric =
  | 'spawnToDurable'
  | 'durable'
  /** The same for a byte on disk: of cases that write other bytes, and not as many. */
  | 'durableByte'
  | 'peakRss'
  | 'rssGrowth'
  | 'diskBytes'
  | 'batch'
  /** Median time of a scan. */
  | 'scan'
  /** What a scan allocated in Rust beyond its result. */
  | 'scanExtraBytes'
  | 'rowsRead';

/** Two cases side by side: how many times one figure of `subject` goes into that of `reference`, or the reverse. */
export interface Comparison {
  readonly what: string;
  readonly subject: string;
  readonly reference: string;
  readonly metric: ComparedMetric;
  /** `faster`: reference ÷ subject, to be at least the bound; `smaller`: subject ÷ reference, to be at most it. */
  readonly wanted: 'faster' | 'smaller';
  readonly bound: number;
  /** Of `faster`: what the low end of the interval is to be at least, where there are repetitions enough for one. */
  readonly lowBound?: number;
}

/** A figure of one case with a bound. */
export interface Limit {
  readonly what: string;
  readonly subject: string;
  readonly metric: ComparedMetric;
  /** Bytes, nanoseconds or rows. */
  readonly atMost: number;
}

export interface SuiteSpec {
  readonly name: string;
  readonly about: string;
  readonly repeat: number;
  readonly blocks: readonly Block[];
  readonly crossings?: readonly CrossingBlock[];
  readonly scans?: readonly ScanBlock[];
  readonly comparisons: readonly Comparison[];
  readonly limits: readonly Limit[];
}
