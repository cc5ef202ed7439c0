/** Parts written at once by workers of every kind, verified one by one and together. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { GOLDEN_FACTS, PACKAGE_ROOT } from '../../harness/paths.js';
import type { Facts, WriteRecord } from '../../harness/types.js';
import { complaints, casesOf, freshFolder, recordOf, runCases, type RunDocument } from '../fixtures.js';
import { departures } from '../records/schemas.js';

const COMMAND = path.join(PACKAGE_ROOT, 'test', 'bad-writers', 'command.mjs');
const LIBRARIES = ['parquet', 'arrow'].flatMap((writer) =>
  ['stream', 'zero-copy'].map((variant) => `orders@0.01/${writer}/${variant};parts=3`),
);
const OTHERS = [
  'orders@0.01/parquet/accumulate;source=generated;parts=2',
  'types@0.001/parquet/stream;parts=3',
  'types@0.001/arrow/zero-copy;parts=2',
  'nation@0.01/apache-arrow/stream;parts=2',
  'nation@0.01/command/stream;parts=3',
];
const TOO_MANY = 'nation@0.01/parquet/stream;parts=26';

let run: RunDocument;
const record = (id: string): WriteRecord => recordOf(run.records, id) as WriteRecord;
const facts = (table: string): Facts =>
  JSON.parse(readFileSync(path.join(GOLDEN_FACTS, `${table}.json`), 'utf8')) as Facts;

before(async () => {
  const folder = freshFolder();
  const command = `"${process.execPath}" "${COMMAND}" {target}`;
  const writers = [{ name: 'command', command, format: 'parquet' }];
  writeFileSync(path.join(folder, 'writeproof.config.json'), JSON.stringify({ writers }));
  run = await runCases(casesOf([...LIBRARIES, ...OTHERS, TOO_MANY]), folder);
});

for (const id of [...LIBRARIES, ...OTHERS]) {
  test(`${id}: each worker’s part is right, and all are the whole`, () => {
    const one = record(id);
    const { verdict } = one;
    assert.ok(verdict.status === 'verified', complaints([one]));
    const { rows, arrowBytes, digest } = facts(id.slice(0, id.indexOf('/')));
    assert.deepEqual(
      [verdict.rows, verdict.digest.multiset, verdict.digest.order],
      [rows, digest.multiset, digest.order],
    );
    const { measurement } = verdict;
    const count = one.case.options.parts;
    assert.deepEqual([measurement.rows, measurement.arrowBytes, one.crossed?.rows], [rows, arrowBytes, rows]);
    assert.deepEqual([measurement.workers?.count, measurement.callNs.count], [count, one.crossed?.calls]);
    assert.equal((one.writerSays as readonly unknown[]).length, count);
    const folders = one.files.map(({ path: file }) => path.dirname(file));
    assert.deepEqual(
      folders,
      Array.from({ length: count }, (_, index) => `part-${index + 1}`),
    );
    const bytes = one.files.reduce((sum, file) => sum + file.bytes, 0);
    assert.equal(measurement.diskBytes, bytes);
    const { rss, workers } = measurement;
    const largest = workers?.largestPeakRssBytes ?? NaN;
    assert.equal(rss !== null && largest < rss.peakBytes && largest * count >= rss.peakBytes, true);
    assert.equal(
      measurement.durableNs >= measurement.returnNs && measurement.spawnToDurableNs > measurement.durableNs,
      true,
    );
    // They begin together; only that the last began before the first was durable is for the machine to say.
    const note = one.notes.includes('the workers did not all run at once');
    assert.equal(note, workers?.togetherNs === 0);
    assert.deepEqual(departures('writeproof.record.v1', one), []);
  });
}

test('a table that cannot be cut into so many parts is skipped, and says why', () => {
  const { verdict, writerSays, files } = record(TOO_MANY);
  assert.deepEqual(verdict, {
    status: 'skipped',
    reason: 'nation@0.01-part1of26 has no rows: too few for 26 parts',
  });
  assert.deepEqual([writerSays, files], [null, []]);
});

test('all of it is one run that passes', () => {
  assert.equal(run.code, 0, run.stderr);
  assert.equal(run.records.length, LIBRARIES.length + OTHERS.length + 1);
  assert.deepEqual(departures('writeproof.records.v1', run.printed), []);
});
