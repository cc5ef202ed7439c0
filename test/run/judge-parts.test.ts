/** Parts that are right one by one, and what they are together. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeParts } from '../../harness/run/judge-parts.js';
import type { Evidence } from '../../harness/run/judge.js';
import { mergeDigests } from '../../harness/run/merge-digests.js';
import type { ColumnDigest, Digest, Facts, Field, Observation, Verdict, WriteCase } from '../../harness/types.js';
import { CASE, CHILD, DONE, EVIDENCE, FACTS, MEASUREMENT, OBSERVATION } from './fixtures.js';

const FIELDS: readonly Field[] = [
  { name: 'key', type: 'int64', nullable: false },
  { name: 'word', type: 'utf8', nullable: true },
];
const sum = (digits: string): string => digits.padStart(32, '0');
const column = (
  name: string,
  digits: string,
  nulls: number,
  bytes: number,
  min: string,
  max: string,
): ColumnDigest => ({
  name,
  sum: sum(digits),
  nulls,
  bytes,
  min,
  max,
});

/** A table of three blocks; the second block begins in the first part and ends in the second. */
const FIRST: Digest = {
  version: 'wp1',
  rows: 100_000,
  multiset: 'f'.repeat(32),
  order: sum('a'),
  columns: [column('key', '1', 0, 8, '9', '10'), column('word', '2', 3, 4, 'b', 'é')],
  blocks: [
    { rows: 65_536, multiset: sum('1') },
    { rows: 34_464, multiset: sum('2') },
  ],
};
const SECOND: Digest = {
  version: 'wp1',
  rows: 50_000,
  multiset: sum('2'),
  order: sum('b'),
  columns: [column('key', 'f', 0, 16, '-3', '100'), column('word', '20', 1, 40, 'Z', 'z')],
  blocks: [
    { rows: 0, multiset: sum('0') },
    { rows: 31_072, multiset: sum('3') },
    { rows: 18_928, multiset: sum('4') },
  ],
};
const TOGETHER: Digest = {
  version: 'wp1',
  rows: 150_000,
  // Modulo 2^128.
  multiset: sum('1'),
  order: sum('15'),
  columns: [column('key', '10', 0, 24, '-3', '100'), column('word', '22', 4, 44, 'Z', 'é')],
  blocks: [
    { rows: 65_536, multiset: sum('1') },
    { rows: 65_536, multiset: sum('5') },
    { rows: 18_928, multiset: sum('4') },
  ],
};

const CASE_OF_PARTS: WriteCase = { ...CASE, id: `${CASE.id};parts=2`, options: { ...CASE.options, parts: 2 } };
const WHOLE: Facts = { ...FACTS, schema: FIELDS, rows: 150_000, arrowBytes: 200_000, digest: TOGETHER };

/** Evidence of a worker that wrote just what its own facts say. */
function partOf(index: number, digest: Digest, change: Partial<Observation> = {}): Evidence {
  const part = { index, count: 2 };
  const { rows, multiset, order } = digest;
  const measurement = { ...MEASUREMENT, rows };
  const report = { ...DONE, measurement, crossed: { ...DONE.crossed, rows } };
  return {
    ...EVIDENCE,
    case: { ...CASE, options: { ...CASE.options, part } },
    facts: { ...WHOLE, part, rows, arrowBytes: 100_000, digest },
    worker: { report, child: CHILD },
    observation: { ...OBSERVATION, rows, multiset, order, digest, ...change },
  };
}

const GOOD = [partOf(1, FIRST), partOf(2, SECOND)] as const;

const findings = (verdict: Verdict): readonly string[] =>
  verdict.status === 'corrupt'
    ? verdict.findings.map(({ detector, what, expected, actual }) => `${detector} ${what}: ${expected}, ${actual}`)
    : [verdict.status];

/** What the judge says of right parts of another whole. */
const against = (change: Partial<Digest>, facts: Partial<Facts> = {}): readonly string[] =>
  findings(judgeParts(CASE_OF_PARTS, { ...WHOLE, ...facts, digest: { ...TOGETHER, ...change } }, GOOD));

/** The same with one column of the whole changed. */
function againstColumn(index: number, change: Partial<ColumnDigest>): readonly string[] {
  const columns = TOGETHER.columns.map((one, place) => (place === index ? { ...one, ...change } : one));
  return against({ columns }).map((text) => text.slice(0, text.indexOf(':', text.indexOf('column'))));
}

test('sums add up modulo 2^128, blocks at their places, and extremes by the order of their type', () => {
  assert.deepEqual(mergeDigests('wp1', FIELDS, [FIRST, SECOND]), TOGETHER);
  assert.deepEqual(mergeDigests('wp1', FIELDS, [SECOND, FIRST]), TOGETHER);
  const empty = { ...SECOND, columns: SECOND.columns.map((one) => ({ ...one, min: null, max: null })) };
  const merged = mergeDigests('wp1', FIELDS, [empty, FIRST]);
  assert.deepEqual(
    merged.columns.map(({ min, max }) => [min, max]),
    [
      ['9', '10'],
      ['b', 'é'],
    ],
  );
  assert.equal(mergeDigests('wp1', FIELDS, [empty]).columns[0]?.min, null);
});

test('right parts that are the whole together are verified, with the whole’s rows and digest', () => {
  const verdict = judgeParts(CASE_OF_PARTS, WHOLE, GOOD);
  assert.ok(verdict.status === 'verified', JSON.stringify(verdict));
  assert.deepEqual(verdict.digest, { version: 'wp1', multiset: TOGETHER.multiset, order: TOGETHER.order });
  assert.deepEqual([verdict.rows, verdict.measurement.rows, verdict.verifyNs], [150_000, 150_000, 22]);
  assert.deepEqual(verdict.measurement.workers, { count: 2, largestPeakRssBytes: 30, togetherNs: 2_000_000 });
  assert.deepEqual(
    verdict.readers.map(({ reader, rows, ns }) => [reader, rows, ns]),
    [
      ['duckdb', 2000, 10],
      ['hyparquet', 2000, 12],
    ],
  );
});

test('a detector that did not run on every part did not run on the whole', () => {
  const without = partOf(2, SECOND, { ran: OBSERVATION.ran.filter((detector) => detector !== 'P') });
  const verdict = judgeParts(CASE_OF_PARTS, WHOLE, [GOOD[0], without]);
  assert.equal(verdict.status === 'verified' && verdict.detectors.join(''), 'CEFMNORSXZ');
});

test('the same part twice, each right by its own facts, is not the whole', () => {
  const twice = findings(judgeParts(CASE_OF_PARTS, WHOLE, [GOOD[0], partOf(2, FIRST)]));
  assert.deepEqual(
    twice.map((text) => text.slice(0, text.indexOf(','))),
    [
      'N all 2 parts together: rows by reading: 150000',
      'M all 2 parts together: digest of whole rows',
      `O all 2 parts together: digest of the order of rows: ${TOGETHER.order}`,
      `C all 2 parts together: column key: sum ${sum('10')}`,
      `C all 2 parts together: column word: sum ${sum('22')}`,
    ],
  );
});

test('each thing in which the parts together are not the whole is named', () => {
  const name = 'all 2 parts together: ';
  assert.deepEqual(against({}, { rows: 150_001 }), [`N ${name}rows by reading: 150001, 150000`]);
  assert.deepEqual(against({}, { arrowBytes: 1 }), [`N ${name}Arrow bytes: 1, 200000`]);
  const other = sum('99');
  const blocks = TOGETHER.blocks.map((block, index) => (index === 1 ? { ...block, multiset: other } : block));
  assert.deepEqual(against({ multiset: other, blocks }), [
    `M ${name}digest of whole rows, unequal in 1 blocks: rows 65536 to 131071: ${other}, ${TOGETHER.multiset}`,
  ]);
  assert.deepEqual(against({ order: other }), [`O ${name}digest of the order of rows: ${other}, ${TOGETHER.order}`]);
  for (const change of [{ sum: other }, { nulls: 9 }, { bytes: 9 }, { min: 'a' }, { max: '~' }]) {
    assert.deepEqual(againstColumn(1, change), [`C ${name}column word`], JSON.stringify(change));
  }
});

test('a part of which nobody has the digest is missing in the whole', () => {
  const blind = partOf(2, SECOND, { digest: null });
  assert.deepEqual(findings(judgeParts(CASE_OF_PARTS, WHOLE, [GOOD[0], blind])), [
    'M digests of parts to merge: 2, none of part 2 of 2',
  ]);
});

test('a part that is wrong is named, and the others do not make up for it', () => {
  const wrong = partOf(2, SECOND, { order: sum('5') });
  const verdict = judgeParts(CASE_OF_PARTS, WHOLE, [GOOD[0], wrong]);
  assert.deepEqual(findings(verdict), [`O part 2 of 2: digest of order: ${SECOND.order}, ${sum('5')}`]);
  assert.equal(verdict.status === 'corrupt' && verdict.refused?.rows, 150_000);
});

test('a worker that failed speaks for the case, and says which part was its', () => {
  const ended = (child: Partial<typeof CHILD>, report: Evidence['worker']['report'] = null): Verdict =>
    judgeParts(CASE_OF_PARTS, WHOLE, [{ ...GOOD[1], worker: { report, child: { ...CHILD, ...child } } }]);
  const failed = { outcome: 'failed', step: 'close', errno: 5, errnoName: 'EIO', removed: true } as const;
  assert.deepEqual(
    [
      ended({ exitCode: null, signal: 'SIGSEGV' }),
      ended({ exitCode: null, signal: 'SIGTERM', timedOut: true }),
      ended({}, { ...failed, message: 'no footer today' }),
    ].map((verdict) => [verdict.status, 'reason' in verdict && verdict.reason]),
    [
      ['crashed', 'part 2 of 2: the worker was ended by SIGSEGV'],
      ['timeout', 'part 2 of 2: not done after 60 s, its process group was ended'],
      ['failed', 'part 2 of 2: no footer today'],
    ],
  );
});

test('evidence of too few parts, however right, proves nothing', () => {
  assert.deepEqual(findings(judgeParts(CASE_OF_PARTS, WHOLE, [GOOD[0]])), ['E parts with evidence: 2, 1']);
  assert.deepEqual(findings(judgeParts(CASE_OF_PARTS, WHOLE, [])), ['E parts with evidence: 2, 0']);
});

test('a case of one worker is judged as ever', () => {
  const verdict = judgeParts(CASE, FACTS, [EVIDENCE]);
  assert.equal(verdict.status, 'verified');
  assert.equal(verdict.measurement.workers, undefined);
  assert.deepEqual(findings(judgeParts(CASE, FACTS, [])), ['E parts with evidence: 1, 0']);
});
