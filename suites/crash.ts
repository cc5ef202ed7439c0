/** What `crash` does its worst to: small, and in many steps, so that there is something to interrupt. Data only. */

import type { WriterSpec } from './types.js';

/** Writers of each format that are asked about when none is named. */
export const CRASH_WRITERS: readonly string[] = ['parquet', 'arrow', 'lance', 'apache-arrow', 'parquet-wasm'];

const TABLE = 'orders@0.01';
/** Of 15,000. */
const BATCH_ROWS = 500;

/** Versions that a dataset goes through: so many tenths of the table each, and the rest at close. */
export const TENTHS_A_VERSION = 3;

const commits = ({ flushes }: WriterSpec): boolean => flushes?.option === 'commit' && flushes.values.includes('append');

/** Where a flush commits a version, there is a previous one from the first flush on. */
export function crashCase(writer: WriterSpec): string {
  const options = [`batchRows=${BATCH_ROWS}`];
  if (commits(writer)) options.push('flushEvery=9', 'commit=append');
  if (writer.options['rowGroupRows'] !== undefined) options.push('rowGroupRows=4000');
  if (writer.options['bufferBytes'] !== undefined) options.push('bufferBytes=65536');
  const variant = writer.variants.includes('stream') ? 'stream' : (writer.variants[0] ?? 'stream');
  return [`${TABLE}/${writer.name}/${variant}`, ...options].join(';');
}

/** More than the memory that it is given; null where the writer need not hold all of it. */
export const hungryCase = (writer: WriterSpec): string | null =>
  writer.variants.includes('accumulate') ? `orders@0.1/${writer.name}/accumulate;memoryLimit=16MiB` : null;

/** Lance writes it as it may, first under a temporary name, and reads it only to find the latest version sooner. */
const VERSION_HINT = /\/_versions\/(latest_version_hint\.json|\.tmp[^/]*)$/;

/** Files that a writer may do without, and be right. */
export const isHint = (file: string): boolean => VERSION_HINT.test(file);
