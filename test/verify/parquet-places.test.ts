/** Statistics of every kind of leaf, and places of pages: what the footer claims against what was read. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DescribedTable, DescribedType, DescribedValue } from '../digest/described.js';
import { judge, letters } from './described-file.js';

const footerStart = (bytes: Buffer): number => bytes.length - 8 - bytes.readUInt32LE(bytes.length - 8);

/** Adds one to the byte of `needle` at `index`, wherever it stands in the footer; the values stay. */
const nudged =
  (needle: Buffer, index: number) =>
  (bytes: Buffer): void => {
    let found = 0;
    for (let at = bytes.indexOf(needle, footerStart(bytes)); at >= 0; at = bytes.indexOf(needle, at + 1)) {
      bytes[at + index] = ((bytes[at + index] ?? 0) + 1) % 256;
      found += 1;
    }
    assert.ok(found > 0, 'the footer holds the value');
  };

const longBytes = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
};

/** A type, its largest value, how statistics hold it, and the byte of that which counts least. */
const LEAVES: readonly (readonly [
  DescribedType,
  DescribedValue,
  Buffer,
  number,
  ((value: DescribedValue) => DescribedValue)?,
])[] = [
  ['uint64', '17000000000000000001', longBytes(17000000000000000001n), 0],
  ['timestamp(ns, UTC)', '7000000000000000001', longBytes(7000000000000000001n), 0],
  ['duration(s)', '7000000000000000003', longBytes(7000000000000000003n), 0],
  ['float64', '40c81cd6e631f8a1', Buffer.from('40c81cd6e631f8a1', 'hex').reverse(), 0],
  [
    'decimal128(38, 10)',
    '98765432109876543210987654321',
    Buffer.from(`00000000${98765432109876543210987654321n.toString(16)}`.slice(-32).padStart(32, '0'), 'hex'),
    15,
  ],
  ['binary', '7a7a2d64697374696e6374', Buffer.from('zz-distinct'), 3],
  ['fixed_size_binary(16)', 'fe'.repeat(16), Buffer.alloc(16, 0xfe), 15],
  [{ list: 'int64' }, ['7000000000000000007'], longBytes(7000000000000000007n), 0],
  [{ struct: ['utf8'] }, ['zz-inside'], Buffer.from('zz-inside'), 3],
  [{ map: ['utf8', 'int64'] }, [['zz-key', '5']], Buffer.from('zz-key'), 3],
];

test('P: a maximum that is wrong, with right values, whatever the leaf', async () => {
  const found: string[] = [];
  for (const [type, value, needle, index] of LEAVES) {
    const table: DescribedTable = { columns: [{ name: 'c', type, values: [value, null, value] }] };
    const honest = await judge(table);
    const lying = await judge(table, {}, table, undefined, nudged(needle, index));
    const what = lying.observation.findings[0]?.what ?? 'nothing';
    found.push(
      `${letters(honest)}${letters(lying)} ${/^(min|max) of row group 0, column c/.test(what) ? 'bound' : what}`,
    );
  }
  assert.deepEqual(
    found,
    LEAVES.map(() => 'P bound'),
  );
});

test('P: floats that are all NaN have NaN bounds, and a count of them', async () => {
  const table: DescribedTable = {
    columns: [{ name: 'c', type: 'float64', values: ['7ff8000000000001', 'fff8000000000001', null] }],
  };
  const judged = await judge(table);
  assert.equal(letters(judged), '', JSON.stringify(judged.observation.findings));
  const needle = Buffer.from('010000000000f87f', 'hex');
  const lying = await judge(table, {}, table, undefined, (bytes) => {
    const at = bytes.indexOf(needle, footerStart(bytes));
    assert.ok(at > 0, 'the footer holds the NaN');
    bytes.writeDoubleLE(1.5, at);
  });
  assert.equal(letters(lying), 'P', JSON.stringify(lying.observation.findings));
});

/** Many pages: arrow-rs ends one after 20,000 rows. */
const PAGED: DescribedTable = {
  columns: [
    { name: 'c', type: 'int64', values: Array.from({ length: 45_000 }, (_, row) => String(row * 7919)) },
    { name: 'd', type: { list: 'int32' }, values: Array.from({ length: 45_000 }, (_, row) => [String(row), '1']) },
  ],
};

test('the places of pages are those that were read', async () => {
  const judged = await judge(PAGED, { dictionary: false });
  assert.equal(letters(judged), '', JSON.stringify(judged.observation.findings));
});

test('X: an offset index that points beside its pages, with right values', async () => {
  const judged = await judge(PAGED, { dictionary: false, compression: 'none' }, PAGED, undefined, (bytes) => {
    // The second page of c begins in row 20,000: the row's number as the index writes it, a zigzag varint.
    const zigzag = Buffer.from([0xc0, 0xb8, 0x02]);
    const at = bytes.lastIndexOf(zigzag, footerStart(bytes));
    assert.ok(at > 0, 'the index holds the row');
    bytes[at] = (bytes[at] ?? 0) + 2;
  });
  assert.equal(letters(judged), 'X', JSON.stringify(judged.observation.findings));
  assert.match(judged.observation.findings[0]?.what ?? '', /^offset index of row group 0, column /);
});
