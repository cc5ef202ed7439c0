import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  hodgesLehmann,
  signedRank,
  signedRankBelow,
  signedRankBounds,
  signedRankP,
} from '../../harness/statistics/signed-rank.js';
import { averageOfRank, averagesUpTo, halvesOf } from '../../harness/statistics/walsh.js';

const near = (actual: number, expected: number, error = 1e-12): boolean =>
  Math.abs(actual - expected) <= error * Math.abs(expected);

/** Depression scores before and after (Hollander and Wolfe, table 3.1), as R's example of wilcox.test has them. */
const BEFORE = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
const AFTER = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
const SCORES = BEFORE.map((value, place) => value - (AFTER[place] ?? NaN));

test('the textbook example: p, estimate and the interval of 96.1 %', () => {
  assert.equal(signedRankP(SCORES), 0.01953125);
  assert.equal(hodgesLehmann(SCORES).toFixed(3), '0.460');
  const { lower, upper } = signedRankBounds(SCORES, 0.039 / 2 + 1e-4);
  assert.deepEqual([lower.toFixed(3), upper.toFixed(3)], ['0.010', '0.786']);
});

/** P(T ≤ t), with whole numbers of any size. */
const PSIGNRANK = [
  [5, 0, 0.03125],
  [9, 5, 0.01953125],
  [12, 17, 0.046142578125],
  [20, 60, 0.048653602600097656],
  [60, 600, 0.009916129740945072],
  [60, 915, 0.5014574637805898],
  [150, 4500, 0.01447854787589578],
  [200, 8000, 0.006089114852074701],
] as const;

test('the null distribution is that of exact arithmetic up to 200 pairs, and close to it and never below above', () => {
  const off = PSIGNRANK.filter(([pairs, sum, expected]) => !near(signedRankBelow(pairs, sum), expected));
  assert.deepEqual(off, []);
  const beyond = [
    [201, 7800, 0.00213737281153623],
    [201, 8000, 0.004509499479522327],
    [250, 12000, 0.0006060028782132419],
    [250, 13000, 0.009353891061153117],
    [400, 35000, 0.013707398830658019],
  ].map(([pairs = 0, sum = 0, expected = 0]) => signedRankBelow(pairs, sum) - expected);
  assert.equal(Math.max(...beyond) < 1.1e-4, true);
  assert.equal(Math.min(...beyond) > 0, true);
  // Φ((8000 + ½ − μ) ÷ σ).
  assert.equal(near(signedRankBelow(201, 8000), 0.004609002841962, 1e-9), true);
});

/** Sums of ranks with a plus, over all ways to give n signs. */
function allSums(pairs: number): readonly number[] {
  return Array.from({ length: 2 ** pairs }, (_, signs) =>
    Array.from({ length: pairs }, (_empty, rank) => ((signs >> rank) & 1) * (rank + 1)).reduce((one, two) => one + two),
  );
}

test('the null distribution is that of all signs', () => {
  const off = [1, 2, 3, 6, 10, 13].flatMap((pairs) => {
    const sums = allSums(pairs);
    return Array.from({ length: (pairs * (pairs + 1)) / 2 + 3 }, (_, place) => place - 1).filter(
      (sum) => signedRankBelow(pairs, sum) !== sums.filter((one) => one <= sum).length / sums.length,
    );
  });
  assert.deepEqual(off, []);
});

/** Student t of 4 degrees of freedom × 0.06 + 0.02; p by scipy.stats.wilcoxon, bounds by the same rule in exact arithmetic. */
const TWELVE = [
  0.02007, -0.05059, 0.02253, -0.01411, 0.03046, 0.10662, -0.20937, -0.008, 0.0311, -0.01608, -0.10253, -0.01697,
];
const SIXTY = [
  0.07444, 0.02374, -0.0203, 0.02752, -0.20047, -0.084, 0.09197, 0.03837, 0.11723, 0.00376, -0.0164, -0.05502, 0.01275,
  -0.03209, 0.02061, -0.10863, -0.05105, -0.0115, 0.0021, 0.06875, -0.02186, 0.00443, 0.12835, 0.01734, 0.06677,
  0.02098, 0.05184, 0.06468, 0.04703, 0.09307, -0.04062, 0.05173, -0.15771, -0.04704, -0.33179, 0.02322, -0.09894,
  -0.12623, 0.01653, -0.04766, 0.03802, 0.03188, 0.08044, -0.09521, 0.01474, 0.09652, -0.11195, -0.03621, 0.02532, 0.09,
  0.01654, 0.05348, 0.06497, -0.0682, -0.03014, -0.0032, -0.13637, 0.02892, 0.01216, 0.01978,
];

test('p, estimate and bounds of samples are those of other implementations', () => {
  const found = [TWELVE, SIXTY].map((sample) => [
    signedRankP(sample).toFixed(12),
    hodgesLehmann(sample).toFixed(6),
    ...[0.002, 0.005, 0.01, 0.05].map((alpha) => {
      const { lower, upper } = signedRankBounds(sample, alpha);
      return `${lower.toFixed(6)} ${upper.toFixed(6)}`;
    }),
  ]);
  assert.deepEqual(found, [
    [
      '0.574951171875',
      '-0.009905',
      '-0.112725 0.063345',
      '-0.102530 0.045270',
      '-0.093420 0.031100',
      '-0.051375 0.022530',
    ],
    [
      '0.353300587696',
      '0.003850',
      '-0.028740 0.029500',
      '-0.023635 0.026555',
      '-0.021135 0.024350',
      '-0.013630 0.019240',
    ],
  ]);
});

test('too few pairs for a level have no bounds', () => {
  const eight = [1, 2, 3, 4, 5, 6, 7, 8];
  assert.deepEqual(signedRankBounds(eight, 0.002), { lower: -Infinity, upper: Infinity });
  assert.deepEqual(signedRankBounds([...eight, 9], 0.002), { lower: 1, upper: 9 });
  assert.deepEqual(signedRankBounds(eight, 2 ** -8), { lower: 1, upper: 8 });
});

test('nothing, NaN and infinity are refused', () => {
  const wrong = [[], [1, NaN], [Infinity, 1], [-Infinity]];
  for (const values of wrong) assert.throws(() => signedRank(values, 0.01), RangeError);
  assert.equal(wrong.length, 4);
});

test('zeros and ties only make p larger', () => {
  assert.equal(signedRankP([0, 0, 0]), 1);
  // 1 and 2 of 1, 2, 3 with the zero below all: T = 2 + 3 + 4 of 10.
  assert.equal(signedRankP([0, 1, 2, 3]), 1 / 8);
  // Of equal magnitudes the negative one has the higher rank: T = 1 + 3 of 6, not 1.5 + 3 or 2 + 3.
  assert.equal(signedRankP([1, -1, 2]), 3 / 8);
});

const samples = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 40 });
const levels = fc.constantFrom(0.002, 0.003, 0.005, 0.01, 0.05, 0.2);
const holds = (property: fc.IProperty<[number[], number]>): string =>
  fc.defaultReportMessage(fc.check(property, { seed: 7, numRuns: 2000 })) ?? 'held';

test('p ≤ alpha says what the lower bound says, and the estimate lies between the bounds', () => {
  const found = holds(
    fc.property(samples, levels, (sample, alpha) => {
      const { p, estimate, lower, upper } = signedRank(sample, alpha);
      return lower > 0 === p <= alpha && lower <= estimate && estimate <= upper;
    }),
  );
  assert.equal(found, 'held');
});

test('mirrored differences have mirrored bounds, and none of it depends on the order', () => {
  const found = holds(
    fc.property(samples, levels, (sample, alpha) => {
      const { estimate, lower, upper } = signedRank(sample, alpha);
      const mirrored = signedRank(sample.map((value) => -value).reverse(), alpha);
      return estimate === -mirrored.estimate && lower === -mirrored.upper && upper === -mirrored.lower;
    }),
  );
  assert.equal(found, 'held');
});

test('averages that are selected are those of the sorted list, ties and all', () => {
  const few = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 30 });
  const many = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 70 });
  const outcome = fc.check(
    fc.property(fc.oneof(few, many), (values) => {
      const listed = Float64Array.from(
        values.flatMap((one, place) => values.slice(place).map((other) => one / 2 + other / 2)),
      ).sort();
      const halves = halvesOf(values);
      return listed.every(
        (average, place) =>
          averageOfRank(halves, place + 1) === average &&
          averagesUpTo(halves, average) === listed.findLastIndex((other) => other <= average) + 1,
      );
    }),
    { seed: 7, numRuns: 150 },
  );
  assert.equal(outcome.failed, false, fc.defaultReportMessage(outcome));
  // The only ones that are left are equal, and more than there are values.
  assert.equal(averageOfRank(halvesOf([-5, ...Array.from({ length: 50 }, () => 0.1), 5]), 700), 0.1);
});
