import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { nativePath } from '../native-path.js';
import type { DescribedTable } from './described.js';
import { plainDigest, type PlainResult } from './plain-digest.js';
import { randomTable } from './random-table.js';

interface Vector {
  readonly name: string;
  readonly table: DescribedTable;
  readonly expected: PlainResult;
}

/** All tables in one process of the native example. */
function nativeDigests(tables: readonly DescribedTable[]): PlainResult[] {
  const input = tables.map((table) => `${JSON.stringify(table)}\n`).join('');
  const run = spawnSync(nativePath('digest-json'), { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  assert.equal(run.status, 0, run.stderr);
  return run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as PlainResult);
}

const root = join(import.meta.dirname, '..', '..', '..');
const vectors = JSON.parse(readFileSync(join(root, 'test', 'digest', 'vectors.json'), 'utf8')) as Vector[];

test('the plain digest gives the sums of every vector', async () => {
  const actual = await Promise.all(vectors.map(async ({ table }) => plainDigest(table)));
  assert.deepEqual(
    actual,
    vectors.map(({ expected }) => expected),
  );
  assert.equal(vectors.length, 39);
});

test('the native digest gives the sums of every vector', () => {
  assert.deepEqual(
    nativeDigests(vectors.map(({ table }) => table)),
    vectors.map(({ expected }) => expected),
  );
});

test('native and plain digest agree on 600 random tables', async (context) => {
  const seed = Number(process.env['WRITEPROOF_SEED'] ?? Date.now() % 2 ** 31);
  context.diagnostic(`WRITEPROOF_SEED=${seed}`);
  const tables = fc.sample(randomTable, { seed, numRuns: 600 });
  const [native, plain] = [nativeDigests(tables), await Promise.all(tables.map(async (table) => plainDigest(table)))];
  assert.equal(native.length, 600);
  const different = tables.filter((_, index) => !isDeepStrictEqual(native[index], plain[index]));
  assert.deepEqual(different.slice(0, 1), [], `${different.length} of 600 differ`);
  assert.deepEqual(native, plain);
  const kinds = new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => JSON.stringify(type).split(':')[0])));
  const layouts = new Set(tables.flatMap(({ columns }) => columns.map(({ layout }) => layout)));
  assert.deepEqual([kinds.size, layouts.size], [49, 7], 'every type and every layout is among them');
  assert.ok(native.filter(({ digest }) => digest.rows > 1).length > 300, 'most random tables have rows');
});

test('the plain digest sees a swap in order only, and a changed cell in its column', async () => {
  const table = (keys: string[], names: string[]): DescribedTable => ({
    columns: [
      { name: 'key', type: 'int64', values: keys },
      { name: 'name', type: 'utf8', values: names },
    ],
  });
  const { digest: original } = await plainDigest(table(['1', '2', '3'], ['a', 'b', 'c']));
  const { digest: swapped } = await plainDigest(table(['2', '1', '3'], ['b', 'a', 'c']));
  assert.deepEqual({ ...swapped, order: original.order }, original);
  assert.notEqual(swapped.order, original.order);
  const { digest: changed } = await plainDigest(table(['1', '2', '3'], ['a', 'b', 'd']));
  assert.notEqual(changed.multiset, original.multiset);
  assert.equal(changed.columns[0]?.sum, original.columns[0]?.sum);
  assert.notEqual(changed.columns[1]?.sum, original.columns[1]?.sum);
});
