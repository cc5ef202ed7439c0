import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideMemory, decideSize } from '../../harness/gate/memory.js';

const MIB = 2 ** 20;
const three = (bytes: number): readonly number[] => [bytes - 1000, bytes, bytes + 1000];
const same = (bytes: number): readonly number[] => [bytes, bytes, bytes];
const memory = (base: number, head: number): string => decideMemory(three(base), three(head)).verdict;

test('memory: more than 2 % and more than 4 MiB', () => {
  assert.deepEqual(
    {
      'accumulate + 3 %': memory(1000 * MIB, 1030 * MIB),
      'accumulate + 2 %': memory(1000 * MIB, 1020 * MIB),
      'stream + 8 MiB': memory(40 * MIB, 48 * MIB),
      'stream + 4 MiB': memory(40 * MIB, 44 * MIB),
      'stream + a byte more': memory(40 * MIB, 44 * MIB + 1),
      'accumulate + 8 MiB': memory(1000 * MIB, 1008 * MIB),
      less: memory(40 * MIB, 20 * MIB),
    },
    {
      'accumulate + 3 %': 'regression',
      'accumulate + 2 %': 'pass',
      'stream + 8 MiB': 'regression',
      'stream + 4 MiB': 'pass',
      'stream + a byte more': 'regression',
      'accumulate + 8 MiB': 'pass',
      less: 'pass',
    },
  );
  assert.deepEqual(decideMemory(three(40 * MIB), three(50 * MIB)), {
    metric: 'peak RSS',
    verdict: 'regression',
    estimate: 1.25,
    interval: null,
    pairs: 3,
    mde: null,
    tolerance: 0.1,
    decides: true,
    note: '',
  });
});

test('size: the exact ratio of the medians', () => {
  assert.deepEqual(
    [10_000, 10_010, 10_011, 9_000].map((head) => decideSize(same(10_000), same(head)).verdict),
    ['pass', 'pass', 'regression', 'pass'],
  );
  assert.equal(decideSize(same(10_000), same(10_400), 0.05).verdict, 'pass');
  const { metric, tolerance } = decideSize(same(10_000), same(10_400));
  assert.deepEqual([metric, tolerance], ['size', 0.001]);
});

test('size of a writer that differs from itself: by more than that', () => {
  const base = [10_000, 10_020, 9_990];
  assert.equal(decideSize(base, same(10_000)).tolerance, 0.001 + 0.003);
  assert.deepEqual(
    [10_040, 10_041].map((head) => decideSize(base, same(head)).verdict),
    ['pass', 'regression'],
  );
  assert.equal(decideSize(same(10_000), [10_050, 10_060, 10_020]).tolerance, 0.001 + 0.004);
});

test('too little, nothing and zero never pass', () => {
  const few = decideMemory([40 * MIB, 40 * MIB], three(40 * MIB));
  assert.deepEqual([few.verdict, few.note], ['inconclusive', '2 of 3 repetitions that a median needs']);
  const once = decideSize([10_000], [10_100]);
  assert.deepEqual([once.verdict, once.note], ['inconclusive', '1 of 3 repetitions that a median needs']);
  const none = decideMemory([], three(40 * MIB));
  assert.deepEqual([none.verdict, none.decides, none.note], ['not detectable', false, 'not measured']);
  assert.deepEqual(
    [decideSize(same(0), same(0)), decideSize(same(0), same(5))].map(({ verdict, estimate }) => [verdict, estimate]),
    [
      ['inconclusive', null],
      ['inconclusive', null],
    ],
  );
});
