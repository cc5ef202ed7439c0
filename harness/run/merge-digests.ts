/** Digests of parts → the digest of the whole, as native/engine/DIGEST.md merges them. Pure. */

import type { BlockDigest, ColumnDigest, Digest, Field } from '../types.js';
import { compareExtremes } from '../verify/extremes.js';

const MODULUS = 2n ** 128n;

const sumOf = (sums: readonly string[]): string =>
  (sums.reduce((sum, text) => sum + BigInt(`0x${text}`), 0n) % MODULUS).toString(16).padStart(32, '0');

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

/** The smallest or largest of all that there are. */
function extremeOf(type: string, texts: readonly (string | null)[], sign: 1 | -1): string | null {
  return texts.reduce((chosen, text) => {
    if (chosen === null || text === null) return chosen ?? text;
    return sign * compareExtremes(type, text, chosen) < 0 ? text : chosen;
  }, null);
}

function columnOf({ name, type }: Field, columns: readonly ColumnDigest[]): ColumnDigest {
  return {
    name,
    sum: sumOf(columns.map(({ sum }) => sum)),
    nulls: total(columns.map(({ nulls }) => nulls)),
    bytes: total(columns.map(({ bytes }) => bytes)),
    min: extremeOf(type, columns.map(({ min }) => min), 1), // prettier-ignore
    max: extremeOf(type, columns.map(({ max }) => max), -1), // prettier-ignore
  };
}

/** Each part's blocks are those of the whole, so that one in which a part ends and the next begins is in both. */
function blocksOf(parts: readonly (readonly BlockDigest[])[]): readonly BlockDigest[] {
  const count = Math.max(0, ...parts.map((blocks) => blocks.length));
  return Array.from({ length: count }, (_, index) => {
    const blocks = parts.flatMap((one) => one[index] ?? []);
    return { rows: total(blocks.map(({ rows }) => rows)), multiset: sumOf(blocks.map(({ multiset }) => multiset)) };
  });
}

/** Each digest is keyed from its part's first row in the whole table; `fields` are the table's. */
export function mergeDigests(version: string, fields: readonly Field[], digests: readonly Digest[]): Digest {
  return {
    version,
    rows: total(digests.map(({ rows }) => rows)),
    multiset: sumOf(digests.map(({ multiset }) => multiset)),
    order: sumOf(digests.map(({ order }) => order)),
    columns: fields.map((field, index) =>
      columnOf(
        field,
        digests.flatMap(({ columns }) => columns[index] ?? []),
      ),
    ),
    blocks: blocksOf(digests.map(({ blocks }) => blocks)),
  };
}
