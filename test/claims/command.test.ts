/** The whole way at a tiny scale: plan, workers, verify processes, records, results. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ClaimResult } from '../../harness/claims/results.js';
import { SYSTEMS } from '../../suites/claims/index.js';
import { writeproof, type Ended } from '../cli/command.js';
import { freshFolder, PATIENCE_MS } from '../fixtures.js';
import { departures } from '../records/schemas.js';

const TINY = fileURLToPath(new URL('tiny.js', import.meta.url));
const folder = freshFolder();

async function tiny(argv: readonly string[], environment: object = {}): Promise<Ended> {
  const options = { cwd: folder, env: { ...process.env, NO_COLOR: '1', ...environment }, timeout: PATIENCE_MS };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [TINY, 'claims', ...argv], options, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

interface Document {
  readonly run: string | null;
  readonly results: readonly ClaimResult[];
}

let ended: Ended;
let document: Document;

before(async () => {
  ended = await tiny(['--claim', 'T1,T2', '--json']);
  document = JSON.parse(ended.stdout) as Document;
});

test('claims runs what it needs and gives a document of its schema', () => {
  assert.equal(ended.code, 0, ended.stderr);
  assert.deepEqual(departures('writeproof.claims.v1', document), []);
  const [ratio, rows, ...more] = document.results;
  assert.ok(ratio !== undefined && rows !== undefined && more.length === 0);
  assert.deepEqual([rows.measured, rows.ratio, rows.holds, rows.repetitions], [15_000, 1, 'yes', 3]);
  assert.equal(typeof ratio.measured, 'number');
  assert.equal(ratio.repetitions, 3);
  assert.equal((ratio.measured ?? 0) > 0, true);
});

test('it says first how long it will take', () => {
  assert.match(ended.stderr, /^2 claims, 3 cases, 9 runs of a worker: about 1 minute \(at [\d,]+ rows\/s /);
});

test('the lie is corrupt, and what it would have reported is refused', () => {
  const [lie, ...more] = document.results[0]?.faults ?? [];
  assert.ok(lie !== undefined && more.length === 0);
  assert.deepEqual(
    [lie.status, lie.refused?.rows, lie.refused?.repetitions, lie.case],
    ['corrupt', 15_000, 3, 'orders@0.01/faulty-parquet/stream;fault=drop-everything'],
  );
  assert.equal(lie.detectors.includes('N'), true);
  assert.equal(typeof lie.refused?.measured, 'number');
});

test('--from reads that run and measures nothing', async () => {
  const runs = readdirSync(path.join(folder, 'results', 'runs'));
  const again = await tiny(['--claim', 'T1,T2', '--from', 'last', '--json']);
  assert.deepEqual([again.code, again.stderr], [0, '']);
  assert.deepEqual(JSON.parse(again.stdout), document);
  assert.deepEqual(readdirSync(path.join(folder, 'results', 'runs')), runs);
});

test('text and Markdown stand beside each other, struck out only where it can be seen', async () => {
  const [text, marked] = await Promise.all([
    tiny(['--claim', 'T1', '--from', 'last']),
    tiny(['--claim', 'T1', '--from', 'last', '--to', 'md']),
  ]);
  assert.match(text.stdout, /\d× in [\d.]+ ms \(refused\)/);
  assert.match(marked.stdout, /~~[\d.]+× in [\d.]+ ms~~ \(refused\)/);
  assert.match(text.stdout, /\n1 claim: .*; 1 of 1 fault refused\n$/);
  assert.deepEqual([text.code, marked.code, text.stdout.includes('~~')], [0, 0, false]);
});

test('with one repetition no ratio is printed', async () => {
  const once = await tiny(['--claim', 'T1', '--repeat', '1', '--out', 'once', '--json']);
  const [result] = (JSON.parse(once.stdout) as Document).results;
  assert.deepEqual(
    [once.code, result?.measured, result?.ratio, result?.holds, result?.faults[0]?.refused?.measured],
    [0, null, null, 'not measured', null],
  );
});

test('a fault that ends verified is exit code 4, and said', async () => {
  const passed = await tiny(['--claim', 'T3', '--repeat', '1', '--out', 'passed', '--json']);
  assert.equal(passed.code, 4);
  assert.match(passed.stderr, /fault=slow-sleep lies and was verified: the verifier does not see this fault\.\n$/);
});

test('a run of claims goes on where it ended', async () => {
  const resumed = await tiny(['--claim', 'T1,T2', '--resume', document.run ?? '', '--json']);
  assert.equal(resumed.code, 0, resumed.stderr);
  assert.deepEqual((JSON.parse(resumed.stdout) as Document).results, document.results);
});

test('what was asked wrongly gets one sentence and exit code 1', async () => {
  const wrong: readonly (readonly [string, RegExp])[] = [
    ['--systems Q', /^Unknown system "Q": expected one of A, B, C/],
    ['--claim A99', /^Unknown claim "A99": expected one of A1, A2/],
    ['--to pdf', /^Unknown report "pdf"/],
    ['--to md --json', /^--json and --to md are two documents/],
    ['--from last --resume last', /^--from only reads a run/],
    ['--from nowhere', /^Unknown run "nowhere"/],
  ];
  const found = await Promise.all(
    wrong.map(async ([words, sentence]) => {
      const { code, stdout, stderr } = await writeproof(folder, ['claims', ...words.split(' ')]);
      return [code, stdout, sentence.test(stderr) ? 'as expected' : stderr];
    }),
  );
  assert.deepEqual(
    found,
    wrong.map(() => [1, '', 'as expected']),
  );
});

test('a dry run shows the plan and writes nothing; list claims has a line for each', async () => {
  const empty = freshFolder();
  const dry = await writeproof(empty, ['claims', '--claim', 'C-orders-parquet', '--dry-run', '--seed', '1']);
  assert.match(dry.stdout, /\n1 cases, 3 runs of a worker, seed 1\n$/);
  assert.deepEqual([dry.code, readdirSync(empty)], [0, []]);
  const listed = await writeproof(empty, ['list', 'claims']);
  const ids = SYSTEMS.flatMap(({ claims }) => claims.map(({ id }) => id));
  assert.deepEqual(
    listed.stdout
      .trim()
      .split('\n')
      .map((line) => line.split(' ')[0]),
    ids,
  );
});
