/** Records name what ran: the writer, the worker that held it, and what read the data back. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { moduleWorkerPath, PACKAGE_ROOT, workerPath } from '../../harness/paths.js';
import { duckdbLibrary } from '../../harness/verify/duckdb-library.js';
import { casesOf, complaints, freshFolder, recordOf, runCases, statuses, type RunDocument } from '../fixtures.js';

const COMMAND = path.join(PACKAGE_ROOT, 'test', 'bad-writers', 'command.mjs');
const DUCKDB = path.basename(duckdbLibrary());
const READERS = ['writeproof.node', DUCKDB];

const EXPECTED: Readonly<{ [id: string]: readonly string[] }> = {
  'region@0.01/parquet/stream': ['libwriteproof_parquet.so', 'writeproof-worker', ...READERS],
  'region@0.01/arrow/stream': ['libwriteproof_arrow.so', 'writeproof-worker', 'writeproof.node'],
  'region@0.01/parquet-wasm/stream': ['parquet-wasm.js', 'main.js', ...READERS],
  'region@0.01/script/stream': [path.basename(process.execPath), 'command.mjs', 'writeproof-worker', ...READERS],
};

let run: RunDocument;

before(async () => {
  const folder = freshFolder();
  const command = `"${process.execPath}" "${COMMAND}" {target}`;
  const writers = [{ name: 'script', command, format: 'parquet' }];
  writeFileSync(path.join(folder, 'writeproof.config.json'), JSON.stringify({ writers }));
  run = await runCases(casesOf(Object.keys(EXPECTED)), folder);
});

const filesOf = (id: string): readonly string[] => recordOf(run.records, id).libraries.map(({ file }) => file);

test('a record of each kind of writer names what ran for it, in this order, and nothing else', () => {
  assert.deepEqual(statuses(run.records), ['verified', 'verified', 'verified', 'verified'], complaints(run.records));
  const found = Object.fromEntries(Object.keys(EXPECTED).map((id) => [id, filesOf(id)]));
  assert.deepEqual(found, EXPECTED);
});

test('the hashes are those of the files', () => {
  const hash = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
  const [, nodeWorker] = recordOf(run.records, 'region@0.01/parquet-wasm/stream').libraries;
  const [, script, worker] = recordOf(run.records, 'region@0.01/script/stream').libraries;
  const expected = [moduleWorkerPath(), COMMAND, workerPath()].map(hash);
  assert.deepEqual([nodeWorker?.sha256, script?.sha256, worker?.sha256], expected);
});
