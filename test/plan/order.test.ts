import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interleave, randomFrom, shuffled } from '../../harness/plan/order.js';
import { makePlan } from '../../harness/plan/plan.js';
import { REGISTRY } from '../../suites/index.js';

const { cases } = makePlan(
  {
    cases: ['region@1/parquet/stream', 'nation@1/parquet/stream', 'part@1/parquet/stream', 'orders@1/parquet/stream'],
    tables: [],
    scales: [],
    writers: [],
    formats: [],
    variants: [],
    options: {},
    seed: 0,
  },
  REGISTRY,
);

test('a seed gives its numbers', () => {
  const random = randomFrom(42);
  assert.deepEqual([random(), random()], [0.6011037519201636, 0.44829055899754167]);
});

test('a shuffle keeps all items and its input', () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8];
  const mixed = shuffled(items, randomFrom(7));
  assert.deepEqual([...mixed].sort(), items);
  assert.notDeepEqual(mixed, items);
  assert.deepEqual(items, [1, 2, 3, 4, 5, 6, 7, 8]);
});

test('all cases run once before any runs twice', () => {
  const steps = interleave(cases, 3, 5);
  assert.deepEqual(
    steps.map((step) => step.position),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12],
  );
  assert.deepEqual(
    steps.map((step) => step.repetition),
    [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3],
  );
  const rounds = [0, 4, 8].map((start) => steps.slice(start, start + 4).map((step) => step.case.table));
  assert.deepEqual(
    rounds.map((round) => [...round].sort()),
    [1, 2, 3].map(() => ['nation', 'orders', 'part', 'region']),
  );
  assert.notDeepEqual(rounds[0], rounds[1]);
});

test('the same seed gives the same order, another seed another', () => {
  assert.deepEqual(interleave(cases, 4, 9), interleave(cases, 4, 9));
  assert.notDeepEqual(interleave(cases, 4, 9), interleave(cases, 4, 10));
});
