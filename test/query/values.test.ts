import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '../../harness/query/database.js';
import type { Table } from '../../harness/query/table.js';

const rowsOf = async (sql: string): Promise<unknown> => (await ask([], sql)).rows;

test('values of every kind come as they are, and exactly', async () => {
  const sql = `select * from (values
    (true, 1::tinyint, -2::smallint, 3, 9007199254740991, 9007199254740992, 170141183460469231731687303715884105727::hugeint,
     1.5::float, 0.1::double, 1.50::decimal(9, 2), -0.05::decimal(3, 2), 12345678901234567890.12::decimal(38, 2),
     'short', 'longer than twelve bytes, with ü', timestamp '2026-01-31 12:30:45.5', date '1969-12-31', 'nan'::double),
    (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null))`;
  assert.deepEqual(await rowsOf(sql), [
    [
      true,
      1,
      -2,
      3,
      9007199254740991,
      '9007199254740992',
      '170141183460469231731687303715884105727',
      1.5,
      0.1,
      1.5,
      -0.05,
      '12345678901234567890.12',
      'short',
      'longer than twelve bytes, with ü',
      '2026-01-31T12:30:45.500Z',
      '1969-12-31',
      'NaN',
    ],
    Array.from({ length: 17 }, () => null),
  ]);
});

test('more rows than a chunk of DuckDB come in their order, nulls where they were', async () => {
  const { rows } = await ask([], 'select case when i % 3 = 0 then null else i end from range(5000) t(i) order by i');
  const expected = Array.from({ length: 5000 }, (_, i) => [i % 3 === 0 ? null : i]);
  assert.deepEqual(rows, expected);
});

test('what has no plain value is refused, with what to do', async () => {
  await assert.rejects(ask([], 'select [1, 2] as pair'), {
    name: 'Misuse',
    message: 'Column "pair" is of type LIST, expected a number, text, time or boolean: write it as (…)::varchar.',
  });
  assert.deepEqual(await rowsOf('select [1, 2]::varchar'), [['[1, 2]']]);
});

test('cells of every type are appended as they are', async () => {
  const table: Table = {
    name: 'things',
    about: '',
    columns: [
      { name: 'a', type: 'VARCHAR', meaning: '' },
      { name: 'b', type: 'BIGINT', meaning: '' },
      { name: 'c', type: 'DOUBLE', meaning: '' },
      { name: 'd', type: 'BOOLEAN', meaning: '' },
      { name: 'e', type: 'TIMESTAMP', meaning: '' },
    ],
    rows: [
      ['it\'s "text"\n', 2 ** 53 - 1, 0.1, false, '2026-01-31T12:30:45.123Z'],
      [null, null, null, null, null],
    ],
  };
  const { rows } = await ask([table], 'select * from things');
  assert.deepEqual(rows, table.rows);
});

const FORBIDDEN = [
  "select * from read_csv('/etc/passwd')",
  "select * from '/etc/passwd'",
  "select * from read_text('/etc/hostname')",
  "copy (select 1) to 'somewhere.csv'",
  "attach 'somewhere.db'",
  'install httpfs',
  'load httpfs',
  'set enable_external_access = true',
  "set memory_limit = '100GB'",
  "export database 'somewhere'",
  "select * from glob('/*')",
];

test('no file, extension or setting can be reached', async () => {
  const refusals: string[] = [];
  for (const sql of FORBIDDEN) {
    refusals.push(
      await ask([], sql).then(
        () => 'answered',
        (error: unknown) => (error as Error).name,
      ),
    );
  }
  assert.deepEqual(
    refusals,
    FORBIDDEN.map(() => 'Misuse'),
  );
});

test('a query that needs more memory than there is ends with a sentence', async () => {
  const sql = 'select max(len(t)) from (select list(i) as t from range(500000000) s(i))';
  await assert.rejects(ask([], sql), { name: 'Misuse', message: /Out of Memory/ });
});
