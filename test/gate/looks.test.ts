import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  effectThatFits,
  minimumDetectableEffect,
  pairsFor,
  planLooks,
  plannedSigma,
} from '../../harness/gate/looks.js';

/** Pairs needed for 2, 5 and 10 % (α 0.01 one-sided, power 90 %), by σ. */
const PUBLISHED = [
  [0.01, 7, 7, 7],
  [0.02, 17, 7, 7],
  [0.03, 35, 8, 7],
  [0.05, 90, 18, 7],
  [0.08, 226, 40, 13],
  [0.12, 504, 86, 25],
] as const;

test('pairs needed are those of the published table, all eighteen', () => {
  const found = PUBLISHED.map(([sigma]) => [
    sigma,
    ...[0.02, 0.05, 0.1].map((tolerance) => pairsFor(sigma, tolerance)),
  ]);
  assert.deepEqual(found, PUBLISHED);
});

test('half as many again, looked at after a fifth, a third and all', () => {
  assert.deepEqual(planLooks({ sigma: 0.08, tolerance: 0.05 }), {
    pairs: 60,
    looks: [
      { pairs: 12, alpha: 0.002 },
      { pairs: 20, alpha: 0.003 },
      { pairs: 60, alpha: 0.005 },
    ],
    confirmPairs: 20,
  });
});

test('looks that fall together are one, with the levels of both; none is below nine pairs, and each is whole blocks of two', () => {
  assert.deepEqual(planLooks({ sigma: 0.01, tolerance: 0.05 }), {
    pairs: 12,
    looks: [
      { pairs: 10, alpha: 0.005 },
      { pairs: 12, alpha: 0.005 },
    ],
    confirmPairs: 12,
  });
  assert.deepEqual(planLooks({ sigma: 0.01, tolerance: 0.05, least: 30 }), {
    pairs: 30,
    looks: [{ pairs: 30, alpha: 0.01 }],
    confirmPairs: 30,
  });
});

test('more decisions need more pairs, and no look is where the smallest p is above its level ÷ decisions', () => {
  const pairs = [1, 2, 4, 8].map((decisions) => planLooks({ sigma: 0.08, tolerance: 0.05, decisions }).pairs);
  assert.deepEqual(pairs, [60, 72, 84, 94]);
  const { looks, pairs: most } = planLooks({ sigma: 0.02, tolerance: 0.05, decisions: 40 });
  assert.deepEqual(
    looks.map((look) => 2 ** -look.pairs <= look.alpha / 40),
    looks.map(() => true),
  );
  assert.deepEqual([looks[0]?.pairs, most], [16, 18]);
});

test('a plan of no tolerance, no σ or no decisions is refused', () => {
  const wrong = [
    { sigma: 0.08, tolerance: 0 },
    { sigma: 0.08, tolerance: NaN },
    { sigma: NaN, tolerance: 0.05 },
    { sigma: Infinity, tolerance: 0.05 },
    { sigma: 0.08, tolerance: 0.05, decisions: 0 },
  ];
  for (const wanted of wrong) assert.throws(() => planLooks(wanted), RangeError);
  assert.equal(wrong.length, 5);
});

test('the smallest effect that is found is that of statistics.md', () => {
  const percent = [
    [0.03, 12],
    [0.08, 12],
    [0.08, 60],
  ].map(([sigma = NaN, pairs = NaN]) => (minimumDetectableEffect(sigma, pairs) * 100).toFixed(1));
  assert.deepEqual(percent, ['3.2', '8.7', '3.8']);
});

test('the tolerance that fits so many pairs is planned with no more of them, and a smaller one with more', () => {
  const outcome = fc.check(
    fc.property(
      fc.double({ min: 0.005, max: 0.3, noNaN: true }),
      fc.integer({ min: 20, max: 400 }),
      fc.integer({ min: 1, max: 12 }),
      (sigma, pairs, decisions) => {
        const tolerance = effectThatFits(sigma, pairs, decisions);
        const planned = (wanted: number) => planLooks({ sigma, tolerance: wanted, decisions }).pairs;
        return planned(tolerance) <= pairs && planned(tolerance * 0.99) <= planned(tolerance * 0.5);
      },
    ),
    { seed: 7, numRuns: 2000 },
  );
  assert.equal(outcome.failed, false, fc.defaultReportMessage(outcome) ?? '');
  // Of 60 pairs 5 % and a little less, of 58 a little more.
  assert.deepEqual(
    [60, 58].map((pairs) => (effectThatFits(0.08, pairs) * 100).toFixed(2)),
    ['4.96', '5.10'],
  );
  assert.equal(effectThatFits(0.08, 8), Infinity);
});

test('a pilot is planned with a margin', () => {
  assert.equal(plannedSigma([0.01, 0.02, 0.03]).toFixed(6), '0.011500');
});
