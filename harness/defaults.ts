import type { CaseOptions, Source, Switches, Variant } from './types.js';

/** Options of a case of which nothing was said; its id names only what differs from them. */
export const DEFAULT_OPTIONS: CaseOptions = {
  batchRows: 8192,
  threads: 1,
  overlap: false,
  flushEvery: 0,
  part: { index: 1, count: 1 },
  parts: 1,
  cold: false,
  memoryLimit: 0,
  emptyBatches: false,
  profile: false,
  writer: {},
};

export const DEFAULT_SOURCE: Source = 'prepared';

/** The table of raw bytes, whose content is made from this seed. */
export const RAW_TABLE = 'raw';
export const RAW_SEED = 1;
/** Tables whose scale is their size in bytes. */
export const SIZED_TABLES: readonly string[] = [RAW_TABLE, 'pattern'];

/** Scale of cases that name none and belong to no suite. */
export const DEFAULT_SCALE = 0.1;

/** A file of the user's own has one size. */
export const FILE_SCALE = 1;

/** Each variant changes exactly one switch of the one above it. */
export const SWITCHES: Readonly<{ [variant in Variant]: Switches }> = {
  accumulate: { batching: 'at_close', handover: 'copy', io: 'buffered' },
  stream: { batching: 'per_batch', handover: 'copy', io: 'buffered' },
  'zero-copy': { batching: 'per_batch', handover: 'pointer', io: 'buffered' },
  direct: { batching: 'per_batch', handover: 'pointer', io: 'direct' },
};

/** The second reader is JavaScript: it reads files of at most this many rows, unless it is asked for. */
export const SECOND_READER_ROWS = 1_000_000;

/** Value of the option `fault` of what does everything as it should: the control of every other. */
export const CONTROL = 'none';
