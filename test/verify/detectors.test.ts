/** Every detector fires on its damage, and none on the honest file. */

import assert from 'node:assert/strict';
import { mkdir, readFile, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { parquetMetadata } from 'hyparquet';
import { digestFindings } from '../../harness/verify/contents.js';
import { observe } from '../../harness/verify/observe.js';
import type { Detector, Digest, Observation } from '../../harness/types.js';
import {
  facts,
  honestColumns,
  NONCE,
  ROWS,
  scene,
  schemaElements,
  write,
  type Scene,
  type Writing,
} from './fixture.js';

const fired = (observation: Observation): string =>
  [...new Set(observation.findings.map(({ detector }) => detector))].sort().join('');

const whats = (observation: Observation, detector: Detector): readonly string[] =>
  observation.findings.filter((finding) => finding.detector === detector).map(({ what }) => what);

const all = (observation: Observation): string => JSON.stringify(observation.findings, null, 1);

/** Observes what `damage` left where an honest file was written. */
async function damaged(damage: (scene: Scene) => Promise<unknown>): Promise<Observation> {
  return scene(async (set) => {
    write(set.target);
    await damage(set);
    return observe(await set.job());
  });
}

async function written(writing: Writing): Promise<Observation> {
  return scene(async (set) => {
    write(set.target, writing);
    return observe(await set.job());
  });
}

async function patched(set: Scene, patch: (bytes: Buffer) => void): Promise<void> {
  const bytes = await readFile(set.target);
  patch(bytes);
  await writeFile(set.target, bytes);
}

test('no detector fires on the honest file, and both readers read all of it', async () => {
  const observation = await written({});
  assert.equal(fired(observation), '', all(observation));
  assert.deepEqual([...observation.ran].sort(), ['C', 'F', 'M', 'N', 'O', 'P', 'S', 'X', 'Z']);
  const read = observation.readers.map(({ reader, rows, independence }) => [reader, rows, independence]);
  assert.deepEqual(read, [
    ['duckdb', ROWS, 'different implementation'],
    ['hyparquet', ROWS, 'different implementation'],
  ]);
  assert.equal(observation.multiset, facts().digest.multiset);
  assert.equal(observation.order, facts().digest.order);
  assert.deepEqual([observation.rows, observation.metadataRows], [ROWS, ROWS]);
});

test('with one reader X does not run, and a note says so', async () => {
  const observation = await scene(async (set) => {
    write(set.target);
    return observe(await set.job({ secondReader: false }));
  });
  assert.equal(fired(observation), '', all(observation));
  assert.equal(observation.ran.includes('X'), false);
  assert.equal(observation.notes.includes('hyparquet did not read: the job asks for one reader'), true);
});

test('S: another type, the nullable flag, another name', async () => {
  const schema = schemaElements();
  const [, key, , price, day] = schema;
  assert.ok(key !== undefined && price !== undefined && day !== undefined);
  Object.assign(key, { repetition_type: 'OPTIONAL' });
  Object.assign(price, { scale: 3 });
  Object.assign(day, { name: 'date' });
  const observation = await written({ schema });
  const schemaFindings = observation.findings.filter(({ detector }) => detector === 'S');
  assert.deepEqual(schemaFindings, [
    { detector: 'S', what: 'column 1', expected: 'key int64 not null', actual: 'key int64 nullable' },
    {
      detector: 'S',
      what: 'column 3',
      expected: 'price decimal128(15, 2) not null',
      actual: 'price decimal128(15, 3) not null',
    },
    { detector: 'S', what: 'column 4', expected: 'day date32 not null', actual: 'date date32 not null' },
  ]);
});

test('N and M: a dropped row', async () => {
  const columns = honestColumns();
  columns.key.pop();
  columns.quantity.pop();
  columns.price.pop();
  columns.day.pop();
  columns.note.pop();
  const observation = await written({ columns });
  assert.equal(fired(observation), 'CMNOX', all(observation));
  assert.deepEqual(whats(observation, 'N'), [
    'rows in the file metadata',
    'rows of all row groups in the metadata',
    'rows by reading',
  ]);
  assert.deepEqual(whats(observation, 'M'), ['digest of whole rows, unequal in 1 blocks: rows 65536 to 69999']);
});

test('O: two rows swapped, and nothing else', async () => {
  const columns = honestColumns();
  for (const column of Object.values(columns) as unknown[][]) [column[5], column[6]] = [column[6], column[5]];
  const observation = await written({ columns });
  assert.equal(fired(observation), 'OX', all(observation));
  assert.deepEqual(whats(observation, 'X'), ['digest of the order of rows by hyparquet']);
});

test('M and C: one cell changed, its block and its column named', async () => {
  const columns = honestColumns();
  columns.price[100] = (columns.price[100] ?? 0n) + 1n;
  const observation = await written({ columns });
  assert.equal(fired(observation), 'CMOX', all(observation));
  assert.deepEqual(whats(observation, 'M'), ['digest of whole rows, unequal in 1 blocks: rows 0 to 65535']);
  assert.deepEqual(whats(observation, 'C'), ['column price']);
});

test('C: long values are cut in the sentence, and compared whole', () => {
  const expected = facts();
  const [first, ...rest] = expected.digest.columns;
  assert.ok(first !== undefined);
  const of = (last: string): Digest => ({
    ...expected.digest,
    columns: [{ ...first, max: `${'z'.repeat(100)}${last}` }, ...rest],
  });
  const [found, ...more] = digestFindings({ ...expected, digest: of('a') }, of('b'));
  assert.deepEqual([found?.detector, more], ['C', []]);
  assert.equal(found?.actual.endsWith(` to ${'z'.repeat(64)}…`), true, found?.actual);
});

test('C: a null that became an empty string', async () => {
  const columns = honestColumns();
  columns.note[11] = '';
  const observation = await written({ columns });
  assert.equal(fired(observation), 'CMOX', all(observation));
  assert.deepEqual(whats(observation, 'C'), ['column note']);
});

test('P: a wrong minimum, with right values', async () => {
  const observation = await damaged(async (set) =>
    patched(set, (bytes) => {
      // The smallest key of the second row group, as it stands in the footer.
      const needle = Buffer.alloc(8);
      needle.writeBigInt64LE(30_000n * 7n - 1000n);
      const at = bytes.lastIndexOf(needle);
      assert.ok(at > bytes.length - bytes.readUInt32LE(bytes.length - 8) - 8, 'the statistic lies in the footer');
      bytes.writeBigInt64LE(30_000n * 7n - 999n, at);
    }),
  );
  assert.equal(fired(observation), 'P', all(observation));
  const [first] = observation.findings;
  assert.deepEqual(first, {
    detector: 'P',
    what: 'min of row group 1, column key',
    expected: '209000',
    actual: '209001',
  });
});

test('P: a bound of a string that excludes a value', async () => {
  const observation = await damaged(async (set) =>
    patched(set, (bytes) => {
      const start = bytes.length - bytes.readUInt32LE(bytes.length - 8) - 8;
      const at = bytes.indexOf('note 1', start);
      assert.ok(at > start, 'a bound of note lies in the footer');
      bytes.write('zote 1', at);
    }),
  );
  assert.equal(fired(observation), 'P', all(observation));
});

test('a file without statistics is no lie: a note says so', async () => {
  const observation = await written({ statistics: false });
  assert.equal(fired(observation), '', all(observation));
  assert.equal(observation.notes.includes('15 column chunks carry no statistics'), true, observation.notes.join());
});

test('M: another nonce, and none', async () => {
  const older = await written({ nonce: 'nonce-of-an-older-run' });
  const without = await written({ nonce: null });
  const what = 'nonce of the run (writeproof.nonce)';
  assert.deepEqual(older.findings, [{ detector: 'M', what, expected: NONCE, actual: 'nonce-of-an-older-run' }]);
  assert.deepEqual(without.findings, [{ detector: 'M', what, expected: NONCE, actual: 'none' }]);
});

test('F: a truncated file, and every detector without input says so', async () => {
  const observation = await damaged(async ({ target }) => truncate(target, 100_000));
  assert.equal(fired(observation), 'CFMNOPSX', all(observation));
  assert.deepEqual(whats(observation, 'F'), ['last four bytes']);
  assert.deepEqual(whats(observation, 'C'), ['no input']);
});

test('F: not a Parquet file, an empty file, a directory, nothing', async () => {
  const text = await damaged(async ({ target }) => writeFile(target, 'ARROW1 is another format, and this is its text'));
  const empty = await damaged(async ({ target }) => truncate(target, 0));
  const folder = await scene(async ({ target, job }) => {
    await mkdir(target);
    await writeFile(path.join(target, 'part-0.parquet'), 'PAR1');
    return observe(await job());
  });
  const nothing = await scene(async ({ job }) => observe(await job()));
  assert.equal(fired(text), 'CFMNOPSXZ', all(text));
  assert.equal(fired(empty), 'CFMNOPSXZ', all(empty));
  const actual = (observation: Observation): string | undefined =>
    observation.findings.find(({ detector }) => detector === 'F')?.actual;
  assert.equal(actual(text), '"text"');
  assert.equal(actual(empty), '0 bytes');
  assert.equal(actual(folder), 'a directory');
  assert.equal(actual(nothing), 'nothing');
});

test('F: a footer that is no Thrift, and a first magic that is another', async () => {
  const footer = await damaged(async (set) =>
    patched(set, (bytes) => {
      bytes.fill(0xff, bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8), bytes.length - 8);
    }),
  );
  const head = await damaged(async (set) => patched(set, (bytes) => void bytes.write('LANC', 0)));
  assert.deepEqual(whats(footer, 'F'), ['footer']);
  assert.deepEqual(whats(head, 'F'), ['first four bytes']);
});

test('a bit flipped in a data page is seen by both readers', async () => {
  const observation = await damaged(async (set) =>
    patched(set, (bytes) => {
      const start = bytes.length - bytes.readUInt32LE(bytes.length - 8) - 8;
      const [group] = parquetMetadata(bytes.subarray(start), { geoparquet: false }).row_groups;
      const key = group?.columns[0]?.meta_data;
      assert.ok(key !== undefined);
      const at = Number(key.data_page_offset) + Math.floor(Number(key.total_compressed_size) / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    }),
  );
  assert.match(fired(observation), /M.*X/, all(observation));
});

test('Z: an extra file, a touched file, a file that is too small', async () => {
  const extra = await scene(async ({ directory, target, job }) => {
    write(target);
    const made = await job();
    await writeFile(path.join(directory, 'extra.parquet'), 'PAR1');
    return observe(made);
  });
  const touched = await scene(async ({ target, job }) => {
    write(target);
    const made = await job();
    await utimes(target, new Date(), new Date(Date.now() + 5000));
    return observe(made);
  });
  assert.equal(fired(extra), 'Z', all(extra));
  assert.equal(extra.findings[0]?.actual.startsWith('extra.parquet of 4 bytes'), true, all(extra));
  assert.equal(fired(touched), 'Z', all(touched));
  const small = await damaged(async ({ target }) => truncate(target, 200));
  assert.equal(whats(small, 'Z').includes('bytes of the target'), true, all(small));
});

test("without a nonce the directory is somebody else's: what lies beside the file is not judged", async () => {
  const observation = await scene(async ({ directory, target, job }) => {
    write(target, { nonce: null });
    const made = await job({ nonce: null });
    await writeFile(path.join(directory, 'beside.txt'), 'text');
    return observe(made);
  });
  assert.equal(fired(observation), '', all(observation));
});

test('a finding of M names rows of the table that a part has', () => {
  const { digest } = facts();
  const block = (rows: number): { rows: number; multiset: string } => ({
    rows,
    multiset: rows.toString(16).padStart(32, '0'),
  });
  // Rows 100,000 to 199,999.
  const blocks = [block(0), block(31_072), block(65_536), block(3392)];
  const part = { ...facts(), firstRow: 100_000, rows: 100_000, digest: { ...digest, rows: 100_000, blocks } };
  const wrong = { ...part.digest, multiset: 'f'.repeat(32), blocks: [block(0), block(1), block(65_536), block(2)] };
  const [found] = digestFindings(part, wrong);
  assert.equal(found?.what, 'digest of whole rows, unequal in 2 blocks: rows 100000 to 131071, rows 196608 to 199999');
});
