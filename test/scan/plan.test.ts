import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePlan, type Selection } from '../../harness/plan/plan.js';
import { categoryOf, groupOf, idOf, isDeleted, mix } from '../../suites/scans/entities.js';
import { REGISTRY } from '../../suites/index.js';
import { QUERIES } from '../../suites/scans/queries.js';
import { CHANGES, STRATEGIES } from '../../suites/scans/strategies.js';
import { NOTHING_CHOSEN } from '../plan/selection.js';
import { departures } from '../records/schemas.js';
import { CASE, record, VERIFIED } from '../run/fixtures.js';

const ids = (selection: Partial<Selection>): readonly string[] =>
  makePlan({ ...NOTHING_CHOSEN, ...selection }, REGISTRY).cases.map((one) => one.id);

test('every change is measured alone, left out, with none and with all', () => {
  const on = STRATEGIES.map(({ name, switches }) => [name, Object.values(switches).filter(Boolean).length]);
  assert.deepEqual(on, [
    ['baseline', 0],
    ...CHANGES.map(({ name }) => [`only-${name}`, 1]),
    ...CHANGES.map(({ name }) => [`without-${name}`, 6]),
    ['full', 7],
  ]);
  const planned = ids({ suite: 'scan' });
  for (const { name } of STRATEGIES) {
    const id = `entities@1000000/scan/all${name === 'full' ? '' : `;strategy=${name}`}`;
    assert.equal(planned.includes(id), true, id);
  }
});

test('a scan is planned from its id alone, and a slip in it is a sentence', () => {
  const id = 'entities@5000/scan/limit-10;columns=20;encoding=compact;strategy=only-one-pass';
  assert.deepEqual(ids({ cases: [id, 'entities@7/scan/all'] }), [id, 'entities@7/scan/all']);
  const refused = (text: string): string => {
    try {
      return ids({ cases: [text] }).join();
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.match(
    refused('entities@7/scan/limit-11'),
    /Unknown query "limit-11": expected one of limit-10, .*did you mean "limit-10"/,
  );
  assert.match(refused('entities@7/scan/all;strategy=fast'), /Unknown strategy "fast"/);
  assert.match(refused('entities@7/scan/all;columns=30'), /Unknown width "30": expected one of 10, 20/);
  assert.match(refused('entities@7/scan/all;threads=2'), /A scan has no option "threads"/);
  assert.match(refused('entities@0/scan/all'), /rows/);
  assert.match(refused('lineitem@1/scan/all'), /Only entities can be scanned, not lineitem/);
});

test('naming a writer, a format or a variant leaves scans out, and their options are refused', () => {
  assert.deepEqual(
    [{ writers: ['parquet'] }, { formats: ['parquet'] }, { variants: ['stream'] }].map((more) =>
      ids({ suite: 'scan', ...more }),
    ),
    [[], [], []],
  );
  assert.throws(() => ids({ tables: ['entities'] }), /entities are scanned and not written: expected --suite scan/);
  assert.throws(
    () => ids({ suite: 'scan', options: { threads: 2 } }),
    /Scans take no option of writers: leave out threads/,
  );
  assert.equal(
    ids({ suite: 'scan', scales: [1000] }).every((id) => id.startsWith('entities@1000/')),
    true,
  );
});

test('the numbers are those of SplitMix64', () => {
  // Its authors' test has these as the first of the state 1234567.
  assert.equal(mix(1_234_567n), 6_457_827_717_110_365_317n);
});

test('what a query needs is counted, and holds for stores of other sizes', () => {
  const rows = 1000;
  const numbers = Array.from({ length: rows }, (_, row) => row);
  const live = numbers.filter((row) => !isDeleted(row));
  const needed = Object.fromEntries(QUERIES.map((query) => [query.name, query.needed(rows)]));
  assert.deepEqual(needed, {
    'limit-10': (live[9] ?? 0) + 1,
    'unique-key': 1,
    selective: rows,
    prefix: numbers.filter((row) => groupOf(row, rows) === 31).length,
    'limit-of-filter':
      numbers.findIndex((row) => live.filter((one) => one <= row && categoryOf(one) === 'pet').length === 10) + 1,
    'one-column': rows,
    all: rows,
  });
  // Ten live ones take more than ten: one of the first ten is always deleted.
  assert.notEqual(needed['limit-10'], 10);
  const unique = QUERIES.find(({ name }) => name === 'unique-key')?.query(rows).filter;
  const asked = live.filter((row) => unique !== undefined && 'value' in unique && unique.value === idOf(row));
  assert.equal(asked.length, 1);
});

test('a record of a scan has its own measurement and no other', () => {
  const [scan] = makePlan({ ...NOTHING_CHOSEN, cases: ['entities@7/scan/all;columns=20'] }, REGISTRY).cases;
  const allocations = { allocations: 1, bytes: 2, peakBytes: 3 };
  const measurement = {
    nsPerScan: { mean: 1.5, p50: 1, p99: null, min: 1, max: 3 },
    scans: 3,
    rows: 6,
    batches: 1,
    firstBatchNs: 1,
    rowsRead: 7,
    deletedRead: 1,
    bytesRead: 8,
    resultBytes: 9,
    rust: allocations,
    store: allocations,
    rssGrowthBytes: 0,
    batchCreationNs: 20,
    columnBuildingNs: 30,
  };
  const write = record(1, VERIFIED, CASE);
  const good = { ...write, case: scan, verdict: { ...VERIFIED, measurement } };
  assert.deepEqual(departures('writeproof.record.v1', good), []);
  const wrong: readonly unknown[] = [
    { ...write, case: scan },
    { ...write, verdict: good.verdict },
    { ...good, verdict: { ...good.verdict, measurement: { ...measurement, speed: 1 } } },
    { ...good, case: { ...scan, strategy: 7 } },
  ];
  assert.deepEqual(
    wrong.map((one) => departures('writeproof.record.v1', one).length > 0),
    [true, true, true, true],
  );
});
