/** Described tables as Parquet files of our writer, with facts from the plain digest, which shares no code with it. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stampFiles } from '../../harness/run/stamps.js';
import type { Facts, Field, Observation } from '../../harness/types.js';
import { observe } from '../../harness/verify/observe.js';
import type { DescribedTable } from '../digest/described.js';
import { plainDigest } from '../digest/plain-digest.js';
import { nativePath } from '../native-path.js';

const NONCE = 'nonce-of-this-run';

export type Options = Readonly<{ [option: string]: string | number | boolean }>;

/** What the writer answers: the fields that it was given, or why it refused them. */
export type Written = { readonly fields: readonly Field[] } | { readonly error: string };

/** Writes the table; the answer is the native example's. */
export function writeTable(target: string, table: DescribedTable, options: Options): Written {
  const input = `${JSON.stringify({ path: target, nonce: NONCE, options, table })}\n`;
  const run = spawnSync(nativePath('write-json'), { input, encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout) as Written;
}

export async function factsOfTable(table: DescribedTable, schema: readonly Field[]): Promise<Facts> {
  const { digest } = await plainDigest(table);
  const arrowBytes = digest.columns.reduce((sum, column) => sum + column.bytes, 0);
  return { table: 'described', scale: 1, part: { index: 1, count: 1 }, schema, rows: digest.rows, arrowBytes, digest };
}

export interface Judged {
  readonly observation: Observation;
  readonly facts: Facts;
}

/** Writes `table`, lets `damage` change the file's bytes, and judges it by the facts of `expected`, whose schema `alter` may change. */
export async function judge(
  table: DescribedTable,
  options: Options = {},
  expected: DescribedTable = table,
  alter: (schema: readonly Field[]) => readonly Field[] = (schema) => schema,
  damage: ((bytes: Buffer) => void) | null = null,
): Promise<Judged> {
  const root = await mkdtemp(path.join(tmpdir(), 'writeproof-described-'));
  try {
    const directory = path.join(root, 'target');
    await mkdir(directory);
    const target = path.join(directory, 'table.parquet');
    const written = writeTable(target, table, options);
    if ('error' in written) throw new Error(written.error);
    if (damage !== null) {
      const bytes = await readFile(target);
      damage(bytes);
      await writeFile(target, bytes);
    }
    const facts = await factsOfTable(expected, alter(written.fields));
    const observation = await observe({
      directory,
      target,
      format: 'parquet',
      facts,
      nonce: NONCE,
      files: await stampFiles(directory),
      secondReader: true,
      dropCache: false,
      implementation: 'arrow-rs',
    });
    return { observation, facts };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Letters of the detectors that fired. */
export const letters = ({ observation }: Judged): string =>
  [...new Set(observation.findings.map(({ detector }) => detector))].sort().join('');
