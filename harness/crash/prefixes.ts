/** Facts of the first rows of a table: what the versions hold that a dataset goes through. */

import { Misuse } from '../misuse.js';
import { ensureFacts, type Store } from '../run/facts.js';
import { mergeDigests } from '../run/merge-digests.js';
import type { Facts, WriteCase } from '../types.js';

const TENTHS = 10;

const wholeFacts = (one: WriteCase, index: number, count: number): WriteCase => ({
  ...one,
  options: { ...one.options, part: { index, count } },
});

/**
 * What a dataset holds after each flush that commits a version, from the facts of the table's tenths: a flush comes every so
 * many of them. Nothing where flushes commit none.
 */
export async function versionFacts(
  one: WriteCase,
  whole: Facts,
  tenthsAVersion: number,
  store: Store,
): Promise<readonly Facts[]> {
  const { flushEvery, batchRows } = one.options;
  if (flushEvery === 0) return [];
  const tenths: Facts[] = [];
  for (let index = 1; index <= TENTHS; index += 1) {
    tenths.push(await ensureFacts(wholeFacts(one, index, TENTHS), store));
  }
  const versions: Facts[] = [];
  for (let count = tenthsAVersion; count < TENTHS; count += tenthsAVersion) {
    const parts = tenths.slice(0, count);
    const digest = mergeDigests(
      whole.digest.version,
      whole.schema,
      parts.map((part) => part.digest),
    );
    const rows = flushEvery * batchRows * (versions.length + 1);
    if (digest.rows !== rows) {
      throw new Misuse(`${one.id}: version ${versions.length + 1} has ${rows} rows, its facts ${digest.rows}.`);
    }
    const arrowBytes = parts.reduce((sum, part) => sum + part.arrowBytes, 0);
    versions.push({ ...whole, rows, arrowBytes, digest });
  }
  return versions;
}
