/** Every type of Parquet's, written by our writer: no finding where the file is right, and the right one where it is not. */

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Field } from '../../harness/types.js';
import { LOSSES, lossesOf, NOT_HELD, notHeld } from '../../harness/verify/renditions.js';
import { parseArrowType } from '../../harness/verify/arrow-type.js';
import type { DescribedColumn, DescribedTable, DescribedValue } from '../digest/described.js';
import { randomTable } from '../digest/random-table.js';
import { judge, letters, writeTable, type Judged, type Options } from './described-file.js';
import { EDGE_COLUMNS, repeated } from './edge-columns.js';

const ROWS = 33;

const all = ({ observation }: Judged): string => JSON.stringify(observation.findings.slice(0, 8), null, 1);

/** All edge columns in one table: batches without rows among them, and all of them slices. */
const EVERYTHING: DescribedTable = {
  columns: EDGE_COLUMNS.map((column) => repeated(column, ROWS + 9)),
  skip: 9,
  chunks: [0, 1, 8, 0, 13],
};

/** Names of the columns in findings of one detector whose text matches. */
function columnsOf({ observation }: Judged, detector: string, what: RegExp): readonly string[] {
  const found = observation.findings.filter((one) => one.detector === detector);
  return [...new Set(found.flatMap((one) => what.exec(one.what)?.[1] ?? []))].sort();
}

test('every type by its name is verified, in every layout', async () => {
  const wrong: string[] = [];
  let verified = 0;
  for (const column of EDGE_COLUMNS) {
    const judged = await judge({ columns: [repeated(column, ROWS)] });
    if (letters(judged) === '') verified += 1;
    else wrong.push(`${column.name}: ${all(judged)}`);
  }
  assert.deepEqual(wrong, []);
  assert.equal(verified, 90);
});

test('all types in one file are verified, whatever the settings', async () => {
  const settings: readonly Options[] = [
    {},
    { rowGroupRows: 7, threads: 3, compression: 'zstd' },
    { rowGroupRows: 10, dictionary: true, statistics: 'page', compression: 'none' },
    { rowGroupRows: 1, dictionary: false, threads: 2, batching: 'at_close' },
    { io: 'direct', statistics: false },
  ];
  const found = [];
  for (const options of settings) {
    const judged = await judge(EVERYTHING, options);
    found.push([
      letters(judged),
      judged.observation.rows,
      judged.observation.readers.map(({ reader }) => reader).join(),
    ]);
  }
  assert.deepEqual(
    found,
    settings.map(() => ['', ROWS, 'hyparquet,duckdb']),
  );
});

test('what one reader alone carries is in the notes', async () => {
  const { observation } = await judge(EVERYTHING);
  const note = observation.notes.find((one) => one.startsWith('hyparquet alone read ')) ?? '';
  const wide = EDGE_COLUMNS.filter(({ type }) => /null|decimal256\(76|timestamp\(ns, /.test(JSON.stringify(type)));
  assert.equal(wide.length, 10);
  assert.deepEqual(
    wide.filter(({ name }) => !note.includes(`${name} (`)),
    [],
  );
  assert.match(note, /; rows and order of the other 80 columns are those of duckdb too$/);
});

/** Each column with another value in one row. */
function changed(table: DescribedTable, pick: (values: readonly DescribedValue[]) => DescribedValue): DescribedTable {
  const row = (table.skip ?? 0) + 20;
  const change = (column: DescribedColumn): DescribedColumn => {
    const { values } = column;
    const own = JSON.stringify(values[row]);
    const other = values.filter((value) => JSON.stringify(value) !== own);
    return { ...column, values: values.map((value, index) => (index === row ? pick(other) : value)) };
  };
  return { ...table, columns: table.columns.map(change) };
}

test('one other value in each column is seen in each column, by both readers', async () => {
  const written = changed(EVERYTHING, (values) => values.find((value) => value !== null) ?? null);
  const judged = await judge(written, { rowGroupRows: 7 }, EVERYTHING);
  const changing = EDGE_COLUMNS.filter(({ type }) => type !== 'null').map(({ name }) => name);
  assert.equal(letters(judged), 'CMOX', all(judged));
  assert.deepEqual(columnsOf(judged, 'C', /^column (.*)$/), [...changing].sort());
  const byDuckdb = columnsOf(judged, 'X', /^sum of column (.*) by duckdb$/);
  const carried = changing.filter((name) => !/null|decimal256\(76|timestamp\(ns, /.test(name));
  assert.deepEqual(byDuckdb, [...carried].sort());
  assert.equal(carried.length, 80);
});

test('one null more or less in each column is seen in each column', async () => {
  const written = changed(EVERYTHING, (values) => (values.includes(null) ? null : (values[0] ?? null)));
  const judged = await judge(written, {}, EVERYTHING);
  const changing = EDGE_COLUMNS.filter(({ type }) => type !== 'null').map(({ name }) => name);
  assert.match(letters(judged), /^CMOX$/, all(judged));
  assert.deepEqual(columnsOf(judged, 'C', /^column (.*)$/), [...changing].sort());
});

test('two rows that changed places are seen by their order alone', async () => {
  const swap = (column: DescribedColumn): DescribedColumn => {
    const values = [...column.values];
    [values[20], values[21]] = [values[21] ?? null, values[20] ?? null];
    return { ...column, values };
  };
  const judged = await judge({ ...EVERYTHING, columns: EVERYTHING.columns.map(swap) }, {}, EVERYTHING);
  assert.equal(letters(judged), 'O', all(judged));
});

/** Another type for each, of which the Parquet schema says what is in front of the bar, and the Arrow schema all. */
const OTHER_TYPES: readonly (readonly [from: string, to: string, inParquet: boolean])[] = [
  ['timestamp[us, UTC]', 'timestamp[us]', true],
  ['timestamp[us]', 'timestamp[us, UTC]', true],
  ['timestamp[us, Europe/Berlin]', 'timestamp[us, UTC]', false],
  ['timestamp[us, +05:30]', 'timestamp[us, Europe/Berlin]', false],
  ['timestamp[ms]', 'timestamp[us]', true],
  ['timestamp[s]', 'int64', false],
  ['duration[s]', 'duration[ms]', false],
  ['time32[s]', 'int32', false],
  ['time64[us]', 'time64[ns]', true],
  ['decimal128(38, 10)', 'decimal128(38, 9)', true],
  ['decimal128(15, 2)', 'decimal128(14, 2)', true],
  ['decimal32(9, 2)', 'decimal64(9, 2)', false],
  ['int8', 'uint8', true],
  ['uint32', 'int32', true],
  ['float16', 'fixed_size_binary(2)', true],
  ['fixed_size_binary(16)', 'binary', true],
  ['large_utf8', 'utf8', false],
  ['utf8_view', 'large_utf8', false],
  ['utf8', 'binary', true],
  ['dictionary<int16, utf8>', 'dictionary<int8, utf8>', false],
  ['dictionary<int16, utf8>', 'utf8', false],
  ['list<item: int32>', 'list<item: int32 not null>', true],
  ['list<item: int32>', 'large_list<item: int32>', false],
  ['fixed_size_list<item: int32, 2>', 'fixed_size_list<item: int32, 3>', false],
  ['struct<f0: int32, f1: utf8>', 'struct<f0: int32, f2: utf8>', true],
  ['struct<f0: int32, f1: utf8>', 'struct<f0: int32, f1: utf8 not null>', true],
  [
    'map<entries: struct<keys: utf8 not null, values: int32> not null>',
    'map<entries: struct<keys: utf8 not null, values: int64> not null>',
    true,
  ],
  [
    'map<entries: struct<keys: utf8 not null, values: int32> not null>',
    'map<entries: struct<keys: utf8 not null, values: int32> not null, sorted>',
    false,
  ],
  [
    'list<item: list<item: struct<f0: int8, f1: float16, f2: list<item: bool>>>>',
    'list<item: list<item: struct<f0: int8, f1: float16, f2: list<item: bool not null>>>>',
    true,
  ],
];

test('another unit, zone, scale, width, name or nullability, at any depth, is a finding of S and of nothing else', async () => {
  const wrong: string[] = [];
  for (const [from, to, inParquet] of OTHER_TYPES) {
    let position = -1;
    const alter = (schema: readonly Field[]): readonly Field[] => {
      position = schema.findIndex(({ type }) => type === from);
      return schema.map((field, index) => (index === position ? { ...field, type: to } : field));
    };
    const judged = await judge(EVERYTHING, {}, EVERYTHING, alter);
    const places = judged.observation.findings.map(({ detector, what }) => `${detector} ${what}`);
    const name = `column ${position + 1}`;
    const expected = [...(inParquet ? [`S ${name}`] : []), `S ${name} in ARROW:schema`];
    if (position < 0 || places.join() !== expected.join()) wrong.push(`${from} as ${to}: ${places.join()}`);
  }
  assert.deepEqual(wrong, []);
  assert.equal(OTHER_TYPES.length, 29);
});

test('a type whose values have other bytes is a finding of S, and of their digests', async () => {
  const others = new Map([
    ['date64', 'int64'],
    ['decimal256(20, 3)', 'decimal128(20, 3)'],
    ['interval[day_time]', 'interval[year_month]'],
  ]);
  const judged = await judge(EVERYTHING, {}, EVERYTHING, (schema) =>
    schema.map((field) => ({ ...field, type: others.get(field.type) ?? field.type })),
  );
  assert.equal(columnsOf(judged, 'S', /^(column \d+ in ARROW:schema)$/).length, 3);
  assert.match(letters(judged), /M.*S/);
});

test('a name and the nullable flag of a column are findings of S', async () => {
  const judged = await judge(EVERYTHING, {}, EVERYTHING, (schema) =>
    schema.map((field, index) =>
      index === 1 ? { ...field, name: 'other' } : index === 2 ? { ...field, nullable: false } : field,
    ),
  );
  assert.deepEqual(
    judged.observation.findings.map(({ detector, what }) => `${detector} ${what}`).filter((one) => one.startsWith('S')),
    ['S column 2', 'S column 3', 'S column 2 in ARROW:schema', 'S column 3 in ARROW:schema'],
  );
});

test('without the Arrow schema the file is verified, and a note says what it does not say', async () => {
  const { observation } = await judge(EVERYTHING, {}, EVERYTHING, undefined, (bytes) => {
    const at = bytes.lastIndexOf('ARROW:schema');
    assert.ok(at > 0);
    bytes.write('ARROW:nothin', at);
  });
  assert.deepEqual(observation.findings, []);
  const note = observation.notes.find((one) => one.startsWith('without ARROW:schema')) ?? '';
  const named = LOSSES.filter(({ what }) => note.includes(`${what} (`));
  assert.deepEqual(
    LOSSES.filter((loss) => !named.includes(loss)).map(({ what }) => what),
    ['that keys are sorted'],
  );
  assert.equal(LOSSES.length, 12);
});

test('a type that the Parquet schema alone cannot name has a declared loss', () => {
  assert.deepEqual(lossesOf(parseArrowType('list<item: dictionary<int8, large_utf8>>')), [
    'the width of offsets and views',
    'dictionaries',
  ]);
  assert.deepEqual(lossesOf(parseArrowType('struct<a: int64, b: timestamp[us, UTC]>')), []);
});

test('what Parquet cannot hold is declared, and refused by the writer with the same reason', async () => {
  const refused: readonly (readonly [string, string, DescribedValue])[] = [
    ['interval(month_day_nano)', 'interval[month_day_nano]', ['1', '2', '3']],
    ['decimal128(38, -3)', 'decimal128(38, -3)', '5'],
    ['fixed_size_binary(0)', 'fixed_size_binary(0)', ''],
  ];
  const directory = await mkdtemp(path.join(tmpdir(), 'writeproof-refused-'));
  const answers = refused.map(([type, name, value]) => {
    const table: DescribedTable = { columns: [{ name: 'c', type: { list: type }, values: [[value]] }] };
    const answer = writeTable(path.join(directory, 'c.parquet'), table, {});
    const declared = notHeld(parseArrowType(`list<item: ${name}>`))?.replace(/^.*: /, '') ?? 'not declared';
    return (
      'error' in answer &&
      answer.error.startsWith('Parquet error: column c: Parquet cannot hold') &&
      answer.error.endsWith(declared)
    );
  });
  const left = await readdir(directory);
  await rm(directory, { recursive: true });
  assert.deepEqual(answers, [true, true, true]);
  assert.deepEqual(left, []);
  assert.equal(NOT_HELD.length, 4);
});

test('random tables are verified', async (context) => {
  const seed = Number(process.env['WRITEPROOF_SEED'] ?? Date.now() % 2 ** 31);
  context.diagnostic(`WRITEPROOF_SEED=${seed}`);
  const isHeld = ({ type }: DescribedColumn): boolean => !/month_day_nano|, -3\)/.test(JSON.stringify(type));
  const tables = fc.sample(randomTable, { seed, numRuns: 60 }).map((table) => {
    const columns = table.columns.filter(isHeld).map((column, index) => ({ ...column, name: `c${index}` }));
    return { ...table, columns, firstRow: 0 };
  });
  const judgeable = tables.filter(({ columns, skip = 0 }) => (columns[0]?.values.length ?? 0) > skip);
  const wrong: string[] = [];
  for (const table of judgeable) {
    const judged = await judge(table, { rowGroupRows: 7, threads: 2 });
    if (letters(judged) !== '') wrong.push(`${JSON.stringify(table.columns.map(({ type }) => type))}: ${all(judged)}`);
  }
  assert.deepEqual(wrong, []);
  assert.ok(judgeable.length > 40, `${judgeable.length} tables have rows`);
});
