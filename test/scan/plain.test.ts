/** What the entity store says that queries must give, beside rows that a plain implementation makes and filters. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addon, type ColumnBuffers } from '../../harness/native.js';
import { entityStore } from '../../harness/scan/entity-store.js';
import type { Digest } from '../../harness/types.js';
import { ENTITY_SEED } from '../../suites/scans/entities.js';
import { QUERIES, type Query } from '../../suites/scans/queries.js';
import { Entities, type Value } from './plain-entities.js';

/** Enough that every query gives rows. */
const ROWS = 4000;

type Test = (value: Value, asked: Value) => boolean;

const TESTS: Readonly<{ [op: string]: Test }> = {
  '=': (value, asked) => value === asked,
  '>': (value, asked) => value !== null && asked !== null && value > asked,
};

function passes(entities: Entities, row: number, { filter }: Query): boolean {
  const conditions = filter === undefined ? [] : 'and' in filter ? filter.and : [filter];
  return conditions.every((condition) => {
    const place = entities.columns.findIndex(({ name }) => name === condition.column);
    const value = entities.value(row, place);
    const run = TESTS[condition.op];
    if (run === undefined || !('value' in condition)) throw new RangeError(`no test for ${condition.op}`);
    return run(typeof value === 'bigint' ? Number(value) : value, condition.value);
  });
}

function rowsOf(entities: Entities, query: Query): readonly number[] {
  const all = Array.from({ length: ROWS }, (_, row) => row).filter(
    (row) =>
      !entities.isDeleted(row) &&
      passes(entities, row, query) &&
      (query.prefix === undefined || `${String(entities.value(row, 1))}/`.startsWith(query.prefix)),
  );
  return all.slice(0, query.limit ?? ROWS);
}

function textBuffers(values: readonly Value[]): ColumnBuffers {
  const bytes = values.map((value) => Buffer.from(typeof value === 'string' ? value : ''));
  const offsets = new Int32Array(bytes.length + 1);
  for (const [index, text] of bytes.entries()) offsets[index + 1] = (offsets[index] ?? 0) + text.length;
  return { bytes: Buffer.concat(bytes), offsets };
}

function buffersOf(type: string, values: readonly Value[]): ColumnBuffers {
  const validity = Uint8Array.from(values, (value) => (value === null ? 0 : 1));
  switch (type) {
    case 'utf8':
      return { ...textBuffers(values), validity };
    case 'bool':
      return { fixed: Uint8Array.from(values, (value) => (value === true ? 1 : 0)), validity };
    case 'float64':
      return { fixed: new Uint8Array(Float64Array.from(values, (value) => Number(value)).buffer), validity };
    case 'int32':
    case 'date32':
      return { ints: Int32Array.from(values, (value) => Number(value)), validity };
    default:
      return { longs: BigInt64Array.from(values, (value) => (typeof value === 'bigint' ? value : 0n)), validity };
  }
}

function plainDigest(entities: Entities, query: Query): Digest {
  const names = query.columns ?? entities.columns.map(({ name }) => name);
  const chosen = names.map((name) => entities.columns.findIndex((column) => column.name === name));
  const rows = rowsOf(entities, query);
  const fields = chosen.map((place) => {
    const column = entities.columns[place];
    assert.ok(column);
    return { name: column.name, type: column.type, nullable: column.nullIn > 0n };
  });
  const digester = new (addon().ColumnDigester)(JSON.stringify(fields), 0);
  digester.push(
    fields.map(({ type }, index) =>
      buffersOf(
        type,
        rows.map((row) => entities.value(row, chosen[index] ?? -1)),
      ),
    ),
  );
  return JSON.parse(digester.finish()) as Digest;
}

const essence = ({ rows, multiset, order }: Digest): readonly unknown[] => [rows, multiset, order];

for (const columns of [10, 20]) {
  test(`what queries of ${columns} columns must give is what a plain implementation gives`, () => {
    const entities = new Entities(ROWS, columns, ENTITY_SEED);
    const definition = JSON.stringify({ rows: ROWS, columns, seed: ENTITY_SEED });
    const found = QUERIES.map(({ name, query }) => {
      const expected = entityStore().expectedDigest(definition, JSON.stringify(query(ROWS)));
      return [name, essence(JSON.parse(expected) as Digest)];
    });
    const plain = QUERIES.map(({ name, query }) => [name, essence(plainDigest(entities, query(ROWS)))]);
    assert.deepEqual(found, plain);
    // Every query gives rows: a digest of none would prove nothing.
    assert.deepEqual(
      QUERIES.filter(({ query }) => rowsOf(entities, query(ROWS)).length === 0).map(({ name }) => name),
      [],
    );
  });
}
