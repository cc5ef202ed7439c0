import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rateOf } from '../../harness/statistics/binomial.js';
import { holm } from '../../harness/statistics/holm.js';
import { normalBelow, normalQuantile } from '../../harness/statistics/normal.js';
import { studentQuantile, welchInterval } from '../../harness/statistics/welch.js';

/** scipy.stats.norm.ppf and cdf. */
const QUANTILES = [
  [1e-300, -37.0470962993612],
  [1e-20, -9.262340089798409],
  [1e-9, -5.9978070150076865],
  [0.002, -2.878161739095483],
  [0.01, -2.3263478740408408],
  [0.07, -1.4757910281791706],
  [0.075, -1.4395314709384563],
  [0.3, -0.5244005127080409],
  [0.9, 1.2815515655446004],
  [0.995, 2.5758293035489004],
  [0.9999999, 5.199337582290661],
] as const;
const BELOW = [
  [-10, 7.61985302416047e-24],
  [-8, 6.22096057427174e-16],
  [-7.05, 8.94588955876991e-13],
  [-3.3, 0.00048342414238377744],
  [-1, 0.15865525393145707],
  [0.5, 0.6914624612740131],
  [2.326347874, 0.9899999999989115],
  [6, 0.9999999990134123],
  [7.2, 0.9999999999996989],
] as const;

test('quantiles and chances of the normal law', () => {
  const quantiles = QUANTILES.filter(([chance, z]) => !(Math.abs(normalQuantile(chance) / z - 1) < 1e-13));
  const chances = BELOW.filter(([z, chance]) => !(Math.abs(normalBelow(z) / chance - 1) < 1e-8));
  assert.deepEqual([quantiles, chances], [[], []]);
  assert.deepEqual([normalQuantile(0), normalQuantile(0.5), normalQuantile(1)], [-Infinity, 0, Infinity]);
  assert.deepEqual(
    [normalBelow(0), normalBelow(-40), normalBelow(40)].map((chance) => chance.toFixed(12)),
    ['0.500000000000', '0.000000000000', '1.000000000000'],
  );
  for (const wrong of [-0.1, 1.1, NaN]) assert.throws(() => normalQuantile(wrong), RangeError);
});

test('Holm rejects from the smallest p on until one stands', () => {
  assert.deepEqual(holm([0.01, 0.04, 0.03, 0.005], 0.05), [true, false, false, true]);
  assert.deepEqual(holm([0.02, 0.01, 0.04], 0.05), [true, true, true]);
  assert.deepEqual(holm([0.02, 0.06, 0.03], 0.05), [false, false, false]);
  assert.deepEqual(holm([], 0.05), []);
});

test('hypotheses that are not in the list make it harder', () => {
  assert.deepEqual(holm([0.012, 0.02], 0.05), [true, true]);
  assert.deepEqual(holm([0.012, 0.02], 0.05, 4), [true, false]);
  assert.deepEqual(holm([0.012, 0.02], 0.05, 5), [false, false]);
});

test('a share and its interval are those of scipy.stats.binomtest (wilson)', () => {
  const found = [
    [0, 100],
    [3, 100],
    [97, 100],
    [50, 10_000],
    [1, 1],
  ].map(([count = NaN, trials = NaN]) =>
    rateOf(count, trials)
      .interval.map((end) => end.toFixed(8))
      .join(' '),
  );
  assert.deepEqual(found, [
    '0.00000000 0.03699350',
    '0.01025452 0.08451936',
    '0.91548064 0.98974548',
    '0.00379490 0.00658526',
    '0.20654931 1.00000000',
  ]);
  assert.equal(rateOf(3, 100).rate, 0.03);
  for (const [count, trials] of [
    [0, 0],
    [2, 1],
    [-1, 3],
  ] as const) {
    assert.throws(() => rateOf(count, trials), RangeError);
  }
});

test('Student’s quantile, and the interval of two samples, are those of scipy', () => {
  const quantiles = [
    [0.975, 9, 2.26216],
    [0.975, 12.5, 2.16919],
    [0.975, 30, 2.04227],
    [0.975, 118, 1.98027],
    [0.95, 20, 1.72472],
    [0.025, 15, -2.13145],
  ].filter(([chance = NaN, freedom = NaN, t = NaN]) => !(Math.abs(studentQuantile(chance, freedom) - t) < 1e-4));
  assert.deepEqual(quantiles, []);
  const base = [10.1, 9.8, 10.4, 10, 9.9, 10.3, 10.2, 9.7, 10.6, 10.1];
  const head = [10.9, 10.2, 11, 10.4, 10.1, 10.7, 11.3, 10.5, 10.2, 10.8, 10.6, 9.9];
  const [lower, upper] = welchInterval(base, head, 0.95);
  assert.deepEqual([lower.toFixed(4), upper.toFixed(4)], ['0.1311', '0.7489']);
});
