import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from '../../harness/types.js';
import { REGISTRY, type Registry } from '../../suites/index.js';
import { Misuse } from '../../harness/misuse.js';
import { partCases } from '../../harness/plan/parts.js';
import { makePlan, type Selection } from '../../harness/plan/plan.js';
import { NOTHING_CHOSEN } from './selection.js';

const ids = (selection: Partial<Selection>): readonly string[] =>
  makePlan({ ...NOTHING_CHOSEN, ...selection }, REGISTRY).cases.map((one) => one.id);

/** The sentence that a selection is refused with. */
function refusal(selection: Partial<Selection>): string {
  try {
    makePlan({ ...NOTHING_CHOSEN, ...selection }, REGISTRY);
  } catch (error) {
    if (error instanceof Misuse) return error.message;
    throw error;
  }
  return 'not refused';
}

test('without any flag the first suite is planned', () => {
  const plan = makePlan(NOTHING_CHOSEN, REGISTRY);
  assert.equal(plan.suite, 'quick');
  assert.equal(plan.cases[0]?.id, 'region@0.1/parquet/accumulate');
});

test('flags without a suite make their product, with defaults for what is not named', () => {
  assert.deepEqual(
    ids({ tables: ['lineitem'], scales: [1, 10], formats: ['parquet'], variants: ['stream', 'direct'] }),
    [
      'lineitem@1/parquet/stream',
      'lineitem@1/parquet/direct',
      'lineitem@10/parquet/stream',
      'lineitem@10/parquet/direct',
    ],
  );
  assert.deepEqual(ids({ tables: ['orders'], variants: ['all'] }), [
    'orders@0.1/parquet/accumulate',
    'orders@0.1/parquet/stream',
    'orders@0.1/parquet/zero-copy',
    'orders@0.1/parquet/direct',
    'orders@0.1/arrow/accumulate',
    'orders@0.1/arrow/stream',
    'orders@0.1/arrow/zero-copy',
    'orders@0.1/arrow/direct',
    'orders@0.1/lance/accumulate',
    'orders@0.1/lance/stream',
    'orders@0.1/lance/zero-copy',
    'orders@0.1/lance/direct',
  ]);
});

test('a table has a usual scale of its own, where 0.1 is too much to look at', () => {
  const selection = { tables: ['nation', 'types'], writers: ['parquet'], variants: ['stream'] };
  assert.deepEqual(ids(selection), ['nation@0.1/parquet/stream', 'types@0.01/parquet/stream']);
  assert.deepEqual(ids({ ...selection, scales: [1] }), ['nation@1/parquet/stream', 'types@1/parquet/stream']);
});

test('flags with a suite choose among its cases', () => {
  assert.deepEqual(ids({ suite: 'quick', scales: [1], variants: ['stream'] }), [
    'lineitem@1/parquet/stream',
    'lineitem@1/lance/stream',
  ]);
  assert.deepEqual(ids({ suite: 'quick', scales: [7] }), []);
});

test('the id names what differs from the default, and only that', () => {
  const chosen = { tables: ['part'], writers: ['parquet'], variants: ['stream'] };
  assert.deepEqual(ids({ ...chosen, options: { batchRows: 8192, writer: { compression: 'snappy' } } }), [
    'part@0.1/parquet/stream',
  ]);
  const options = {
    batchRows: 1024,
    threads: 2,
    overlap: true,
    flushEvery: 3,
    part: { index: 2, count: 4 },
    cold: true,
    memoryLimit: 768 * 2 ** 20,
    emptyBatches: true,
    profile: true,
    writer: { rowGroupRows: '100000', compression: 'zstd', dictionary: 'off' },
  };
  assert.deepEqual(ids({ ...chosen, source: 'generated', options }), [
    'part@0.1/parquet/stream;source=generated;batchRows=1024;threads=2;overlap=on;flushEvery=3;part=2/4;cold=on;memoryLimit=768MiB;emptyBatches=on;profile=on;compression=zstd;dictionary=off;rowGroupRows=100000',
  ]);
});

test('a case is planned from its id alone, and the id comes out the same', () => {
  const id = 'lineitem@2/parquet/direct;source=generated;threads=2;part=1/3;queue=pwrite;statistics=page';
  assert.deepEqual(ids({ cases: [id] }), [id]);
  const [one] = makePlan({ ...NOTHING_CHOSEN, cases: [id] }, REGISTRY).cases;
  assert.deepEqual(one?.options.writer, { queue: 'pwrite', statistics: 'page' });
  assert.deepEqual(one.options.part, { index: 1, count: 3 });
  assert.equal(one.source, 'generated');
});

test('all parts at once are an option of a case, and exclude one part alone', () => {
  const chosen = { tables: ['part'], writers: ['parquet'], variants: ['stream'] };
  const id = 'part@0.1/parquet/stream;threads=2;parts=4;cold=on';
  assert.deepEqual(ids({ ...chosen, options: { parts: 4, threads: 2, cold: true } }), [id]);
  assert.deepEqual(ids({ ...chosen, options: { parts: 1, part: { index: 1, count: 1 } } }), [
    'part@0.1/parquet/stream',
  ]);
  assert.deepEqual(ids({ cases: [id] }), [id]);
  const [one] = makePlan({ ...NOTHING_CHOSEN, cases: [id] }, REGISTRY).cases;
  assert.ok(one !== undefined);
  assert.deepEqual([one.options.parts, one.options.part], [4, { index: 1, count: 1 }]);
  assert.deepEqual(
    partCases(one).map(({ options: { part, parts } }) => [part.index, part.count, parts]),
    [1, 2, 3, 4].map((index) => [index, 4, 1]),
  );
  assert.equal(
    refusal({ ...chosen, options: { part: { index: 2, count: 3 }, parts: 4 } }),
    '--part 2/3 is one part by one worker, --parts 4 all parts by a worker each: expected one of them.',
  );
  assert.equal(
    refusal({ cases: ['part@1/parquet/stream;parts=65'] }),
    'parts "65" is not a whole number from 1 to 64.',
  );
  assert.match(refusal({ cases: ['part@1/parquet/stream;part=1/2;parts=2'] }), /expected one of them\.$/);
});

test('crossings, and commands that make the rows themselves, have no parts', () => {
  const options = { parts: 2 };
  assert.equal(refusal({ suite: 'crossing', options }), 'Crossings have no parts: leave out --part and --parts.');
  assert.match(refusal({ cases: ['nation@1/crossing/copy;parts=2'] }), /^A crossing has no option "parts"/);
  const plan = makePlan(
    { ...NOTHING_CHOSEN, tables: ['part'], writers: ['tpchgen-cli'], variants: ['stream'], options },
    REGISTRY,
  );
  assert.deepEqual(
    [plan.cases, plan.leftOut],
    [
      [],
      [
        'writer tpchgen-cli makes the rows itself and cannot be told a part of them: {part} and {parts} are not among its arguments',
      ],
    ],
  );
  assert.equal(
    refusal({ cases: ['part@1/tpchgen-cli/stream;parts=2'] }),
    'part@1/tpchgen-cli/stream;parts=2: writer tpchgen-cli makes the rows itself and cannot be told a part of them: {part} and {parts} are not among its arguments.',
  );
});

test('commands are not told to flush', () => {
  const chosen = { tables: ['part'], writers: ['tpchgen-cli'], variants: ['stream'], options: { flushEvery: 3 } };
  const plan = makePlan({ ...NOTHING_CHOSEN, ...chosen }, REGISTRY);
  assert.deepEqual(
    [plan.cases, plan.leftOut],
    [[], ['writer tpchgen-cli is a command, which cannot be told to flush: leave out flushEvery']],
  );
  assert.equal(
    refusal({ cases: ['part@1/tpchgen-cli/stream;flushEvery=3'] }),
    'part@1/tpchgen-cli/stream;flushEvery=3: writer tpchgen-cli is a command, which cannot be told to flush: leave out flushEvery.',
  );
});

test('a writer that takes a flush with some options only is not told to with others', () => {
  assert.equal(
    refusal({ cases: ['part@1/lance/stream;flushEvery=3'] }),
    'part@1/lance/stream;flushEvery=3: writer lance with commit=insert has no flush: choose commit=fragments or commit=append.',
  );
  const id = 'part@1/lance/stream;flushEvery=3;commit=append';
  assert.deepEqual(ids({ cases: [id] }), [id]);
});

test('every id of every suite is planned from itself', () => {
  const all = REGISTRY.suites.flatMap((suite) => ids({ suite: suite.name }));
  assert.equal(all.length, 539);
  assert.deepEqual(
    all.map((id) => ids({ cases: [id] })[0]),
    all,
  );
});

test('a variant that a writer does not declare is left out, with the reason', () => {
  const plan = makePlan({ ...NOTHING_CHOSEN, tables: ['lineitem'], writers: ['tpchgen-cli'] }, REGISTRY);
  assert.deepEqual(
    plan.cases.map((one) => one.id),
    ['lineitem@0.1/tpchgen-cli/stream;source=generated'],
  );
  assert.deepEqual(plan.leftOut, [
    'writer tpchgen-cli does not declare variant accumulate',
    'writer tpchgen-cli does not declare variant zero-copy',
    'writer tpchgen-cli does not declare variant direct',
  ]);
});

test('an id of a file or of a crossing is held to what flags are held to', () => {
  const nation = REGISTRY.tables.find(({ name }) => name === 'nation');
  assert.ok(nation !== undefined);
  const stamp = { path: 'mine.parquet', bytes: 1, mtimeNs: '1', ctimeNs: '1', inode: '1' };
  const facts = {} as Facts;
  const file = {
    ...nation,
    name: 'file:mine.parquet',
    file: { path: '/mine.parquet', format: 'parquet', stamp, facts },
  };
  const registry = { ...REGISTRY, tables: [...REGISTRY.tables, file] } as Registry;
  const found = (id: string): readonly string[] | string => {
    try {
      return makePlan({ ...NOTHING_CHOSEN, cases: [id] }, registry).cases.map((one) => one.id);
    } catch (error) {
      return error instanceof Misuse ? error.message : String(error);
    }
  };
  const oneSize = 'file:mine.parquet has one size: leave out --scale, and write @1 in an id.';
  const noParts = 'file:mine.parquet has no parts: leave out --part and --parts.';
  assert.deepEqual(
    [
      'file:mine.parquet@1/parquet/stream',
      'file:mine.parquet@10/parquet/stream',
      'file:mine.parquet@1/parquet/stream;parts=2',
      'file:mine.parquet@1/parquet/stream;part=1/2',
      'file:mine.parquet@7/crossing/pointer',
      'types@0.001/crossing/pointer',
    ].map(found),
    [
      ['file:mine.parquet@1/parquet/stream'],
      oneSize,
      noParts,
      noParts,
      oneSize,
      'Table types cannot be prepared, and crossings hand over prepared batches: choose another.',
    ],
  );
});

test('a case that is named twice is planned once', () => {
  assert.equal(ids({ cases: ['part@1/parquet/stream', 'part@1/parquet/stream'] }).length, 1);
});

test('repetitions come from the suite unless they are asked for', () => {
  assert.equal(makePlan({ ...NOTHING_CHOSEN, suite: 'peers' }, REGISTRY).steps.length, 42);
  assert.equal(makePlan({ ...NOTHING_CHOSEN, suite: 'peers', repeat: 2 }, REGISTRY).steps.length, 28);
});

test('unknown names are refused with the nearest ones', () => {
  assert.equal(
    refusal({ tables: ['linitem'] }),
    'Unknown table "linitem": expected one of region, nation, supplier, customer, part, partsupp, orders, lineitem, types, core-types, raw, pattern; did you mean "lineitem"?',
  );
  assert.equal(
    refusal({ suite: 'quik' }),
    'Unknown suite "quik": expected one of quick, smoke, peers, growth, ipc, batch-size, flush, commits, overlap, scale, js, crossing, raw, scan, nightly, gate; did you mean "quick"?',
  );
  assert.equal(
    refusal({ variants: ['zerocopy'] }),
    'Unknown variant "zerocopy": expected one of accumulate, stream, zero-copy, direct, all; did you mean "zero-copy"?',
  );
  assert.equal(
    refusal({ writers: ['parqet'] }),
    'Unknown writer "parqet": expected one of parquet, arrow, lance, tpchgen-cli, pylance, apache-arrow, parquet-wasm, raw, raw-native, raw-single, raw-pregenerated, raw-threads, raw-in-loop, raw-scripted, fio, fio-buffered; did you mean "parquet" or "parquet-wasm"?',
  );
  assert.equal(refusal({ formats: ['orc'] }), 'Unknown format "orc": expected one of parquet, arrow, lance, raw.');
  assert.equal(
    refusal({ suite: 'quick', tables: ['partsup'] }),
    'Unknown table "partsup": expected one of region, nation, supplier, customer, part, partsupp, orders, lineitem, types, core-types, raw, pattern; did you mean "partsupp"?',
  );
});

test('options are refused by what the writer declares', () => {
  const tables = ['part'];
  assert.equal(
    refusal({ tables, options: { writer: { compression: 'lz4' } } }),
    'Option compression of writer parquet cannot be "lz4": expected none or snappy or zstd.',
  );
  assert.equal(
    refusal({ tables, options: { writer: { rowGroupRows: 'many' } } }),
    'Option rowGroupRows of writer parquet cannot be "many": expected a whole number.',
  );
  assert.match(refusal({ tables, options: { writer: { rowgrouprow: 1 } } }), /did you mean "rowGroupRows"/);
  assert.equal(
    refusal({ tables, writers: ['tpchgen-cli'], source: 'prepared' }),
    'Writer tpchgen-cli takes no prepared batches: expected --source generated.',
  );
});

test('a case id that is none is refused', () => {
  assert.match(refusal({ cases: ['lineitem@1-parquet'] }), /^Unknown case "lineitem@1-parquet": expected table@scale/);
  assert.match(refusal({ cases: ['lineitem@0/parquet/stream'] }), /is not a number above 0/);
  assert.match(
    refusal({ cases: ['lineitem@1/tpchgen-cli/direct'] }),
    /^Writer tpchgen-cli does not declare variant direct: expected stream\.$/,
  );
});
