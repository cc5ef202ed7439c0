import assert from 'node:assert/strict';
import { test } from 'node:test';
import { medianInterval } from '../../harness/statistics/median-interval.js';

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => count - index);

test('the interval of a median lies between the order statistics that the sign test names', () => {
  // Ranks of Conover, Practical Nonparametric Statistics: at 95 %, n = 6 to 8 the outermost, 9 to 11 the second, 12 the third.
  assert.deepEqual(
    [6, 8, 9, 11, 12, 20].map((count) => medianInterval(upTo(count))),
    [
      [1, 6],
      [1, 8],
      [2, 8],
      [2, 10],
      [3, 10],
      [6, 15],
    ],
  );
});

test('fewer than six values have no interval', () => {
  assert.deepEqual(
    [0, 1, 5].map((count) => medianInterval(upTo(count))),
    [null, null, null],
  );
});
