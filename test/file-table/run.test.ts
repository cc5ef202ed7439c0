/** A user's own file as the table: right, unfit and changing. */

import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { stampFile } from '../../harness/run/stamps.js';
import { agreedFacts } from '../../harness/run/file-table.js';
import { checkUnchanged } from '../../harness/run/unchanged.js';
import type { Run, WriteRecord } from '../../harness/types.js';
import { workspace, writeproof } from '../cli/command.js';
import { FACTS } from '../run/fixtures.js';
import { writeTable } from '../verify/described-file.js';
import { EDGE_COLUMNS, repeated } from '../verify/edge-columns.js';

const { folder, remove } = workspace();
after(remove);
const CACHE = { WRITEPROOF_CACHE: path.join(folder, 'cache') };

interface Document {
  readonly run: Run;
  readonly results: readonly WriteRecord[];
}

/** A Parquet file with real rows, written by our own writer. */
async function makeFile(): Promise<string> {
  const target = path.join(folder, 'kept');
  const words = ['run', '--case', 'nation@0.01/parquet/stream', '--keep', '--target', target, '--json'];
  const { stdout } = await writeproof(folder, words, CACHE);
  const kept = (JSON.parse(stdout) as Document).results[0]?.kept ?? '';
  mkdirSync(path.join(folder, 'own'), { recursive: true });
  const file = path.join(folder, 'own', 'mine.parquet');
  copyFileSync(path.join(target, kept, 'nation.parquet'), file);
  return file;
}

let made: Promise<string> | undefined;
const ordersFile = async (): Promise<string> => (made ??= makeFile());

test(
  "a file's rows are written and read back in every variant, and no record tells its path",
  { timeout: 600_000 },
  async () => {
    const file = await ordersFile();
    const words = ['run', '--table', `file:${file}`, '--writer', 'parquet', '--variant', 'stream,zero-copy', '--json'];
    const { code, stdout, stderr } = await writeproof(folder, words, CACHE);
    assert.equal(code, 0, stderr);
    const { results } = JSON.parse(stdout) as Document;
    assert.deepEqual(
      results.map((record) => [record.case.id, record.verdict.status === 'verified' ? record.verdict.rows : 0]).sort(),
      [
        ['file:mine.parquet@1/parquet/stream', 25],
        ['file:mine.parquet@1/parquet/zero-copy', 25],
      ],
    );
    assert.equal(stdout.includes(path.dirname(file)), false);
  },
);

test('a file whose ARROW:schema has types that Parquet has not is a table of types that Parquet has', async () => {
  const own = path.join(folder, 'own');
  mkdirSync(own, { recursive: true });
  const file = path.join(own, 'layouts.parquet');
  // By Parquet's word an interval is one of days: arrow-rs would drop its months.
  const columns = EDGE_COLUMNS.filter(({ type }) => type !== 'interval(year_month)');
  writeTable(file, { columns: columns.map((column) => repeated(column, 33)) }, {});
  symlinkSync(file, path.join(own, 'linked.parquet'));
  const tables = `file:${file},file:${path.join(own, 'linked.parquet')}`;
  const words = ['run', '--table', tables, '--writer', 'parquet', '--variant', 'stream', '--json'];
  const { code, stdout, stderr } = await writeproof(folder, words, CACHE);
  assert.equal(code, 0, stderr);
  const { results } = JSON.parse(stdout) as Document;
  assert.deepEqual(results.map(({ case: one, verdict }) => [one.id, verdict.status]).sort(), [
    ['file:layouts.parquet@1/parquet/stream', 'verified'],
    ['file:linked.parquet@1/parquet/stream', 'verified'],
  ]);
});

test('files that cannot be a table are refused with a sentence', async () => {
  const refusal = async (...words: readonly string[]): Promise<readonly unknown[]> => {
    const { code, stderr } = await writeproof(folder, ['run', '--dry-run', ...words], CACHE);
    return [code, stderr.trim().split('\n').length <= 2, stderr];
  };
  const file = await ordersFile();
  writeFileSync(path.join(folder, 'text.parquet'), 'no Parquet at all');
  const cut = path.join(folder, 'cut.parquet');
  writeFileSync(cut, readFileSync(file).subarray(0, 400));
  const refusals = await Promise.all([
    refusal('--table', 'file:'),
    refusal('--table', 'file:none.parquet'),
    refusal('--table', `file:${folder}`),
    refusal('--table', 'file:text.parquet'),
    refusal('--table', `file:${cut}`),
    refusal('--table', `file:${file}`, '--scale', '10'),
    refusal('--table', `file:${file}`, '--part', '1/2'),
    refusal('--table', `file:${file}`, '--parts', '2'),
    refusal('--table', `file:${file}`, '--source', 'generated'),
  ]);
  const said = [
    /names no file/,
    /does not exist/,
    /is a folder/,
    /text\.parquet/,
    /cut\.parquet/,
    /one size/,
    /no parts/,
    /no parts/,
    /no generated/,
  ];
  assert.deepEqual(
    refusals.map(([code, short, text], index) => [code, short, said[index]?.test(String(text))]),
    said.map(() => [1, true, true]),
  );
});

test('a file that changes after it was looked at is named, with what it was and what it is', async () => {
  const file = path.join(folder, 'changing.parquet');
  writeFileSync(file, 'four');
  const stamp = await stampFile(folder, file);
  await checkUnchanged(file, [stamp]);
  writeFileSync(file, 'fours');
  await assert.rejects(
    checkUnchanged(file, [stamp]),
    /changing\.parquet changed while it was read: expected 4 bytes.*found 5 bytes/,
  );
  const again = await stampFile(folder, file);
  utimesSync(file, 1, 1);
  await assert.rejects(checkUnchanged(file, [again]), /changed while it was read/);
  await assert.rejects(checkUnchanged(path.join(folder, 'gone.parquet'), [again]), /changed while it was read.*ENOENT/);
});

test('what two readers do not agree on is not measured', () => {
  const other = 'f'.repeat(32);
  const digest = { ...FACTS.digest, order: other };
  const [field] = FACTS.schema;
  assert.equal(agreedFacts('a.parquet', FACTS, { ...FACTS, arrowBytes: 7 }).arrowBytes, 7);
  const wrong = [
    { ...FACTS, digest },
    { ...FACTS, digest: { ...FACTS.digest, multiset: other } },
    { ...FACTS, rows: 1 },
    { ...FACTS, schema: field === undefined ? [] : [{ ...field, nullable: true }] },
  ];
  const refused = wrong.map((prepared) => {
    try {
      agreedFacts('/somewhere/a.parquet', FACTS, prepared);
      return 'agreed';
    } catch (error) {
      return /^Two readers disagree about a\.parquet: (the [a-z ]+) is/.exec((error as Error).message)?.[1];
    }
  });
  assert.deepEqual(refused, ['the digest of rows', 'the digest of rows', 'the number of rows', 'the schema']);
});
