/** An honest writer of the registry with one fault: a library or module that wraps it, under a name of its own. */

import type { WriterSpec } from '../types.js';

/** Name of the library writer that lies in place of an honest one. */
export const faultyName = (honest: string): string => `faulty-${honest}`;

/** One library holds all faults; `over` is the honest writer that it wraps, Parquet unless it is told. */
export const faultyWriter = (honest: WriterSpec): WriterSpec => ({
  ...honest,
  name: faultyName(honest.name),
  about: `${honest.name} with a fault`,
  holder: { kind: 'library', file: 'libwriteproof_faults.so' },
  options: {
    ...honest.options,
    fault: { default: 'none', help: 'what goes wrong' },
    lateMs: { default: 300, help: 'milliseconds from close to the late write' },
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
