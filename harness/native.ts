/** The engine's face in Node: native/build/writeproof.node, built by `npm run setup`. */

import { createRequire } from 'node:module';
import { builtFile } from './paths.js';

/**
 * One column of a batch as plain buffers: values of a fixed width have `longs`, `ints` or `fixed`, strings and binary `bytes` and `offsets`,
 * lists and maps `offsets` and one child, structs a child for each field.
 */
export interface ColumnBuffers {
  readonly longs?: BigInt64Array;
  readonly ints?: Int32Array;
  /** Little-endian values of the type's width in Arrow; a byte for each bool. */
  readonly fixed?: Uint8Array;
  readonly bytes?: Uint8Array;
  /** Rows + 1 of them. */
  readonly offsets?: Int32Array;
  /** One byte a row, 0 for null; absent when no row is null. */
  readonly validity?: Uint8Array;
  readonly children?: readonly ColumnBuffers[];
  /** So many nulls and nothing else. */
  readonly nullRows?: number;
}

/** Digests rows that JavaScript decoded. */
export interface ColumnDigester {
  push(columns: readonly ColumnBuffers[]): void;
  /** `Digest` as JSON. */
  finish(): string;
}

/** Body of an Arrow IPC message: what the message says of its arrays, and their buffers, decompressed. */
export interface MessageBody {
  /** Rows, or values of a dictionary. */
  readonly length: number;
  /** Length and null count of each array of the flattened schema, one after the other. */
  readonly nodes: readonly number[];
  /** Read in place. */
  readonly buffers: readonly Uint8Array[];
  /** Numbers of data buffers of the arrays of views. */
  readonly variadic: readonly number[];
}

/** Digests rows of Arrow IPC messages that JavaScript decoded. Errors are sentences. */
export interface ArrowDigester {
  /** Takes a dictionary: instead of what its id had, or, a delta, behind it. */
  dictionary(id: number, isDelta: boolean, body: MessageBody): void;
  batch(body: MessageBody): void;
  /** `Digest` as JSON. */
  finish(): string;
}

/** A batch that waits to be taken. */
export interface PulledBatch {
  readonly rows: number;
  readonly arrowBytes: number;
  readonly encodedBytes: number;
}

/** Batches of a job as one Arrow IPC stream in parts. Errors carry a failed `WorkerReport` as JSON. */
export interface JobSource {
  /** The stream's first message. */
  schema(): Uint8Array;
  /** Lets the source work ahead, where the job overlaps. */
  start(): void;
  /** Makes and encodes the next batch; null after the last. */
  pull(): PulledBatch | null;
  /** Copies the batch pulled last into memory of its `encodedBytes`. */
  take(into: Uint8Array): void;
  /** `{generateNs, convertNs, encodeNs, notes}` as JSON. */
  end(): string;
}

/** The directory of a job, from outside its writer. Errors carry a failed `WorkerReport` as JSON. */
export interface JobTarget {
  /** Waits until all workers of the job's start are ready. */
  awaitOthers(): void;
  /** Stamps and fsync right after close: `{filesAfterClose, syncNs, spawnToDurableNs}` as JSON. */
  makeDurable(): string;
  /** `FileStamp[]` as JSON. */
  stamps(): string;
  /** Removes what lies in it; true when nothing is left. */
  clear(): boolean;
}

/** Weighs this process from its making on. */
export interface ProcessWeighing {
  /** `{rss, cpuNs, io, pageFaults, contextSwitches}` of `Measurement`, and `warnings`, as JSON. */
  end(): string;
}

/** Both sides of the Arrow C Data Interface, one step at a time. Each throws when it is not its turn. */
export interface Crossing {
  /** `{count, timed, rows, bytes}` as JSON: batches, those from the first on that are to be timed, and the first one's rows and bytes. */
  shape(): string;
  /** Exports a batch; the address of its C struct. */
  handOver(index: number): number;
  /** Imports the batch at that address. */
  take(address: number): void;
  /** Compares where the buffers lie of what arrived and of the batch. */
  compare(index: number): void;
  /** Adds what arrived to the digest. */
  digest(): void;
  release(): void;
  /** `Digest` as JSON; the next one begins another. */
  endDigest(): string;
  /** `{buffers, equal}` as JSON. */
  addresses(): string;
}

export interface Addon {
  /** `PrepareFileJob` of run/file-table.ts as JSON → `Facts` as JSON, by what arrow-rs read. */
  prepareFile(job: string): string;
  /** `Facts` as JSON that a prepared file was made with. */
  factsOfPrepared(path: string): string;
  /** `DuckdbJob` as JSON → `DuckdbReading` as JSON, both of verify/by-duckdb.ts. */
  digestParquetByDuckdb(job: string): Promise<string>;
  /** `ArrowJob` as JSON → `ArrowReading` as JSON, both of native/engine/reader. */
  digestArrowByArrowRs(job: string): Promise<string>;
  /** `{library, target, firstRow}` as JSON → `PlugInReading` of verify/by-plug-in.ts as JSON. */
  digestByPlugIn(job: string): Promise<string>;
  /** Fills memory with what stands at `offset` of the raw bytes of this seed and size. */
  fillRaw(into: Uint8Array, offset: number, seed: number, size: number): void;
  /** Bytes from the start of this memory to the first that lies at a multiple of 4096. */
  bytesToPage(memory: Uint8Array): number;
  dropFromCache(path: string): void;
  /** Share of a file's pages in the page cache, 0 to 1. */
  residentShare(path: string): number;
  /** Keeps standard output for the report, whose descriptor it returns; ends the process with its parent, and adopts orphans. */
  setUpWorker(): number;
  /** Ends the processes that were started here and still run; a sentence, where there were any. Node hears of no child's end after it. */
  endLeftovers(): string | null;
  /** `job`: `WorkerJob` as JSON. */
  readonly JobSource: new (job: string) => JobSource;
  /** `job`: `WorkerJob` as JSON, which is checked. */
  readonly JobTarget: new (job: string) => JobTarget;
  readonly ProcessWeighing: new () => ProcessWeighing;
  /** `job`: `CrossingJob` of harness/crossing as JSON. Reads all its batches. */
  readonly Crossing: new (job: string) => Crossing;
  /**
   * `schema`: `Field[]` as JSON; an id for each dictionary of it, those inside of a dictionary's values behind its own; the index in
   * the whole table of the first row.
   */
  readonly ArrowDigester: new (schema: string, dictionaryIds: readonly number[], firstRow: number) => ArrowDigester;
  /** `schema`: `Field[]` as JSON; the index in the whole table of the first row. */
  readonly ColumnDigester: new (schema: string, firstRow: number) => ColumnDigester;
}

let loaded: Addon | undefined;

/** Loads the addon on first use. Throws `Misuse` when it is not built. */
export function addon(): Addon {
  loaded ??= createRequire(import.meta.url)(builtFile('writeproof.node')) as Addon;
  return loaded;
}
