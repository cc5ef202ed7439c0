import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, quantile, spread } from '../../harness/statistics/quantile.js';
import { countSentence, expectations, summarise, variantRatios, type Expectation } from '../../harness/summary.js';
import type { Measurement, Record as RunRecord, WriteCase } from '../../harness/types.js';
import { expectationText } from '../../reports/rows.js';
import { CASE, MEASUREMENT, record, VERIFIED } from './fixtures.js';

const ACCUMULATE: WriteCase = { ...CASE, id: 'region@1/parquet/accumulate', variant: 'accumulate' };

function verified(one: WriteCase, repetition: number, change: Partial<Measurement>): RunRecord {
  const measurement = { ...MEASUREMENT, ...change };
  return record(
    repetition,
    { ...(VERIFIED as typeof VERIFIED & { status: 'verified' }), measurement },
    one,
    repetition,
  );
}

const RECORDS = [
  verified(ACCUMULATE, 1, { durableNs: 4e6, rss: { beforeBytes: 0, peakBytes: 900, growthBytes: 800 } }),
  verified(CASE, 1, { durableNs: 1e6, rss: { beforeBytes: 0, peakBytes: 300, growthBytes: 50 } }),
  verified(ACCUMULATE, 2, { durableNs: 8e6, rss: { beforeBytes: 0, peakBytes: 900, growthBytes: 800 } }),
  verified(CASE, 2, { durableNs: 3e6, rss: { beforeBytes: 0, peakBytes: 500, growthBytes: 150 } }),
  verified(CASE, 3, { durableNs: 2e6, rss: { beforeBytes: 0, peakBytes: 400, growthBytes: 100 } }),
];

test('quantiles interpolate between order statistics, and none exists of no values', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(quantile([10, 20, 30, 40, 50], 0.9), 46);
  assert.equal(spread([10, 20, 30, 40, 50]), (46 - 14) / 30);
  assert.throws(() => median([]), RangeError);
});

test('figures are medians over repetitions', () => {
  const [, stream] = summarise([ACCUMULATE, CASE], RECORDS);
  assert.deepEqual(stream, {
    case: CASE,
    repetitions: 3,
    figures: {
      rows: 1000,
      rowsPerSecond: 500_000,
      arrowBytesPerSecond: 50_000_000,
      returnNs: 1e6,
      durableNs: 2e6,
      spawnToDurableNs: 9e6,
      peakRssBytes: 400,
      rssGrowthBytes: 100,
      diskBytes: 50_000,
      readers: ['duckdb', 'hyparquet'],
      independence: 'different implementation',
      apart: 0,
      dataset: null,
      memoryLimits: [],
      profiles: [],
    },
    problems: [],
  });
});

test('memory that could not be read is not measured, and nothing is expected of it', () => {
  const summaries = summarise([CASE], [verified(CASE, 1, {}), verified(CASE, 2, { rss: null })]);
  assert.deepEqual([summaries[0]?.figures?.peakRssBytes, summaries[0]?.figures?.rssGrowthBytes], [null, null]);
  const limit = { what: 'limit', subject: CASE.id, metric: 'rssGrowth', atMost: 99 } as const;
  assert.deepEqual(expectations([], [limit], summaries, []), []);
});

test('one repetition that is not verified takes all figures of its case', () => {
  const bad = record(4, {
    status: 'corrupt',
    findings: [{ detector: 'N', what: 'rows read', expected: '1000', actual: '0' }],
    refused: MEASUREMENT,
  });
  const summaries = summarise([CASE], [...RECORDS, { ...bad, repetition: 4 }]);
  assert.equal(summaries[0]?.figures, null);
  assert.deepEqual(summaries[0].problems, [
    { repetition: 4, status: 'corrupt', lines: ['N rows read: expected 1000, found 0'] },
  ]);
  assert.equal(countSentence(summaries), '1 case: 1 corrupt');
});

test('the sentence counts cases by their worst status', () => {
  const skipped = record(9, { status: 'skipped', reason: 'no O_DIRECT' }, { ...CASE, id: 'a' });
  const summaries = summarise([ACCUMULATE, CASE, { ...CASE, id: 'a' }, { ...CASE, id: 'b' }], [...RECORDS, skipped]);
  assert.equal(countSentence(summaries), '3 cases: 2 verified, 1 skipped');
});

test('a failure is told with its step and errno', () => {
  const failed = record(1, {
    status: 'failed',
    step: 'write',
    errno: 28,
    errnoName: 'ENOSPC',
    reason: 'no space left at offset 4096',
  });
  assert.deepEqual(summarise([CASE], [failed])[0]?.problems[0]?.lines, [
    'in write (ENOSPC): no space left at offset 4096',
  ]);
});

test('ratios need two repetitions on both sides', () => {
  assert.deepEqual(variantRatios(summarise([ACCUMULATE, CASE], RECORDS)), [
    { what: 'speed of region@1/parquet/stream to accumulate', ratio: 3, repetitions: 2 },
  ]);
  assert.deepEqual(variantRatios(summarise([ACCUMULATE, CASE], RECORDS.slice(0, 2))), []);
});

test('times of profiled cases are compared with none, not even with each other', () => {
  const profiled = (one: WriteCase): WriteCase => ({ ...one, options: { ...one.options, profile: true } });
  const records = RECORDS.map((one) => ({ ...one, case: profiled(one.case as WriteCase) }) as RunRecord);
  const summaries = summarise([profiled(ACCUMULATE), profiled(CASE)], records);
  assert.deepEqual(
    summaries.map(({ repetitions }) => repetitions),
    [2, 3],
  );
  assert.deepEqual(variantRatios(summaries), []);
});

test("a suite's expectations say what was wanted and whether it holds", () => {
  const summaries = summarise([ACCUMULATE, CASE], RECORDS);
  const pair = { subject: CASE.id, reference: ACCUMULATE.id };
  const expected = expectations(
    [
      { ...pair, what: 'speed', metric: 'durable', wanted: 'faster', bound: 3.5 },
      { ...pair, what: 'growth', metric: 'rssGrowth', wanted: 'smaller', bound: 0.125 },
      { subject: CASE.id, reference: 'absent', what: 'absent', metric: 'durable', wanted: 'faster', bound: 1 },
    ],
    [{ what: 'limit', subject: CASE.id, metric: 'rssGrowth', atMost: 99 }],
    summaries,
    RECORDS,
  );
  const rest = { interval: null, lowBound: null };
  assert.deepEqual(expected, [
    { what: 'speed', actual: 3, unit: 'ratio', bound: 3.5, wanted: 'at least', holds: false, repetitions: 2, ...rest },
    {
      what: 'growth',
      actual: 0.125,
      unit: 'ratio',
      bound: 0.125,
      wanted: 'at most',
      holds: true,
      repetitions: 2,
      ...rest,
    },
    { what: 'limit', actual: 100, unit: 'bytes', bound: 99, wanted: 'at most', holds: false, repetitions: 3, ...rest },
  ]);
});

test('from six rounds on a ratio has an interval, whose low end has a bound of its own', () => {
  const times = [10, 12, 11, 13, 9, 14];
  const rounds = times.flatMap((durableNs, index) => [
    verified(ACCUMULATE, index + 1, { durableNs }),
    verified(CASE, index + 1, { durableNs: 10 }),
  ]);
  const wanted = {
    what: 'speed',
    subject: CASE.id,
    reference: ACCUMULATE.id,
    metric: 'durable',
    wanted: 'faster',
    bound: 1,
    lowBound: 0.95,
  } as const;
  const told = (records: readonly RunRecord[], lowBound: number): readonly Expectation[] =>
    expectations([{ ...wanted, lowBound }], [], summarise([ACCUMULATE, CASE], records), records);
  const [expected] = told(rounds, 0.95);
  // Of six values the smallest and the largest hold the median.
  assert.deepEqual(expected?.interval, [0.9, 1.4]);
  assert.equal(expected.holds, false);
  assert.equal(
    expectationText(expected),
    'speed: 1.150 (0.900–1.400 at 95 %), wanted at least 1.000 and not below 0.950 at 95 %: does not hold (n=6)',
  );
  assert.equal(told(rounds, 0.9)[0]?.holds, true);
  // A round of which one half is missing is no pair.
  assert.equal(told(rounds.slice(1), 0.95)[0]?.interval, null);
});
