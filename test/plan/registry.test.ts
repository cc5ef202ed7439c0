import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REGISTRY } from '../../suites/index.js';
import { lineitemRows } from '../../suites/tables/lineitem.js';
import { makePlan } from '../../harness/plan/plan.js';
import { NOTHING_CHOSEN } from './selection.js';

test('lineitem has the published number of rows at published scales', () => {
  const rows = [0.001, 0.01, 0.1, 1, 5, 10].map(lineitemRows);
  assert.deepEqual(rows, [6_005, 60_175, 600_572, 6_001_215, 29_999_795, 59_986_052]);
});

test('the other tables grow as the specification says', () => {
  const rows = Object.fromEntries(
    REGISTRY.tables.map((table) => [table.name, table.rows(table.format === 'raw' ? 1_000_000 : 0.01)]),
  );
  assert.deepEqual(rows, {
    region: 5,
    nation: 25,
    supplier: 100,
    customer: 1_500,
    part: 2_000,
    partsupp: 8_000,
    orders: 15_000,
    lineitem: 60_175,
    types: 10_000,
    'core-types': 10_000,
    raw: 245,
    pattern: 245,
  });
});

test('a rough number of rows is within one per cent of the exact one', () => {
  const rough = REGISTRY.tables.map((table) => (table.roughRows ?? table.rows)(1) / table.rows(1));
  assert.equal(rough.length, 12);
  assert.deepEqual(
    rough.filter((ratio) => ratio < 0.99 || ratio > 1.01),
    [],
  );
});

test('names are unique in each registry', () => {
  const names = [REGISTRY.tables, REGISTRY.writers, REGISTRY.suites].map((list) => list.map((entry) => entry.name));
  assert.deepEqual(
    names.map((list) => new Set(list).size),
    names.map((list) => list.length),
  );
});

test('every suite plans every case that its comparisons and limits name', () => {
  const planned = REGISTRY.suites.map((suite) => {
    const plan = makePlan({ ...NOTHING_CHOSEN, suite: suite.name }, REGISTRY);
    return [suite.name, plan.cases.length, plan.comparisons.length, plan.limits.length];
  });
  const expected = [
    ['quick', 72, 0, 0],
    ['smoke', 72, 0, 0],
    ['peers', 14, 11, 3],
    ['growth', 21, 12, 6],
    ['ipc', 5, 3, 0],
    ['batch-size', 18, 3, 0],
    ['flush', 12, 2, 0],
    ['commits', 19, 12, 0],
    ['overlap', 6, 3, 0],
    ['scale', 9, 0, 3],
    ['js', 32, 0, 0],
    ['crossing', 12, 1, 3],
    ['raw', 16, 3, 2],
    ['scan', 122, 4, 6],
    ['nightly', 80, 0, 0],
    ['gate', 29, 0, 0],
  ];
  assert.deepEqual(planned, expected);
  assert.deepEqual(
    REGISTRY.suites.map((suite) => [suite.comparisons.length, suite.limits.length]),
    expected.map(([, , comparisons, limits]) => [comparisons, limits]),
  );
});
