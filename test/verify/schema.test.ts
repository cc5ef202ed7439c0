import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FileMetaData, SchemaElement } from 'hyparquet';
import { sizeFindings, smallestBytes } from '../../harness/verify/size.js';
import { fieldsOf } from '../../harness/verify/schema.js';
import { facts } from './fixture.js';

test('types are named as Arrow names them', () => {
  const elements: readonly (readonly [Partial<SchemaElement>, string])[] = [
    [{ type: 'INT64' }, 'int64'],
    [{ type: 'INT32' }, 'int32'],
    [{ type: 'INT32', converted_type: 'UINT_8' }, 'uint8'],
    [{ type: 'INT32', logical_type: { type: 'INTEGER', bitWidth: 16, isSigned: true } }, 'int16'],
    [{ type: 'INT32', converted_type: 'DATE' }, 'date32'],
    [{ type: 'INT32', logical_type: { type: 'DATE' } }, 'date32'],
    [{ type: 'BYTE_ARRAY' }, 'binary'],
    [{ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, 'utf8'],
    [{ type: 'BYTE_ARRAY', converted_type: 'JSON' }, 'BYTE_ARRAY JSON'],
    [{ type: 'INT64', converted_type: 'DECIMAL', precision: 15, scale: 2 }, 'decimal128(15, 2)'],
    [
      { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 7, logical_type: { type: 'DECIMAL', precision: 15, scale: 2 } },
      'decimal128(15, 2)',
    ],
    [
      { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 20, converted_type: 'DECIMAL', precision: 40, scale: 2 },
      'decimal256(40, 2)',
    ],
    [{ type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } }, 'timestamp[us]'],
    [
      { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'NANOS' } },
      'timestamp[ns, UTC]',
    ],
    [{ type: 'BOOLEAN' }, 'bool'],
  ];
  const schema = elements.map(([element]) => ({ name: 'column', ...element }));
  const root = { name: 'root', num_children: schema.length };
  const metadata: FileMetaData = {
    version: 2,
    schema: [root, ...schema],
    num_rows: 0n,
    row_groups: [],
    metadata_length: 0,
  };
  const named = fieldsOf(metadata).map(({ type }) => type);
  assert.deepEqual(
    named,
    elements.map(([, name]) => name),
  );
});

test('the smallest plausible file is one two-hundredth of the values that vary', () => {
  const { digest } = facts();
  const one = digest.columns[0];
  assert.ok(one !== undefined);
  const constant = { ...one, name: 'constant', min: '1', max: '1', bytes: 1_000_000 };
  const varying = { ...one, name: 'varying', min: '1', max: '2', bytes: 1_000_000 };
  assert.equal(smallestBytes({ ...facts(), digest: { ...digest, columns: [constant] } }), 1);
  assert.equal(smallestBytes({ ...facts(), digest: { ...digest, columns: [constant, varying] } }), 5000);
});

test('a small file is none to complain of where its rows were read back', () => {
  const expected = facts();
  const { digest, rows } = expected;
  const smallest = smallestBytes(expected);
  const read = { rows, digest, ns: 1 };
  const readings = [null, { ...read, rows: rows - 1 }, { ...read, digest: { ...digest, order: 'another' } }, read];
  assert.deepEqual(
    readings.map((reading) => sizeFindings(expected, smallest - 1, reading).map(({ detector }) => detector)),
    [['Z'], ['Z'], ['Z'], []],
  );
  assert.deepEqual(sizeFindings(expected, smallest, null), []);
});
