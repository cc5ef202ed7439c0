import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changePoints, LEAST_POINTS, SETTINGS } from '../../harness/history/change-points.js';
import { randomFrom } from '../../harness/plan/order.js';
import { bestSplit, eDivisive } from '../../harness/statistics/e-divisive.js';
import { point } from './points.js';

/** Standard normal values (Box and Muller 1958). */
function normal(seed: number): () => number {
  const random = randomFrom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Values around levels: so many of each. */
function levels(seed: number, sigma: number, parts: readonly (readonly [count: number, level: number])[]): number[] {
  const noise = normal(seed);
  return parts.flatMap(([count, level]) => Array.from({ length: count }, () => level + sigma * noise()));
}

const distance = (one: number, other: number): number => Math.abs(one - other);

function meanOfPairs(one: readonly number[], other: readonly number[]): number {
  let sum = 0;
  for (const first of one) for (const second of other) sum += distance(first, second);
  return sum / (one.length * other.length);
}

function meanWithin(values: readonly number[]): number {
  let sum = 0;
  let pairs = 0;
  for (const [index, first] of values.entries()) {
    for (const second of values.slice(index + 1)) {
      sum += distance(first, second);
      pairs += 1;
    }
  }
  return sum / pairs;
}

/** The definition, term by term: mn/(m+n)·(2·E|X − Y| − E|X − X'| − E|Y − Y'|) over all τ < κ. */
function plainBestSplit(values: readonly number[], least: number): { index: number; statistic: number } | null {
  let best: { index: number; statistic: number } | null = null;
  for (let split = least; split <= values.length - least; split += 1) {
    for (let end = split + least; end <= values.length; end += 1) {
      const [left, right] = [values.slice(0, split), values.slice(split, end)];
      const energy = 2 * meanOfPairs(left, right) - meanWithin(left) - meanWithin(right);
      const statistic = ((left.length * right.length) / (left.length + right.length)) * energy;
      if (best === null || statistic > best.statistic) best = { index: split, statistic };
    }
  }
  return best;
}

test('the best split is that of the definition, computed pair by pair', () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed);
  const found = seeds.map((seed) => {
    const values = levels(seed, 1, [
      [8 + (seed % 7), 0],
      [9 + (seed % 5), seed % 3],
    ]);
    const [fast, plain] = [bestSplit(values, 5), plainBestSplit(values, 5)];
    assert.ok(fast !== null && plain !== null);
    return [fast.index - plain.index, Math.abs(fast.statistic / plain.statistic - 1) < 1e-9];
  });
  assert.deepEqual(
    found,
    seeds.map(() => [0, true]),
  );
});

test('a worked example: three zeros, then three ones', () => {
  // Between: 1; within: 0. 3·3/6·(2·1 − 0 − 0) = 3.
  assert.deepEqual(bestSplit([0, 0, 0, 1, 1, 1], 2), { index: 3, statistic: 3 });
  assert.equal(bestSplit([0, 0, 0], 2), null);
});

test('shifts are found where they are', () => {
  const found = (values: readonly number[]): readonly number[] =>
    eDivisive(values, SETTINGS)
      .map(({ index }) => index)
      .sort((one, other) => one - other);
  // 10 % at σ 3 %, in logarithms.
  const one = [1, 2, 3, 4, 5].map((seed) =>
    found(
      levels(seed, 0.03, [
        [25, 0],
        [25, 0.1],
      ]),
    ),
  );
  assert.deepEqual(
    one.map((indices) => indices.length === 1 && Math.abs((indices[0] ?? 0) - 25) <= 1),
    [true, true, true, true, true],
  );
  assert.deepEqual(
    found(
      levels(6, 0.01, [
        [20, 0],
        [20, 0.2],
        [20, -0.1],
      ]),
    ),
    [20, 40],
  );
  // Up and back again: the means of the halves are equal.
  assert.deepEqual(
    found(
      levels(7, 0.02, [
        [20, 0],
        [20, 0.2],
        [20, 0],
      ]),
    ),
    [20, 40],
  );
  // Exact figures, such as sizes of files.
  assert.deepEqual(found([...Array.from({ length: 17 }, () => 3), ...Array.from({ length: 23 }, () => 3.001)]), [17]);
  assert.deepEqual(found(Array.from({ length: 40 }, () => 3)), []);
  // One outlier is no change.
  const outlier = levels(8, 0.03, [[40, 0]]).map((value, index) => (index === 20 ? value + 1 : value));
  assert.deepEqual(found(outlier), []);
});

test('noise alone is taken for a change in 4 of 400 series', () => {
  const seeds = Array.from({ length: 400 }, (_, seed) => 1000 + seed);
  const wrong = seeds.filter((seed) => eDivisive(levels(seed, 0.05, [[40, 0]]), SETTINGS).length > 0);
  // At p ≤ 0.01 four are expected.
  assert.equal(wrong.length, 4);
});

const FROM = 20;
const shifted = Array.from({ length: 40 }, (_, index) => {
  const noise = 1 + ((index * 7) % 5) / 200;
  const after = index >= FROM;
  return point(index + 1, {
    normalised: (after ? 4 : 2) * noise,
    durableNs: 1e9 * noise,
    peakRssBytes: 1e8 * noise,
    diskBytes: after ? 900 : 1000,
  });
});

test('changes are said by case and metric, with what was before and after', () => {
  const found = changePoints([
    ...shifted.map((one) => ({ ...one, case: 'b' })),
    ...shifted.map((one) => ({ ...one, case: 'a' })),
  ]);
  const { at } = point(FROM + 1);
  const pValue = 1 / (SETTINGS.permutations + 1);
  assert.deepEqual(
    found,
    ['a', 'b'].flatMap((id) => [
      { case: id, metric: 'normalised', index: FROM, at, before: 2.02, after: 4.04, pValue },
      { case: id, metric: 'diskBytes', index: FROM, at, before: 1000, after: 900, pValue },
    ]),
  );
});

test('nothing is said of fewer than 30 nights, nor of nights without a proved figure', () => {
  assert.equal(LEAST_POINTS, 30);
  assert.deepEqual(changePoints(shifted.slice(6, 35)), []);
  assert.equal(changePoints(shifted.slice(5, 35)).length, 2);
  const none = { status: 'corrupt', durableNs: null, normalised: null, peakRssBytes: null, diskBytes: null } as const;
  const missing = shifted.map((one, index) => (index < 11 ? { ...one, ...none } : one));
  assert.deepEqual(changePoints(missing), []);
});

test('400 nights of 50 cases', (context) => {
  const points = Array.from({ length: 50 }, (_, id) => {
    const noise = normal(id);
    return Array.from({ length: 400 }, (__, night) =>
      point(night + 1, {
        case: `case-${id}`,
        normalised: Math.exp(0.05 * noise() + (id % 10 === 0 && night >= 300 ? 0.2 : 0)),
      }),
    );
  }).flat();
  const begun = performance.now();
  const found = changePoints(points).filter(({ metric }) => metric === 'normalised');
  context.diagnostic(`${((performance.now() - begun) / 1000).toFixed(1)} s`);
  const real = found.filter(({ case: id, index }) => id.endsWith('0') && Math.abs(index - 300) <= 2);
  assert.equal(real.length, 5);
  assert.equal(found.length - real.length <= 3, true, JSON.stringify(found));
});
