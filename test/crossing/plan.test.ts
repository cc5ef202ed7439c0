import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlan, type Selection } from '../../harness/plan/plan.js';
import { NOTHING_CHOSEN } from '../plan/selection.js';
import { CASE, record, VERIFIED } from '../run/fixtures.js';
import { departures } from '../records/schemas.js';
import { REGISTRY } from '../../suites/index.js';

const ids = (selection: Partial<Selection>): readonly string[] =>
  makePlan({ ...NOTHING_CHOSEN, ...selection }, REGISTRY).cases.map((one) => one.id);

test('the suite crosses by pointer and by copy, in both loops, at three batch sizes', () => {
  const planned = ids({ suite: 'crossing' });
  assert.equal(planned.length, 12);
  assert.equal(planned.includes('lineitem@0.1/crossing/pointer;batchRows=100'), true);
  assert.equal(planned.includes('lineitem@0.1/crossing/copy;loop=javascript;batchRows=100000'), true);
});

test('a crossing is planned from its id alone, and a slip in it is a sentence', () => {
  const id = 'region@1/crossing/copy;loop=javascript;batchRows=5';
  assert.deepEqual(ids({ cases: [id, 'region@1/crossing/pointer'] }), [id, 'region@1/crossing/pointer']);
  assert.throws(
    () => ids({ cases: ['region@1/crossing/pipe'] }),
    /Unknown hand-over "pipe": expected one of copy, pointer/,
  );
  assert.throws(() => ids({ cases: ['region@1/crossing/copy;loop=rust'] }), /Unknown loop "rust"/);
  assert.throws(() => ids({ cases: ['region@1/crossing/copy;threads=2'] }), /no option "threads"/);
});

test('naming a writer, a format or a variant leaves crossings out; a batch size replaces the suite’s', () => {
  assert.deepEqual(
    [{ writers: ['parquet'] }, { formats: ['parquet'] }, { variants: ['stream'] }].map((more) =>
      ids({ suite: 'crossing', ...more }),
    ),
    [[], [], []],
  );
  assert.equal(ids({ suite: 'crossing', options: { batchRows: 7 } }).length, 4);
});

test('a record of a crossing has its own measurement and no other', () => {
  const [crossing] = makePlan({ ...NOTHING_CHOSEN, cases: ['region@1/crossing/pointer'] }, REGISTRY).cases;
  const measurement = {
    nsPerBatch: { mean: 1.5, margin: 0.1, p50: 1, p99: 2, min: 1, max: 3 },
    batches: 2,
    rows: 3,
    bytes: 4,
    buffers: 5,
    addressesEqual: 5,
  };
  const write = record(1, VERIFIED, CASE);
  const good = { ...write, case: crossing, verdict: { ...VERIFIED, measurement } };
  assert.deepEqual(departures('writeproof.record.v1', good), []);
  const wrong: readonly unknown[] = [
    { ...write, case: crossing },
    { ...write, verdict: good.verdict },
    { ...good, verdict: { ...good.verdict, measurement: { ...measurement, speed: 1 } } },
  ];
  assert.deepEqual(
    wrong.map((one) => departures('writeproof.record.v1', one).length > 0),
    [true, true, true],
  );
});
