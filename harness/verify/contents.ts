/** Detectors N, M, O and C: what was read against the facts. Pure. */

import type { ColumnDigest, Digest, Facts, Finding } from '../types.js';
import { finding, firstFew } from './finding.js';

const BLOCK_ROWS = 65_536;

/** Rows as the metadata counts them, place by place, and as reading counts them. */
export function rowFindings(
  facts: Facts,
  inMetadata: readonly (readonly [place: string, rows: number])[],
  rowsRead: number,
): readonly Finding[] {
  return [...inMetadata, ['rows by reading', rowsRead] as const]
    .filter(([, actual]) => actual !== facts.rows)
    .map(([what, actual]) => finding('N', what, facts.rows, actual));
}

/** Indices of the blocks of 65,536 rows whose contents differ. */
export function unequalBlocks(expected: Digest, actual: Digest): readonly number[] {
  const count = Math.max(expected.blocks.length, actual.blocks.length);
  return Array.from({ length: count }, (_, index) => index).filter((index) => {
    const [one, other] = [expected.blocks[index], actual.blocks[index]];
    return one?.rows !== other?.rows || one?.multiset !== other?.multiset;
  });
}

/** `rows 0 to 65535` and so on, as the table counts them; the first and the last block are cut to the rows that the facts are of. */
function blockNames(blocks: readonly number[], firstRow: number, rows: number): string {
  const names = blocks.map((block) => {
    const first = Math.max(block * BLOCK_ROWS, firstRow);
    const last = Math.min((block + 1) * BLOCK_ROWS, firstRow + rows) - 1;
    return `rows ${first} to ${Math.max(first, last)}`;
  });
  return firstFew(names, 8);
}

/** All of a column but its name. */
const contentOf = (column: ColumnDigest | undefined): string => JSON.stringify({ ...column, name: '' });

/** Values may have any length; a sentence has not. */
const MOST_LETTERS = 64;
const shortened = (value: string | null): string =>
  value === null || value.length <= MOST_LETTERS ? (value ?? 'none') : `${value.slice(0, MOST_LETTERS)}…`;

const describe = (column: ColumnDigest | undefined): string =>
  column === undefined
    ? 'no column'
    : `sum ${column.sum}, ${column.nulls} nulls, ${column.bytes} bytes, ${shortened(column.min)} to ${shortened(column.max)}`;

function columnFindings(expected: Digest, actual: Digest): readonly Finding[] {
  const count = Math.max(expected.columns.length, actual.columns.length);
  return Array.from({ length: count }, (_, index) => [expected.columns[index], actual.columns[index]] as const)
    .filter(([one, other]) => contentOf(one) !== contentOf(other))
    .map(([one, other]) => finding('C', `column ${one?.name ?? other?.name ?? ''}`, describe(one), describe(other)));
}

export function digestFindings(facts: Facts, actual: Digest): readonly Finding[] {
  const expected = facts.digest;
  const findings: Finding[] = [];
  if (actual.multiset !== expected.multiset) {
    const blocks = unequalBlocks(expected, actual);
    const rows = Math.max(expected.rows, actual.rows);
    const where = `unequal in ${blocks.length} blocks: ${blockNames(blocks, facts.firstRow ?? 0, rows)}`;
    findings.push(finding('M', `digest of whole rows, ${where}`, expected.multiset, actual.multiset));
  }
  if (actual.order !== expected.order) {
    findings.push(finding('O', 'digest of the order of rows', expected.order, actual.order));
  }
  return [...findings, ...columnFindings(expected, actual)];
}
