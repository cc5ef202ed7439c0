import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Facts } from '../../harness/types.js';
import { askWorker } from '../../harness/run/worker.js';
import { coreTypes } from '../../suites/tables/core-types.js';
import { types } from '../../suites/tables/types.js';
import { plainDigest } from '../digest/plain-digest.js';
import { plainColumns } from './plain-type.js';
import { plainTypes } from './plain-types.js';

const root = join(import.meta.dirname, '..', '..', '..');
const specification = readFileSync(join(root, 'native', 'engine', 'TYPES.md'), 'utf8');

async function nativeFacts(scale: number, index = 1, count = 1): Promise<Facts> {
  const question = { table: 'types', scale, part: { index, count }, threads: 1 };
  return (await askWorker('facts', question, { timeoutSeconds: 300 })) as Facts;
}

test('a thousand rows are those of the plain implementation: rows, order and every column', async () => {
  const [facts, plain] = await Promise.all([nativeFacts(0.001), plainDigest(plainTypes(specification, 1_000))]);
  assert.equal(facts.digest.columns.length, 73);
  assert.deepEqual(facts.digest.columns, plain.digest.columns);
  assert.deepEqual(facts.digest, plain.digest);
});

test('a part is the same rows of the plain implementation', async () => {
  const facts = await nativeFacts(0.001, 3, 4);
  const plain = await plainDigest(plainTypes(specification, 250, 500));
  assert.deepEqual(facts.digest, plain.digest);
});

test('core-types has the rows of types without five columns, as the plain implementation has them', async () => {
  const question = { table: 'core-types', scale: 0.001, part: { index: 1, count: 1 }, threads: 1 };
  const facts = (await askWorker('facts', question, { timeoutSeconds: 300 })) as Facts;
  const names = coreTypes.fields.map(({ name }) => name);
  const whole = plainTypes(specification, 1_000);
  const plain = await plainDigest({ ...whole, columns: whole.columns.filter(({ name }) => names.includes(name)) });
  assert.equal(whole.columns.length - names.length, 5);
  assert.deepEqual(facts.schema, coreTypes.fields);
  assert.deepEqual(facts.digest, plain.digest);
});

test('the registry has the columns of the specification and of the generator', async () => {
  const facts = await nativeFacts(0.001);
  assert.deepEqual(facts.schema, types.fields);
  const specified = plainColumns(specification);
  assert.deepEqual(
    specified.map(({ name, nulls }) => [name, nulls !== 'required']),
    types.fields.map(({ name, nullable }) => [name, nullable]),
  );
  assert.equal(facts.rows, types.rows(0.001));
});
