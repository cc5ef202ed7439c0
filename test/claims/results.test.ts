/** Records → results: what counts as a figure, and what never does. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOfClaims, honestRecords } from '../../harness/claims/exit-code.js';
import { refusedReading, verifiedReading } from '../../harness/claims/readings.js';
import { claimResults, type ClaimResult } from '../../harness/claims/results.js';
import type { Record as RunRecord } from '../../harness/types.js';
import type { ClaimSpec } from '../../suites/claims/types.js';
import { FAULTS } from '../../suites/faults/index.js';
import { departures } from '../records/schemas.js';
import { asked, CLAIM, corrupt, LIE, measured, recordOf, REFERENCE, SECONDS, seconds, SUBJECT } from './fixtures.js';

const lies = [1, 2, 3].map((repetition) => recordOf(LIE, repetition, corrupt({ durableNs: 1e7, rows: 1000 })));
const GOOD: readonly RunRecord[] = [...seconds(SUBJECT, 0.85, 0.851, 0.849), ...seconds(REFERENCE, 1, 1, 1), ...lies];

function resultOf(claim: ClaimSpec, records: readonly RunRecord[]): ClaimResult {
  const { chosen, plan } = asked(claim);
  const [result, ...more] = claimResults(chosen, plan, records, FAULTS);
  assert.ok(result !== undefined && more.length === 0);
  return result;
}

function codeOf(claim: ClaimSpec, records: readonly RunRecord[]): number {
  const { chosen, plan } = asked(claim);
  const { faults } = resultOf(claim, records);
  return exitCodeOfClaims(honestRecords(chosen, plan, records), faults);
}

test('a claim, its figure, its cases and what the lie would have reported', () => {
  const result = resultOf(CLAIM, GOOD);
  assert.equal(result.measured?.toFixed(1), '15.0');
  assert.deepEqual(
    [result.holds, result.ratio, result.repetitions, result.cases, result.note],
    ['yes', 1, 3, [SUBJECT, REFERENCE], 'By hand.'],
  );
  const [lie, ...more] = result.faults;
  assert.deepEqual([lie?.case, lie?.status, lie?.detectors, more.length], [LIE, 'corrupt', ['F', 'N'], 0]);
  assert.deepEqual([lie?.refused?.durableSeconds, lie?.refused?.rows, lie?.honestSeconds], [0.01, 1000, 0.85]);
  assert.equal(lie?.what, 'F first bytes: expected PAR1, found ');
  assert.equal(lie.refused?.measured?.toFixed(1), '99.0');
  assert.equal(codeOf(CLAIM, GOOD), 0);
});

test('a ratio is to the nearest end of what was claimed', () => {
  const result = resultOf(CLAIM, [...seconds(SUBJECT, 0.6, 0.6, 0.6), ...seconds(REFERENCE, 1, 1, 1)]);
  assert.deepEqual(
    [result.measured?.toFixed(6), result.ratio?.toFixed(6), result.holds],
    ['40.000000', '2.000000', 'no'],
  );
});

test('one corrupt repetition of an honest case takes its figure away, and is exit code 4', () => {
  const records = GOOD.map((record) =>
    record.case.id === SUBJECT && record.repetition === 2 ? recordOf(SUBJECT, 2, corrupt({ durableNs: 1e9 })) : record,
  );
  const result = resultOf(CLAIM, records);
  assert.deepEqual([result.measured, result.ratio, result.holds], [null, null, 'not measured']);
  assert.match(result.note, /^region@1\/parquet\/zero-copy corrupt: .*rows by reading/);
  assert.equal(codeOf(CLAIM, records), 4);
});

test('no unverified figure is read as a measurement, and no verified one as refused', () => {
  const wanted = { metric: 'durable' } as const;
  assert.deepEqual(
    lies.map((lie) => verifiedReading(LIE, [lie], wanted).values.size),
    [0, 0, 0],
  );
  assert.equal(refusedReading(LIE, lies, wanted).values.size, 3);
  assert.equal(refusedReading(SUBJECT, GOOD, wanted).values.size, 0);
  assert.equal(verifiedReading(SUBJECT, GOOD, wanted).values.size, 3);
});

test('memory that could not be read is no figure', () => {
  const claim: ClaimSpec = { ...CLAIM, measure: { kind: 'figure', metric: 'rssGrowth', of: SUBJECT }, faults: [] };
  const result = resultOf(claim, [recordOf(SUBJECT, 1, measured({ rss: null }))]);
  assert.deepEqual([result.measured, result.holds], [null, 'not measured']);
  assert.match(result.note, /has no rssGrowth/);
});

test('every metric of a write is read in the unit of its claim', () => {
  const metrics = ['durable', 'spawnToDurable', 'rowsPerSecond', 'rows', 'peakRss', 'rssGrowth', 'diskBytes'] as const;
  const one = [recordOf(SUBJECT, 1, measured({}))];
  assert.deepEqual(
    metrics.map((metric) => verifiedReading(SUBJECT, one, { metric }).values.get(1)),
    [0.002, 0.009, 500_000, 1000, 30, 20, 50_000],
  );
  assert.match(verifiedReading(SUBJECT, one, { metric: 'batch' }).missing ?? '', /has no batch$/);
});

test('with one repetition a figure stands alone, and no ratio is printed', () => {
  const figure: ClaimSpec = {
    ...CLAIM,
    claimed: SECONDS,
    measure: { kind: 'figure', metric: 'durable', of: SUBJECT },
    faults: [],
  };
  const alone = resultOf(figure, seconds(SUBJECT, 2));
  assert.deepEqual([alone.measured, alone.ratio, alone.holds], [2, null, 'not resolvable']);
  const compared = resultOf(CLAIM, [...seconds(SUBJECT, 1), ...seconds(REFERENCE, 2), ...lies.slice(0, 1)]);
  assert.deepEqual([compared.measured, compared.ratio], [null, null]);
  assert.deepEqual([compared.faults[0]?.refused?.measured, compared.faults[0]?.refused?.durableSeconds], [null, 0.01]);
});

test('what cannot be measured says why', () => {
  const claim: ClaimSpec = { ...CLAIM, measure: { kind: 'none', reason: 'No counters' }, faults: [] };
  const result = resultOf(claim, []);
  assert.deepEqual([result.measured, result.holds, result.cases], [null, 'not measured', []]);
  assert.equal(result.note, 'No counters. By hand.');
  assert.equal(codeOf(claim, []), 5);
});

test('an ending that the claim expects is told with the other side, and is no failure', () => {
  const killed = { status: 'crashed', signal: 'SIGKILL', exitCode: null, reason: 'out of memory' } as const;
  const records = [...seconds(SUBJECT, 2, 2, 2), recordOf(REFERENCE, 1, killed)];
  const expected: ClaimSpec = { ...CLAIM, mayEnd: [{ of: REFERENCE, statuses: ['crashed'] }], faults: [] };
  const result = resultOf(expected, records);
  assert.equal(result.holds, 'not measured');
  assert.equal(
    result.note,
    'region@1/parquet/stream crashed: out of memory; region@1/parquet/zero-copy was verified: 2.00 s. By hand.',
  );
  assert.deepEqual([codeOf(expected, records), codeOf({ ...CLAIM, faults: [] }, records)], [0, 4]);
});

test('a fault that passes as verified is exit code 4, one that fails 3, one that was skipped none', () => {
  const honest = GOOD.filter((record) => record.case.id !== LIE);
  const passed = [...honest, ...lies.slice(0, 2), recordOf(LIE, 3, measured({}))];
  assert.deepEqual([resultOf(CLAIM, passed).faults[0]?.status, codeOf(CLAIM, passed)], ['verified', 4]);
  const failed = { status: 'failed', step: 'create', errno: null, errnoName: null, reason: 'changed nothing' } as const;
  assert.equal(codeOf(CLAIM, [...honest, recordOf(LIE, 1, failed)]), 3);
  const skipped = [...honest, recordOf(LIE, 1, { status: 'skipped', reason: 'no' })];
  assert.deepEqual([codeOf(CLAIM, skipped), resultOf(CLAIM, skipped).faults[0]?.refused], [0, null]);
  assert.deepEqual([codeOf(CLAIM, honest), resultOf(CLAIM, honest).faults[0]?.what], [0, `${LIE} was not run`]);
});

test('a claim that does not hold is no failure; nothing verified is exit code 5', () => {
  const slower = [...seconds(SUBJECT, 3, 3, 3), ...seconds(REFERENCE, 1, 1, 1), ...lies];
  assert.deepEqual([resultOf(CLAIM, slower).holds, codeOf(CLAIM, slower)], ['no', 0]);
  assert.equal(codeOf(CLAIM, lies), 5);
});

test('a share of a profile is a sum of its categories', () => {
  const categories = {
    encoding: 0.1,
    'statistics and hashing': 0.05,
    memory: 0.05,
    generation: 0.1,
    'hand-over': 0.1,
    io: 0.5,
    'waiting and other': 0.1,
  };
  const profile = { samples: 1000, hz: 99, dropped: 0, categories, unclassifiedShare: 0, topUnclassified: [] };
  const sampled = recordOf(SUBJECT, 1, measured({ profile }));
  const wanted = { categories: ['encoding', 'statistics and hashing'] } as const;
  assert.equal(verifiedReading(SUBJECT, [sampled], wanted).values.get(1)?.toFixed(6), '15.000000');
  assert.match(verifiedReading(SUBJECT, seconds(SUBJECT, 1), wanted).missing ?? '', /has no profile$/);
  const vague = recordOf(SUBJECT, 1, measured({ profile: { ...profile, unclassifiedShare: 0.16 } }));
  assert.match(
    verifiedReading(SUBJECT, [vague], wanted).missing ?? '',
    /has a profile of which 16 % is unclassified, expected at most 15 %$/,
  );
});

test('results are those of the schema, and a claim not measured has no figure there', () => {
  const results = [resultOf(CLAIM, GOOD), resultOf(CLAIM, lies), resultOf(CLAIM, [])];
  const document = { schema: 'writeproof.claims.v1', run: null, results };
  assert.deepEqual(departures('writeproof.claims.v1', document), []);
  const wrong: readonly object[] = [
    { ...results[1], measured: 3 },
    { ...results[0], measured: null },
    { ...results[0], holds: 'maybe' },
    { ...results[0], speed: 1 },
    { ...results[0], faults: [{ ...results[0]?.faults[0], measurement: {} }] },
  ];
  assert.deepEqual(
    wrong.map((one) => departures('writeproof.claims.v1', { ...document, results: [one] }).length > 0),
    wrong.map(() => true),
  );
});
