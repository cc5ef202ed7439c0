/** An honest writer of the registry with one fault: a library or module that wraps it, under a name of its own. */

import { fileURLToPath } from 'node:url';
import type { WriterHolder, WriterSpec } from '../types.js';

/** Name of the library writer that lies in place of an honest one. */
export const faultyName = (honest: string): string => `faulty-${honest}`;

/** What holds the faults of a writer: the library, under a name by which it says of itself what Lance does, or a module a format. */
function holderOf(honest: WriterSpec): WriterHolder {
  if (honest.holder.kind === 'library') {
    const name = honest.format === 'lance' ? 'libwriteproof_faults_lance.so' : 'libwriteproof_faults.so';
    return { kind: 'library', file: name };
  }
  const module = honest.format === 'parquet' ? 'javascript-parquet.js' : 'javascript.js';
  return { kind: 'module', file: fileURLToPath(new URL(`../../test/faults/${module}`, import.meta.url)) };
}

/** The honest writer behind what lies; `over` is the one that is wrapped. */
export const faultyWriter = (honest: WriterSpec): WriterSpec => ({
  ...honest,
  name: faultyName(honest.name),
  about: `${honest.name} with a fault`,
  holder: holderOf(honest),
  options: {
    ...honest.options,
    fault: { default: 'none', help: 'what goes wrong' },
    // Within the moment that processes of a writer are given to end.
    lateMs: { default: 20, help: 'milliseconds from close to the late write' },
    over: { default: 'parquet', help: 'the honest writer' },
    share: { default: 0.05, help: 'share of time or memory that a handicap costs' },
    bytes: { default: 8 * 2 ** 20, help: 'bytes that more-memory holds where it streams' },
  },
  settings: { over: honest.name },
});

/** The honest writers that are libraries or modules, and each of them with faults. */
export const withFaultyWriters = (writers: readonly WriterSpec[]): readonly WriterSpec[] => [
  ...writers,
  ...writers.filter(({ holder }) => holder.kind !== 'command').map(faultyWriter),
];

/** The case `table@scale/writer/variant;…` with a fault in place of its writer. */
export function faultyCase(honest: string, fault: string): string {
  const [head = '', ...options] = honest.split(';');
  const [table = '', writer = '', variant = ''] = head.split('/');
  const over = writer === 'parquet' ? [] : [`over=${writer}`];
  return [`${table}/${faultyName(writer)}/${variant}`, ...options, `fault=${fault}`, ...over].join(';');
}
