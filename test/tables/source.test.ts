import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlan, type Selection } from '../../harness/plan/plan.js';
import { REGISTRY } from '../../suites/index.js';

const selection: Selection = {
  cases: [],
  tables: ['types', 'nation'],
  scales: [0.001],
  writers: ['parquet'],
  formats: [],
  variants: ['stream'],
  options: {},
  seed: 1,
};

const sources = (asked: Partial<Selection>): readonly (readonly [string, string])[] =>
  makePlan({ ...selection, ...asked }, REGISTRY).cases.map(({ id, source }) => [id, source] as const);

test('a table with one source takes it unless told otherwise, and its id does not name it', () => {
  const planned = [
    ['types@0.001/parquet/stream', 'generated'],
    ['nation@0.001/parquet/stream', 'prepared'],
  ];
  assert.deepEqual(sources({}), planned);
  assert.deepEqual(sources({ tables: [], cases: planned.map(([id = '']) => id) }), planned);
  assert.deepEqual(sources({ source: 'generated' }), [
    ['types@0.001/parquet/stream', 'generated'],
    ['nation@0.001/parquet/stream;source=generated', 'generated'],
  ]);
});

test('a source that the table does not have is refused', () => {
  const expected = /^Table types has no prepared batches: expected --source generated\.$/;
  assert.throws(() => sources({ source: 'prepared' }), { message: expected });
  const id = 'types@0.001/parquet/stream;source=prepared';
  assert.throws(() => sources({ tables: [], cases: [id] }), { message: expected });
});

test('a table and a writer without a source in common are refused', () => {
  const writers = REGISTRY.writers.map((writer) => ({ ...writer, sources: ['prepared'] as const }));
  assert.throws(() => makePlan({ ...selection, tables: ['types'] }, { ...REGISTRY, writers }), {
    message: 'Writer parquet takes prepared batches, table types has only generated ones: choose another of them.',
  });
  assert.equal(makePlan({ ...selection, tables: ['nation'] }, { ...REGISTRY, writers }).cases.length, 1);
});

test('a writer that makes the rows itself is planned for the tables that it knows', () => {
  const { cases, leftOut } = makePlan({ ...selection, writers: ['tpchgen-cli'] }, REGISTRY);
  assert.deepEqual(
    cases.map(({ table }) => table),
    ['nation'],
  );
  assert.deepEqual(leftOut, ['writer tpchgen-cli does not write table types']);
  assert.throws(() => sources({ tables: [], cases: ['types@0.001/tpchgen-cli/stream'] }), {
    message:
      'Writer tpchgen-cli does not write table types: expected region, nation, supplier, customer, part, partsupp, orders, lineitem.',
  });
});
