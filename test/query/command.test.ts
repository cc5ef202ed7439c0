import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { loadTables } from '../../harness/query/load.js';
import { held, workspace, writeproof, type Ended } from '../cli/command.js';
import { departures } from '../records/schemas.js';
import { GATE, makeResults, REFUSED_NS } from './folder.js';

const { folder, remove } = workspace();
after(remove);
before(async () => makeResults(path.join(folder, 'results')));

const ask = async (sql: string, ...flags: readonly string[]): Promise<Ended> =>
  writeproof(folder, ['query', sql, ...flags]);

interface Answer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly leftOut: readonly string[];
  readonly results: readonly object[];
}

async function answer(sql: string): Promise<Answer> {
  const { code, stdout } = await ask(sql, '--json');
  const document = JSON.parse(stdout) as Answer;
  assert.deepEqual([code, ...departures('writeproof.query.v1', document)], [0]);
  return document;
}

test('records of every status are there, figures of verified ones only', async () => {
  const sql = `select status, durable_seconds, rows_per_second, disk_bytes, rows, reason from records
    where run like '%45Z-quick' order by position`;
  const { results } = await answer(sql);
  const none = { durable_seconds: null, rows_per_second: null, disk_bytes: null, rows: null };
  assert.deepEqual(results, [
    {
      status: 'verified',
      durable_seconds: 0.002,
      rows_per_second: 500_000,
      disk_bytes: 50_000,
      rows: 1000,
      reason: null,
    },
    {
      status: 'corrupt',
      ...none,
      reason: 'N rows read: expected 1000, found 0; M digest of whole rows: expected a, found b',
    },
    { status: 'failed', ...none, reason: 'in write (ENOSPC): full' },
    { status: 'crashed', ...none, reason: 'ended by SIGSEGV' },
    { status: 'timeout', ...none, reason: 'ended after 1 s' },
    { status: 'skipped', ...none, reason: 'no O_DIRECT' },
  ]);
});

test('a refused speed is in no column of any table', async () => {
  const { tables } = await loadTables(path.join(folder, 'results'));
  const cells = tables.flatMap(({ rows }) => rows.flat());
  const text = JSON.stringify(cells);
  assert.equal(tables.length === 8 && cells.length > 400, true);
  const digits = [String(REFUSED_NS), String(REFUSED_NS / 1e9)];
  assert.deepEqual(
    digits.map((figure) => text.includes(figure)),
    [false, false],
  );
});

test('findings, runs, gates, blocks, history and machines answer together', async () => {
  const { results } = await answer(`select
    (select string_agg(detector || ' ' || actual, ', ' order by number) from findings) as findings,
    (select string_agg(side || ' ' || status, ', ' order by side) from records where gate = '${GATE.id}') as sides,
    (select count(*) from runs where gate is null) as runs,
    (select sum(head_seconds - base_seconds) from gate_blocks join gates using (gate)) as slower,
    (select string_agg(coalesce(dropped, 'counts'), ', ' order by round, pair) from gate_blocks) as blocks,
    (select verdict || ' ' || interval_high from gate_lines) as line,
    (select count(*) from history join machines using (machine)) as nights,
    (select median(normalised) from history) as normalised`);
  assert.deepEqual(results, [
    {
      findings: 'N 0, M b',
      sides: 'base verified, head verified',
      runs: 2,
      slower: 2,
      blocks: 'counts, counts, the canary was slow',
      line: 'regression 1.2',
      nights: 2,
      normalised: 2,
    },
  ]);
});

test('what cannot be read is named, and left out', async () => {
  const { leftOut } = await answer('select 1');
  const without = leftOut.map((sentence) => sentence.replaceAll(folder, '').replace(/damaged: .*/, 'damaged'));
  assert.deepEqual(without, [
    'Line 2 of runs/2026-02-01T00-00-00Z-quick/records.jsonl is cut off and left out.',
    'runs/2026-02-02T00-00-00Z-quick is left out: run.json in /results/runs/2026-02-02T00-00-00Z-quick is damaged',
    'Line 3 of 2026-01.jsonl in the history is left out: schema is "writeproof.history.v7", expected writeproof.history.v1 or writeproof.history.v0.',
  ]);
});

test('a table on the terminal, and comma-separated values', async () => {
  const sql = `select status, 'a "quoted", ' as text, null as nothing, '' as empty from records where position < 3 and gate is null order by 1 desc limit 2`;
  const csv = await ask(sql, '--csv');
  assert.deepEqual(
    [csv.code, csv.stdout],
    [0, 'status,text,nothing,empty\r\nverified,"a ""quoted"", ",,""\r\nverified,"a ""quoted"", ",,""\n'],
  );
  const { stdout } = await ask('select count(*) as records from records');
  assert.match(stdout, /│ records │\n.*\n│ {7}9 │\n.*\n1 row\n$/);
});

test('what DuckDB refuses is said in its words, with the tables that there are', async () => {
  const wrong = await ask('select speed from records');
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /Referenced column "speed" not found in FROM clause!/);
  assert.match(
    wrong.stderr,
    /Tables: runs, records, .*, gate_blocks; "writeproof query --tables" has their columns\.\n$/,
  );
  const file = await ask("select * from read_csv('/etc/passwd')");
  assert.equal(file.code, 1);
  assert.match(file.stderr, /file system operations are disabled/);
});

test('misuse is a sentence each', async () => {
  const before = held(folder);
  const words = [
    ['query'],
    ['query', ' '],
    ['query', 'select 1', '--json', '--csv'],
    ['query', 'select 1', '--results', 'none'],
  ];
  const ends = await Promise.all(words.map(async (argv) => writeproof(folder, argv)));
  assert.deepEqual(
    ends.map(({ code, stderr }) => [code, stderr.trim()]),
    [
      [1, 'There is no query: expected SQL such as "select * from runs", or --tables.'],
      [1, 'There is no query: expected SQL such as "select * from runs", or --tables.'],
      [1, '--json and --csv are two documents: expected one of them.'],
      [1, '--results none does not exist: expected a folder with runs, gates or history; "writeproof run" makes one.'],
    ],
  );
  const twice = await ask('select 1 as a, 2 as a', '--json');
  assert.deepEqual(
    [twice.code, twice.stderr.trim().split('\n').at(-1)],
    [1, 'Column "a" is there twice, and a JSON object holds it once: name one of them by "as".'],
  );
  assert.deepEqual(held(folder), before);
});

test('tables and columns are listed with what they mean', async () => {
  const text = await writeproof(folder, ['query', '--tables']);
  assert.equal(text.code, 0);
  assert.match(text.stdout, /findings: one row for each thing that is wrong/);
  const { code, stdout } = await writeproof(folder, ['query', '--tables', '--json']);
  const document = JSON.parse(stdout) as Answer;
  assert.deepEqual([code, ...departures('writeproof.query.v1', document)], [0]);
  assert.deepEqual(document.results[0], { table: 'runs', column: 'run', type: 'VARCHAR', meaning: 'its id' });
});
