import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import {
  appendRecord,
  checkRecords,
  dropCutLine,
  dropSkipped,
  parseRecords,
  readRun,
  writeRun,
} from '../../harness/run/records.js';
import { CASE, record, VERIFIED } from '../run/fixtures.js';
import { RUN } from './run-fixture.js';

const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-records-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const GOOD = JSON.stringify(record(1, VERIFIED));

test('records come back as they were written, in their order', async () => {
  const own = path.join(folder, 'whole');
  await writeRun(own, RUN);
  await appendRecord(own, record(1, VERIFIED));
  const second = record(2, { status: 'skipped', reason: 'no' }, CASE, 2);
  await appendRecord(own, second);
  const stored = await readRun(own);
  assert.deepEqual(stored.run, RUN);
  assert.deepEqual(stored.records, [record(1, VERIFIED), second]);
  assert.equal(stored.cutLine, null);
});

test('a record that the plan does not have there, or has twice, is named', () => {
  const first = record(1, VERIFIED);
  const second = record(2, VERIFIED, CASE, 2);
  checkRecords(RUN, [second, first]);
  const refusal = (...records: Parameters<typeof checkRecords>[1]): string => {
    try {
      checkRecords(RUN, records);
      return 'none';
    } catch (error) {
      return String(error);
    }
  };
  assert.match(refusal(first, first), /line 2: position 1 stands there twice/);
  assert.match(refusal({ ...first, run: 'other' }), /line 1: it belongs to run other, expected 2026/);
  assert.match(refusal(first, { ...second, repetition: 3 }), /line 2: position 2 is 2:.*, found 3:/);
  assert.match(refusal({ ...first, position: 9 }), /line 1: position 9 is undefined, found 1:/);
});

test('a damaged line is named', () => {
  assert.throws(() => parseRecords(`${GOOD}\n{"schema":\n${GOOD}\n`), {
    name: 'Misuse',
    message: /^records\.jsonl is damaged in line 2: /,
  });
  assert.throws(
    () => parseRecords(`${GOOD}\n${GOOD}\n{}\n`),
    /damaged in line 3: schema is undefined, expected "writeproof.record.v1"/,
  );
  assert.throws(() => parseRecords('null\n'), /damaged in line 1/);
});

test('a last line that was cut off is told, and dropped before the run goes on', async () => {
  const own = path.join(folder, 'cut');
  await writeRun(own, RUN);
  await appendRecord(own, record(1, VERIFIED));
  appendFileSync(path.join(own, 'records.jsonl'), '{"schema":"writeproof.rec');
  const stored = await readRun(own);
  assert.deepEqual([stored.records.length, stored.cutLine], [1, 2]);
  await dropCutLine(stored);
  assert.equal(readFileSync(path.join(own, 'records.jsonl'), 'utf8'), `${GOOD}\n`);
});

test('records of skipped cases are dropped, so that they are tried again, and no others', async () => {
  const own = path.join(folder, 'skipped');
  await writeRun(own, RUN);
  await appendRecord(own, record(2, { status: 'skipped', reason: 'no' }, CASE, 2));
  await appendRecord(own, record(1, VERIFIED));
  assert.deepEqual(await dropSkipped(await readRun(own)), [record(1, VERIFIED)]);
  assert.equal(readFileSync(path.join(own, 'records.jsonl'), 'utf8'), `${GOOD}\n`);
  assert.deepEqual(await dropSkipped(await readRun(own)), [record(1, VERIFIED)]);
});

test('a folder without a run, and a run of another schema, are refused', async () => {
  await assert.rejects(readRun(folder), /holds no run: expected run\.json/);
  const own = path.join(folder, 'other');
  await writeRun(own, { ...RUN, schema: 'writeproof.run.v0' as 'writeproof.run.v1' });
  await assert.rejects(readRun(own), /has schema writeproof\.run\.v0, expected writeproof\.run\.v1/);
});
