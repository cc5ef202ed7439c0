/** Dictionaries that change between batches, unified for a file; and the counted list of what no writer in JavaScript can store. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  Dictionary,
  Field,
  Float64,
  Int32,
  Int64,
  Int8,
  LargeBinary,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  tableFromIPC,
  Uint64,
  Utf8,
  vectorFromArray,
  type DataType,
  type Vector,
} from 'apache-arrow';
import { LIMITS } from '../../suites/writers/limits.js';
import { Dictionaries } from '../../suites/writers/modules/dictionaries.js';

type Values = readonly unknown[];

/** One column of dictionaries, whose batches each have a dictionary of their own; a key of null is a null. */
function batches(
  values: DataType,
  keys: Int8 | Int32 | Int64 | Uint64,
  all: readonly (readonly [Values, readonly (number | null)[]])[],
) {
  const type = new Dictionary(values, keys as Int32, 7);
  const schema = new Schema([new Field('d', type, true)]);
  return all.map(([entries, rows]) => {
    const nullBitmap = new Uint8Array(Math.ceil(rows.length / 8));
    rows.forEach((row, index) => {
      if (row !== null) nullBitmap[index >> 3] = (nullBitmap[index >> 3] ?? 0) | (1 << (index & 7));
    });
    const places = rows.map((row) => row ?? 99);
    const data = new keys.ArrayType(rows.length) as Int8Array;
    for (const [row, place] of places.entries()) data[row] = (keys.bitWidth === 64 ? BigInt(place) : place) as number;
    const nullCount = rows.filter((row) => row === null).length;
    const dictionary: Vector<DataType> = vectorFromArray<DataType>(entries, values);
    const column = makeData({ type, length: rows.length, nullCount, nullBitmap, data, dictionary });
    return new RecordBatch(
      schema,
      makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children: [column] }),
    );
  });
}

/** Through a file, and back. */
function throughFile(all: readonly RecordBatch[]): Values {
  const dictionaries = new Dictionaries();
  const writer = new RecordBatchFileWriter();
  for (const batch of all) writer.write(dictionaries.unified(batch));
  writer.close();
  const table = tableFromIPC(writer.toUint8Array(true));
  return [...(table.getChild('d') ?? [])];
}

test('text in other orders, with repeats, nulls, byte order marks and an empty first dictionary, comes back', () => {
  const all = batches(new Utf8(), new Int8(), [
    [[], []],
    [
      ['', 'é', 'b'],
      [2, null, 0, 1],
    ],
    [
      ['b', 'new', 'é', '\uFEFFb', 'newer', 'b'],
      [5, 4, 3, 2, 1, 0],
    ],
    [['b'], [0, null]],
  ]);
  // apache-arrow's reader takes a byte order mark at the start of a text away: so does it from the same text in any dictionary.
  assert.deepEqual(throughFile(all), ['b', null, '', 'é', 'b', 'newer', 'b', 'é', 'new', 'b', 'b', null]);
});

test('a text with a byte order mark is another value than the text without it', () => {
  const dictionaries = new Dictionaries();
  const columns = batches(new Utf8(), new Int8(), [
    [['b'], [0]],
    [['\uFEFFb'], [0]],
  ]).map((batch) => dictionaries.unified(batch).data.children[0]);
  const found = columns.map((column) => [...((column?.values ?? []) as Int8Array), column?.dictionary?.length]);
  assert.deepEqual(found, [
    [0, 1],
    [1, 2],
  ]);
});

test('integers beyond 2^53 are told apart', () => {
  const all = batches(new Int64(), new Int32(), [
    [
      [9007199254740992n, 1n],
      [0, 1],
    ],
    [
      [9007199254740993n, 9007199254740992n],
      [0, 1],
    ],
  ]);
  assert.deepEqual(throughFile(all), [9007199254740992n, 1n, 9007199254740993n, 9007199254740992n]);
});

test('keys of 64 bits are carried over too', () => {
  for (const keys of [new Int64(), new Uint64()]) {
    const dictionaries = new Dictionaries();
    const columns = batches(new Utf8(), keys, [
      [
        ['a', 'b'],
        [1, null, 0],
      ],
      [
        ['c', 'b'],
        [0, 1],
      ],
    ]).map((batch) => dictionaries.unified(batch).data.children[0]);
    const found = columns.map((column) => [...((column?.values ?? []) as BigInt64Array)]);
    assert.deepEqual(found, [
      [1n, 0n, 0n],
      [2n, 1n],
    ]);
  }
});

test('new values between known ones are one delta a batch', () => {
  const known = Array.from({ length: 100 }, (_, index) => `known ${index}`);
  const mixed = known.flatMap((text, index) => [text, index === 7 ? null : `new ${index}`]);
  const dictionaries = new Dictionaries();
  const [first, second] = batches(new Utf8(), new Int32(), [
    [known, [5]],
    [mixed, [4, 5, 14, 15, 198, 199]],
  ]).map((batch) => dictionaries.unified(batch).data.children[0]?.dictionary);
  assert.deepEqual(
    [first, second].map((vector) => vector?.data.map(({ length }) => length)),
    [[100], [100, 100]],
  );
  assert.deepEqual([...(second ?? [])], [...known, ...mixed.filter((_, index) => index % 2 === 1)]);
});

test('bytes and integers among known ones come back', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const all = batches(new LargeBinary(), new Int8(), [
    [[bytes('one'), bytes('two')], [1]],
    [
      [bytes('new'), bytes('one'), bytes(''), bytes('two')],
      [0, 1, 2, 3],
    ],
  ]);
  assert.deepEqual(throughFile(all), ['two', 'new', 'one', '', 'two'].map(bytes));
  const numbers = batches(new Int64(), new Int8(), [
    [[7n, 8n], [1]],
    [
      [9n, 7n, null, 8n],
      [0, 1, 2, 3],
    ],
  ]);
  assert.deepEqual(throughFile(numbers), [8n, 9n, 7n, null, 8n]);
});

test('128 values of an int8 dictionary fit, 129 are a sentence', () => {
  const words = (from: number, to: number): Values =>
    Array.from({ length: to - from }, (_, index) => `w${from + index}`);
  const fits = batches(new Utf8(), new Int8(), [
    [words(0, 100), [99]],
    [words(50, 128), [77]],
  ]);
  assert.deepEqual(throughFile(fits), ['w99', 'w127']);
  const over = batches(new Utf8(), new Int8(), [
    [words(0, 100), [99]],
    [words(50, 129), [77]],
  ]);
  assert.throws(
    () => throughFile(over),
    /^Error: column d: the dictionaries of its batches hold 129 values together, its keys of type Int8 can tell 128$/,
  );
});

test('a dictionary of floats is a sentence', () => {
  const all = batches(new Float64(), new Int8(), [[[-0], [0]]]);
  assert.throws(() => throughFile(all), /^Error: column d: a dictionary of Float64 cannot be carried /);
});

test('the limits of writers are counted', () => {
  assert.equal(LIMITS.length, 10);
  assert.deepEqual(
    LIMITS.filter(({ writer, type, reason }) => [writer, type, reason].includes('')),
    [],
  );
});
