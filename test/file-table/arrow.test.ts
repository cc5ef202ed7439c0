/** A user's own Arrow file or stream as the table. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import type { Digest, Facts, WriteRecord } from '../../harness/types.js';
import { readLayout } from '../../harness/verify/arrow-layout.js';
import { GOLDEN_FACTS } from '../../harness/paths.js';
import { workspace, writeproof } from '../cli/command.js';
import { nativePath } from '../native-path.js';

const { folder, remove } = workspace();
after(remove);
const CACHE = { WRITEPROOF_CACHE: path.join(folder, 'cache') };
const own = path.join(folder, 'own');
mkdirSync(own);

interface Outcome {
  readonly code: number;
  readonly stderr: string;
  readonly records: readonly WriteRecord[];
}

async function run(...words: readonly string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await writeproof(folder, ['run', ...words, '--json'], CACHE);
  const records = stdout === '' ? [] : (JSON.parse(stdout) as { readonly results: readonly WriteRecord[] }).results;
  return { code, stderr, records };
}

const CONTAINERS = { 'mine.arrow': '', 'mine.arrows': ';compression=zstd;container=stream' };

/** The table of edge values as our writer stores it: a file, and a stream whose dictionaries change. */
async function makeFiles(): Promise<void> {
  const target = path.join(folder, 'kept');
  const cases = Object.values(CONTAINERS).flatMap((options) => ['--case', `types@0.001/arrow/stream${options}`]);
  const { code, stderr, records } = await run(...cases, '--keep', '--target', target);
  assert.equal(code, 0, stderr);
  for (const [name, options] of Object.entries(CONTAINERS)) {
    const kept = records.find((record) => record.case.id.endsWith(`/stream${options}`))?.kept ?? '';
    copyFileSync(path.join(target, kept, 'types.arrow'), path.join(own, name));
  }
}

let made: Promise<void> | undefined;
const files = async (): Promise<void> => (made ??= makeFiles());

const golden = JSON.parse(readFileSync(path.join(GOLDEN_FACTS, 'types@0.001.json'), 'utf8')) as Facts;

const judged = ({ case: one, verdict }: WriteRecord): readonly unknown[] => [
  one.id,
  verdict.status === 'verified' ? verdict.rows : verdict,
  verdict.status === 'verified' ? verdict.digest.order : null,
];

test('values of every type, in a file and in a stream, are the table of writers of both formats', async () => {
  await files();
  const printed = await writeproof(folder, ['digest', 'own/mine.arrow', 'own/mine.arrows', '--json'], CACHE);
  const digests = (JSON.parse(printed.stdout) as { results: { digest: Digest }[] }).results.map(({ digest }) => digest);
  assert.deepEqual(
    digests.map(({ order }) => order),
    [golden.digest.order, golden.digest.order],
  );
  const words = ['--table', 'file:own/mine.arrow,file:own/mine.arrows', '--writer', 'parquet,arrow'];
  const { code, stderr, records } = await run(...words, '--variant', 'stream,zero-copy');
  const expected = Object.keys(CONTAINERS).flatMap((name) =>
    ['arrow/stream', 'arrow/zero-copy', 'parquet/stream', 'parquet/zero-copy'].map((rest) => [
      `file:${name}@1/${rest}`,
      1000,
      golden.digest.order,
    ]),
  );
  assert.deepEqual(records.map(judged).sort(), expected.sort(), stderr);
  assert.equal(code, 0);
  assert.equal(JSON.stringify(records).includes(own), false);
});

test('batches are those of the file, empty ones too, and those of too many rows are cut', async () => {
  await files();
  const { layout } = await readLayout(path.join(own, 'mine.arrows'));
  const rows = layout?.messageRows ?? [];
  const words = ['--table', 'file:own/mine.arrows', '--writer', 'arrow', '--variant', 'stream'];
  const calls = [];
  for (const batchRows of [50, 100_000]) {
    const { records } = await run(...words, '--batch-rows', String(batchRows));
    assert.deepEqual(
      records.map(({ verdict }) => verdict.status),
      ['verified'],
      JSON.stringify(records.map(judged)),
    );
    calls.push(records[0]?.crossed?.calls);
  }
  const pieces = rows.map((count) => Math.max(1, Math.ceil(count / 50)));
  assert.ok(rows.includes(0) && Math.max(...rows) > 50, `batches of ${rows.join()} rows`);
  assert.deepEqual(calls, [pieces.reduce((sum, count) => sum + count, 0), rows.length]);
});

test('files of another Arrow implementation: deltas, replaced dictionaries, codecs, list views, run ends and unions', async () => {
  const made = spawnSync(nativePath('arrow-files'), [own], { encoding: 'utf8', maxBuffer: 1 << 28 });
  assert.equal(made.status, 0, made.stderr);
  const names = ['deltas-file', 'replaced-stream', 'dictionaries-file-lz4', 'types-stream-zstd', 'types-file-none'];
  const tables = names.map((name) => `file:own/${name}.arrow`).join();
  const { records } = await run('--table', tables, '--writer', 'arrow', '--variant', 'stream', '--batch-rows', '60');
  const lines = made.stdout.trimEnd().split('\n');
  const written = lines.map((line) => JSON.parse(line) as { readonly name: string; readonly digest: Digest });
  const expected = names.map((name) => {
    const digest = written.find((one) => one.name === `${name}.arrow`)?.digest;
    return [`file:${name}.arrow@1/arrow/stream;batchRows=60`, digest?.rows, digest?.order];
  });
  assert.deepEqual(records.map(judged).sort(), expected.sort());
});

test('a file that is cut or damaged is named in one sentence, and nothing is planned', async () => {
  await files();
  const bytes = readFileSync(path.join(own, 'mine.arrow'));
  writeFileSync(path.join(own, 'cut.arrow'), bytes.subarray(0, bytes.length - 100));
  const { layout } = await readLayout(path.join(own, 'mine.arrow'));
  const place = layout?.messages.at(-2);
  assert.ok(place !== undefined);
  // Nodes and buffers of a batch say something else.
  const damaged = Buffer.from(bytes);
  damaged.fill(0x7f, place.offset + 100, place.offset + place.metadataBytes);
  writeFileSync(path.join(own, 'damaged.arrow'), damaged);
  const refused = [];
  for (const name of ['cut.arrow', 'damaged.arrow']) {
    const { code, stderr, records } = await run('--table', `file:own/${name}`);
    const [, sentence, ...more] = stderr.trim().split('\n');
    refused.push([code, records.length, sentence?.includes(name), more.length]);
  }
  assert.deepEqual(refused, [
    [1, 0, true, 0],
    [1, 0, true, 0],
  ]);
});
