import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { homedir, hostname, userInfo } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { PACKAGE_ROOT } from '../../harness/paths.js';
import type { Verdict } from '../../harness/types.js';
import { CASE, MEASUREMENT, record, VERIFIED } from '../run/fixtures.js';
import { RUN } from './run-fixture.js';
import { departures, SCHEMA_NAMES } from './schemas.js';

const VERDICTS: readonly Verdict[] = [
  VERIFIED,
  {
    status: 'corrupt',
    findings: [{ detector: 'N', what: 'rows read', expected: '1', actual: '0' }],
    refused: MEASUREMENT,
  },
  { status: 'failed', step: 'write', errno: 28, errnoName: 'ENOSPC', reason: 'full' },
  { status: 'crashed', signal: 'SIGSEGV', exitCode: null, reason: 'ended' },
  { status: 'timeout', afterSeconds: 1, reason: 'late' },
  { status: 'skipped', reason: 'no O_DIRECT' },
];

test('a record of every status is one of the schema', () => {
  const found = VERDICTS.map((verdict) => departures('writeproof.record.v1', record(1, verdict)));
  assert.deepEqual(
    found,
    VERDICTS.map(() => []),
  );
});

test('a measurement outside verified, a verified one without, and strange fields are no records', () => {
  const wrong: readonly unknown[] = [
    {
      ...record(1, { status: 'skipped', reason: 'no' }),
      verdict: { status: 'skipped', reason: 'no', measurement: MEASUREMENT },
    },
    { ...record(1, VERIFIED), verdict: { ...VERIFIED, measurement: undefined } },
    { ...record(1, VERIFIED), verdict: { ...VERIFIED, rows: 0 } },
    { ...record(1, VERIFIED), speed: 1 },
    { ...record(1, VERIFIED), kept: '/home/somebody/data' },
    { ...record(1, VERIFIED), case: { ...CASE, variant: 'fast' } },
    { ...record(1, VERIFIED), schema: 'writeproof.record.v2' },
  ];
  assert.deepEqual(
    wrong.map((document) => departures('writeproof.record.v1', document).length > 0),
    wrong.map(() => true),
  );
});

test('a run with its machine is one of the schema, and tells nobody whose machine it is', () => {
  assert.deepEqual(departures('writeproof.run.v1', RUN), []);
  const text = JSON.stringify(RUN.machine);
  const telling = [hostname(), userInfo().username, homedir()].filter((word) => text.includes(`"${word}"`));
  assert.deepEqual(telling, []);
});

test('a document of records is one of the schema', () => {
  const document = {
    schema: 'writeproof.records.v1',
    run: RUN,
    results: VERDICTS.map((verdict) => record(1, verdict)),
  };
  assert.deepEqual(departures('writeproof.records.v1', document), []);
  assert.notDeepEqual(departures('writeproof.records.v1', { ...document, results: [{}] }), []);
});

test('results/README.md names every schema and every field of a record', () => {
  const text = readFileSync(path.join(PACKAGE_ROOT, 'results', 'README.md'), 'utf8');
  const fields = [
    ...Object.keys(record(1, VERIFIED)),
    ...Object.keys(RUN),
    ...Object.keys(MEASUREMENT),
    ...SCHEMA_NAMES,
  ];
  assert.equal(fields.length > 40, true);
  assert.deepEqual(
    fields.filter((field) => !text.includes(field)),
    [],
  );
});
