/**
 * What a JavaScript writer implements: the steps of writeproof.h, one module for one writer. A module exports it as default, or
 * under the name `writer`. Every step may return its result or a promise of it. The package has these types:
 * `import type { WriterModule } from 'writeproof'`.
 *
 * ```js
 * export default {
 *   name: 'mine',
 *   format: 'parquet',
 *   extension: 'parquet',
 *   variants: ['stream'],
 *   async create({ target, schema, nonce }) {
 *     const file = await open(target, 'wx');
 *     return { async write(batch) {…}, async close() {…}, async abort() {…} };
 *   },
 * };
 * ```
 */

import type * as Arrow from 'apache-arrow';
import type { Format } from '../types.js';

export type { Format } from '../types.js';

/** Batches cross to JavaScript as copies and reach the disk through the page cache: the other two variants are not possible. */
export const MODULE_VARIANTS = ['accumulate', 'stream'] as const;
export type ModuleVariant = (typeof MODULE_VARIANTS)[number];

export type OptionValue = string | number | boolean;

/** An option of the writer's own. Without `values` any value of the default's type is taken. */
export interface ModuleOption {
  readonly default: OptionValue;
  readonly values?: readonly OptionValue[];
  readonly help?: string;
}

export interface WriterModule {
  /** Letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /** What the target is read back as. */
  readonly format: Format;
  /** Of the target's file name, without the dot. */
  readonly extension: string;
  /** `accumulate`: all is written at close; `stream`: batch by batch, so that memory does not grow with the table. */
  readonly variants: readonly ModuleVariant[];
  readonly options?: Readonly<{ [name: string]: ModuleOption }>;
  /** Makes the target. Called once in a process; the clock runs from here on. */
  create(request: CreateRequest): OpenWriter | Promise<OpenWriter>;
}

export interface CreateRequest {
  /** Absolute path. Nothing is there; its folder is empty, and the writer writes nowhere else. */
  readonly target: string;
  /** Of every batch. */
  readonly schema: Arrow.Schema;
  /** Every declared option, defaults filled in. */
  readonly options: Readonly<{ [name: string]: OptionValue }>;
  /** To be stored as `writeproof.nonce` in the metadata of the schema or file: it tells this file from an older one. */
  readonly nonce: string;
  readonly variant: ModuleVariant;
  /** The `apache-arrow` that made schema and batches. A module's own copy does not know their classes. */
  readonly arrow: typeof Arrow;
}

/**
 * One target being written. One step is called at a time, and the next after the promise of the one before. A step that throws
 * or rejects has failed: the case is `failed` with the step and the error's message (and `errno`, where it is a system error),
 * `abort` is called, and the target is removed. After `close` has returned nothing may be written any more.
 */
export interface OpenWriter {
  /** Takes the next batch. Its memory is the writer's own from here on: it may be kept, and is never used again. */
  write(batch: Arrow.RecordBatch): void | Promise<void>;
  /** Writes what it holds so far. Called after every n batches where a case asks for it (`--flush-every n`); else not needed. */
  flush?(): void | Promise<void>;
  /**
   * Writes the rest and the footer, and closes the files; fsync is not its task. What it returns is recorded as the writer's
   * word: any JSON; of `encodeNs` and `writeNs` (nanoseconds of work) the report makes columns.
   */
  close(): unknown;
  /** Gives up: closes files, whatever state they are in. Called once after a step that failed. */
  abort(): void | Promise<void>;
}
