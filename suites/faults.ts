/** Writers that lie, as the field has seen them. Nothing else names a fault: the harness takes what stands here. */

import type { WriterSpec } from './types.js';

export interface FaultSpec {
  readonly name: string;
  /** What the writer does. */
  readonly about: string;
  /** The bug that it is. */
  readonly seenIn: string;
}

export const FAULTS: readonly FaultSpec[] = [
  {
    name: 'ack-only',
    about: 'counts calls and rows, imports nothing and returns success',
    seenIn: 'the writer of system C, published as 38 % faster with zero rows',
  },
  {
    name: 'never-called',
    about: 'the writer is created and closed, the batches go to a Parquet file in its directory',
    seenIn: 'the writer of system B, which wrote Parquet under the name of Lance',
  },
  {
    name: 'null-lost',
    about: 'a null becomes the default of its type',
    seenIn: 'pola-rs/polars#16608',
  },
  {
    name: 'validity-offset',
    about: 'the null bitmap of a sliced array is read from its first bit',
    seenIn: 'apache/arrow-rs#3671',
  },
];

/** Name of the library writer that lies in place of an honest one. */
const faultyName = (honest: string): string => `faulty-${honest}`;

/** One library holds all faults; `over` is the honest writer that it wraps, Parquet unless it is told. */
export const faultyWriter = (honest: WriterSpec): WriterSpec => ({
  ...honest,
  name: faultyName(honest.name),
  about: `${honest.name} with a fault`,
  holder: { kind: 'library', file: 'libwriteproof_faults.so' },
  options: {
    ...honest.options,
    fault: { default: 'none', help: 'what goes wrong' },
    over: { default: 'parquet', values: ['parquet', 'arrow', 'lance'], help: 'the honest writer' },
  },
  settings: { over: honest.name },
});

/** The honest writers that are libraries, and each of them with faults. */
export const withFaultyWriters = (writers: readonly WriterSpec[]): readonly WriterSpec[] => [
  ...writers,
  ...writers.filter(({ holder }) => holder.kind === 'library').map(faultyWriter),
];

/** The case `table@scale/writer/variant;…` with a fault in place of its writer. */
export function faultyCase(honest: string, fault: string): string {
  const [head = '', ...options] = honest.split(';');
  const [table = '', writer = '', variant = ''] = head.split('/');
  const over = writer === 'parquet' ? [] : [`over=${writer}`];
  return [`${table}/${faultyName(writer)}/${variant}`, ...options, `fault=${fault}`, ...over].join(';');
}
