/** verify and digest on files that somebody else wrote, and damaged. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { parquetWriteFile } from 'hyparquet-writer';
import { SECOND_READER_ROWS } from '../../harness/defaults.js';
import { stampFiles } from '../../harness/run/stamps.js';
import { ROWS, write } from '../verify/fixture.js';
import { workspace, writeproof } from './command.js';

const { folder, remove } = workspace();
after(remove);
const good = path.join(folder, 'good.parquet');
write(good, { nonce: null });

const bytes = readFileSync(good);
/** Its metadata are whole, its first pages are not. */
const holed = Buffer.from(bytes);
holed.fill(0xff, 4, 400);
writeFileSync(path.join(folder, 'holed.parquet'), holed);
/** Its end is missing. */
writeFileSync(path.join(folder, 'cut.parquet'), bytes.subarray(0, 1000));

test('a file that holds what another one holds is verified by both readers', async () => {
  const ended = await writeproof(folder, ['verify', 'good.parquet', '--same-as', 'good.parquet']);
  assert.deepEqual(
    [ended.code, ended.stdout, ended.stderr],
    [0, `verified: ${ROWS.toLocaleString('en-US')} rows by duckdb + hyparquet\n`, ''],
  );
});

test('what lies beside a file of somebody else is not walked', async () => {
  // Folders in each other until the path is longer than the kernel takes: whoever walks them fails.
  const name = 'd'.repeat(250);
  spawnSync('sh', ['-c', `while mkdir ${name} && cd ${name}; do :; done`], { cwd: folder });
  const walking = stampFiles(folder);
  await assert.rejects(walking, /ENAMETOOLONG/);
  const ended = await writeproof(folder, ['verify', 'good.parquet', '--same-as', 'good.parquet']);
  spawnSync('rm', ['-rf', path.join(folder, name)]);
  assert.deepEqual([ended.code, ended.stderr], [0, '']);
});

test('of a file that cannot be read the cause stands there once, and the letters are explained', async () => {
  const { code, stdout } = await writeproof(folder, ['verify', 'cut.parquet', '--same-as', 'good.parquet']);
  const lines = stdout.trim().split('\n');
  assert.equal(code, 4);
  assert.equal(lines.filter((line) => line.includes('last four bytes')).length, 1);
  assert.equal(lines.filter((line) => line === 'not looked at: S N M O C P X').length, 1);
  assert.equal(
    lines.filter((line) => /F format on disk; .*S strict schema; N rows counted by reading/.test(line)).length,
    1,
  );
  assert.equal(lines.at(-1), 'corrupt: cut.parquet');
});

test('the document keeps every finding of a file that cannot be read', async () => {
  const { stdout } = await writeproof(folder, ['verify', 'cut.parquet', '--same-as', 'good.parquet', '--json']);
  const document = JSON.parse(stdout) as { results: { findings: { detector: string; what: string }[] }[] };
  const blind = document.results.flatMap(({ findings }) => findings.filter(({ what }) => what === 'no input'));
  assert.equal(blind.map(({ detector }) => detector).join(''), 'SNMOCPX');
});

test('digest of a damaged file is one sentence and exit code 4; others are read all the same', async () => {
  const ended = await writeproof(folder, ['digest', 'holed.parquet', 'good.parquet']);
  assert.match(ended.stderr, /^holed\.parquet cannot be read in full: DuckDB: [^\n]+\n$/);
  assert.match(ended.stdout, /^good\.parquet: 70,000 rows, digest wp1\n/);
  assert.equal(ended.code, 4);
  const cut = await writeproof(folder, ['digest', 'cut.parquet']);
  assert.match(cut.stderr, /^cut\.parquet cannot be read as Parquet: last four bytes: [^\n]+\n$/);
  assert.deepEqual([cut.code, cut.stdout], [4, '']);
});

test('a reference that is damaged is misuse: nothing is said of the file', async () => {
  const ended = await writeproof(folder, ['verify', 'good.parquet', '--same-as', 'holed.parquet']);
  assert.match(ended.stderr, /^holed\.parquet cannot be read in full: [^\n]+\n$/);
  assert.deepEqual([ended.code, ended.stdout], [1, '']);
});

test('the second reader is left out of large files, which is said, unless it is asked for', async () => {
  const data = Int32Array.from({ length: SECOND_READER_ROWS + 1 }, (_, row) => row);
  parquetWriteFile({
    filename: path.join(folder, 'large.parquet'),
    columnData: [{ name: 'row', data: [...data], type: 'INT32', nullable: false }],
  });
  const words = ['verify', 'large.parquet', '--same-as', 'large.parquet'];
  const first = await writeproof(folder, words);
  assert.equal(
    first.stdout,
    'verified: 1,000,001 rows by duckdb\nhyparquet did not read: it reads more than 1,000,000 rows only with --second-reader\n',
  );
  const both = await writeproof(folder, [...words, '--second-reader']);
  assert.equal(both.stdout, 'verified: 1,000,001 rows by duckdb + hyparquet\n');
  assert.deepEqual([first.code, both.code], [0, 0]);
});

test('a link to a file is the file, under the name that was given', async () => {
  symlinkSync('good.parquet', path.join(folder, 'link.parquet'));
  const both = ['verify', 'link.parquet', '--same-as', 'link.parquet'];
  const verified = await writeproof(folder, both);
  const expected = `verified: ${ROWS.toLocaleString('en-US')} rows by duckdb + hyparquet\n`;
  assert.deepEqual([verified.code, verified.stdout, verified.stderr], [0, expected, '']);
  const digest = await writeproof(folder, ['digest', 'link.parquet']);
  assert.deepEqual([digest.code, digest.stderr], [0, '']);
  assert.match(digest.stdout, /^link\.parquet: 70,000 rows/);
  symlinkSync('cut.parquet', path.join(folder, 'cut-link.parquet'));
  const cut = await writeproof(folder, ['digest', 'cut-link.parquet']);
  assert.match(cut.stderr, /^cut-link\.parquet cannot be read as Parquet: last four bytes: /);
  symlinkSync('nowhere', path.join(folder, 'dangling.parquet'));
  const dangling = await writeproof(folder, ['verify', 'dangling.parquet', '--same-as', 'good.parquet']);
  assert.match(dangling.stderr, /^dangling\.parquet does not exist/);
});

test('a million rows of ten sorted values in a file of little over a thousand bytes are verified', async () => {
  const rows = 1_000_000;
  const data = Int32Array.from({ length: rows }, (_, row) => Math.floor((row * 10) / rows));
  parquetWriteFile({ filename: path.join(folder, 'sorted.parquet'), columnData: [{ name: 'n', data, type: 'INT32' }] });
  assert.ok(statSync(path.join(folder, 'sorted.parquet')).size < rows / 50);
  const ended = await writeproof(folder, ['verify', 'sorted.parquet', '--same-as', 'sorted.parquet']);
  assert.deepEqual([ended.code, ended.stdout], [0, 'verified: 1,000,000 rows by duckdb + hyparquet\n']);
});
