/** Each kind of comparison on figures made by hand. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, judgeCompared, judgeFigure } from '../../harness/claims/judge.js';
import type { Reading } from '../../harness/claims/readings.js';
import { detectable, deviation } from '../../harness/statistics/paired.js';
import { hodgesLehmann } from '../../harness/statistics/signed-rank.js';
import type { ClaimedFigure } from '../../suites/claims/types.js';
import { SAVED, SECONDS, TIMES } from './fixtures.js';

const reading = (...values: readonly number[]): Reading => ({
  values: new Map(values.map((value, index) => [index + 1, value])),
  missing: null,
});
const absent: Reading = { values: new Map(), missing: 'a case was not run' };

const figure = (claimed: ClaimedFigure, ...values: readonly number[]): string =>
  judgeFigure(reading(...values), claimed).holds;
const saved = (claimed: ClaimedFigure, ...ratios: readonly number[]): string =>
  judgeCompared('saved', reading(...ratios), reading(...ratios.map(() => 1)), claimed).holds;
const times = (claimed: ClaimedFigure, ...ratios: readonly number[]): string =>
  judgeCompared('ratio', reading(...ratios), reading(...ratios.map(() => 1)), claimed).holds;

test('the estimate is the median of Walsh averages, the detectable effect that of statistics.md', () => {
  assert.equal(hodgesLehmann([0, 1, 5]), 1.75);
  assert.equal(deviation([1, 2, 3]), 1);
  // σ 8 % and 12 pairs: 8.7 %, as published there.
  const twelve = [1, -1, 1, -1, 1, -1, 1, -1, 1, -1, 1, -1];
  const scaled = twelve.map((value) => (value * 0.08) / deviation(twelve));
  assert.equal((Math.expm1(detectable(scaled) ?? NaN) * 100).toFixed(1), '8.7');
  assert.equal(detectable([1, 2]), null);
});

test('a figure holds within its widened range and nowhere else', () => {
  assert.deepEqual(
    [1.49, 1.51, 2, 2.49, 2.51].map((value) => figure(SECONDS, value, value, value)),
    ['no', 'yes', 'yes', 'yes', 'no'],
  );
  const atMost = { ...SECONDS, wanted: 'at most' as const };
  const atLeast = { ...SECONDS, wanted: 'at least' as const };
  assert.deepEqual([figure(atMost, 0.1, 0.1, 0.1), figure(atMost, 3, 3, 3)], ['yes', 'no']);
  assert.deepEqual([figure(atLeast, 9, 9, 9), figure(atLeast, 1, 1, 1)], ['yes', 'no']);
});

test('a figure so noisy that its range may be reached is not resolvable, and so are fewer than three', () => {
  assert.equal(figure(SECONDS, 1.2, 1.4, 1.6), 'not resolvable');
  // In the middle of its range, and anywhere: that is no figure that holds.
  assert.equal(figure(SECONDS, 1, 2, 4), 'not resolvable');
  assert.equal(figure(SECONDS, 1.98, 2, 2.02), 'yes');
  assert.equal(figure(SECONDS, 2, 2), 'not resolvable');
  const one = judgeFigure(reading(2), SECONDS);
  assert.deepEqual(one, {
    measured: 2,
    holds: 'not resolvable',
    detectablePercent: null,
    repetitions: 1,
    why: '1 of 3 repetitions that a decision needs',
  });
});

test('a figure of nothing at all is no claim of something', () => {
  const nothing = judgeFigure(reading(0, 0, 0), SECONDS);
  assert.deepEqual([nothing.measured, nothing.holds], [0, 'no']);
});

test('a share of time that was saved holds, does not, or cannot be told', () => {
  assert.equal(saved(SAVED, 0.85, 0.851, 0.849), 'yes');
  assert.equal(saved(SAVED, 0.5, 0.501, 0.499), 'no');
  assert.equal(saved(SAVED, 1.3, 1.301, 1.299), 'no');
  // 15 % saved in the middle, and each repetition says something else.
  assert.equal(saved(SAVED, 0.85, 0.7, 1.05), 'not resolvable');
  // 6 % saved for sure, which the claim's 10 % may yet be.
  assert.equal(saved(SAVED, 0.94, 0.92, 0.96), 'not resolvable');
});

test('what was measured is the share that was saved, and how much noise hides', () => {
  const found = judgeCompared('saved', reading(0.8, 0.82, 0.81), reading(1, 1, 1), SAVED);
  assert.equal(found.measured?.toFixed(2), '19.00');
  assert.equal(found.detectablePercent?.toFixed(1), '2.6');
  assert.deepEqual([found.repetitions, found.why], [3, null]);
});

test('an effect that cannot be told from none still refutes one that could', () => {
  const found = judgeCompared('saved', reading(0.99, 1.01, 1), reading(1, 1, 1), SAVED);
  assert.deepEqual([found.holds, found.why], ['no', 'what was measured cannot be told from no effect']);
});

test('a ratio holds within its range, and no difference at all is no effect', () => {
  assert.deepEqual(
    [1.7, 1.9, 3, 5.4, 6].map((ratio) => times(TIMES, ratio, ratio, ratio)),
    ['no', 'yes', 'yes', 'yes', 'no'],
  );
  const more: ClaimedFigure = { ...TIMES, range: [1, 1], wanted: 'at least', tolerance: 0 };
  assert.deepEqual(
    [times(more, 1.2, 1.21, 1.19), times(more, 1, 1, 1), times(more, 0.5, 0.5, 0.5)],
    ['yes', 'not resolvable', 'no'],
  );
});

test('a claim that nothing changes holds where noise stays within its range, and only there', () => {
  const same: ClaimedFigure = { ...TIMES, range: [1, 1], tolerance: 0.1, wanted: 'about' };
  assert.equal(times(same, 1, 1, 1), 'yes');
  assert.equal(times(same, 0.999, 1.001, 1), 'yes');
  assert.equal(times(same, 0.9, 1, 1.1), 'not resolvable');
  assert.equal(times(same, 1.3, 1.3, 1.3), 'no');
});

test('repetitions are paired by their number: drift of the machine is in both', () => {
  const found = judgeCompared('ratio', reading(2, 4, 8), reading(1, 2, 4), TIMES);
  assert.deepEqual(
    [found.measured?.toFixed(6), found.holds, found.detectablePercent?.toFixed(6)],
    ['2.000000', 'yes', '0.000000'],
  );
});

test('with one repetition there is no ratio, and without a case there is nothing', () => {
  const one = judgeCompared('ratio', reading(2), reading(1), TIMES);
  assert.deepEqual([one.measured, one.holds, one.why], [null, 'not measured', 'one repetition: a ratio needs 3']);
  const none = judgeCompared('saved', absent, reading(1, 1, 1), SAVED);
  assert.deepEqual([none.measured, none.holds, none.why], [null, 'not measured', 'a case was not run']);
  const gone = judgeFigure(absent, SECONDS);
  assert.deepEqual([gone.measured, gone.holds], [null, 'not measured']);
});

test('what is saved is accepted in logarithms of time, the other way round', () => {
  const [low, high] = accepted(SAVED, 'saved');
  assert.deepEqual([Math.exp(low).toFixed(2), Math.exp(high).toFixed(2)], ['0.80', '0.90']);
  const [all] = accepted({ ...SAVED, range: [90, 100] }, 'saved');
  assert.equal(all, -Infinity);
});
