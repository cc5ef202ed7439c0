/** A JavaScript module that fails, lies, hangs or ends the process harms its own case only, and each is named in a sentence. */

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Detector, Verdict } from '../../harness/types.js';
import {
  casesOf,
  complaints,
  findingsOf,
  fired,
  freshFolder,
  recordOf,
  runCases,
  seedEndingWith,
  start,
  statuses,
  until,
  type RunDocument,
} from '../fixtures.js';
import { departures } from '../records/schemas.js';

const MODULE = fileURLToPath(new URL('./misbehaving.js', import.meta.url));
const HONEST = ['nation@0.01/parquet/stream', 'region@0.01/parquet-wasm/stream'] as const;
/** In five batches. */
const NORMAL = 'nation@0.01/misbehaving-module/stream;batchRows=5';
const idOf = (mode: string): string => `${NORMAL};mode=${mode}`;
const LEFT_OPEN = 'nation@0.01/misbehaving-module/stream;batchRows=5;flushEvery=2;mode=left-open';
const NO_FLUSH = 'nation@0.01/misbehaving-module/stream;batchRows=5;flushEvery=2';

const failed = (step: string): Partial<Verdict> => ({ status: 'failed', step, errno: null, errnoName: null });

/** Each misbehaviour that has no file to judge: its verdict without the sentence, and the sentence. */
const ENDINGS: Readonly<{ [mode: string]: readonly [Partial<Verdict>, RegExp] }> = {
  'throw-create': [failed('create'), /^create of misbehaving-module failed: no target today$/],
  'no-writer': [
    failed('create'),
    /^create of misbehaving-module returned no step write: expected write, close, abort as functions, found undefined instead of an open writer$/,
  ],
  'no-abort': [failed('create'), /returned no step abort: expected write, close, abort as functions, found undefined$/],
  'throw-write': [failed('write'), /^write of batch 2 by misbehaving-module failed: no room for more$/],
  'throw-text': [failed('write'), /^write of batch 1 by misbehaving-module failed: just a text$/],
  'full-disk': [
    { status: 'failed', step: 'write', errno: 28, errnoName: 'ENOSPC' },
    /^write of batch 1 by misbehaving-module failed: ENOSPC: no space left on device, write$/,
  ],
  'throw-close': [failed('close'), /^close of misbehaving-module failed: no footer today$/],
  'throw-abort': [failed('write'), /^write of batch 1 by misbehaving-module failed: first; then abort failed: second$/],
  'reject-late': [
    failed('write'),
    /^a promise that nobody awaited was rejected during write of batch 1 by misbehaving-module: too late to be seen$/,
  ],
  'reject-after-close': [
    failed('close'),
    /^a promise that nobody awaited was rejected during close of misbehaving-module: after the end$/,
  ],
  'throw-in-timer': [
    failed('write'),
    /^an error was thrown where nobody could catch it during write of batch 1 by misbehaving-module: thrown to nobody$/,
  ],
  circular: [failed('close'), /^close of misbehaving-module returned what JSON cannot hold: Converting circular/],
  exit: [
    { status: 'crashed', signal: null, exitCode: 0 },
    /^the worker ended with exit code 0 and no report: the module ended the process by process\.exit\(0\) during write of batch 1 by misbehaving-module$/,
  ],
};

/** Each misbehaviour that is judged by what it left: detectors that must be among those that fire. */
const LIES: Readonly<{ [mode: string]: readonly Detector[] }> = {
  elsewhere: ['F'],
  'second-file': ['Z'],
  'drop-last': ['N', 'M', 'O'],
  'early-return': ['Z'],
  'left-running': ['E'],
};

const IDS = [
  ...HONEST,
  NORMAL,
  NO_FLUSH,
  LEFT_OPEN,
  idOf('print'),
  idOf('another-process'),
  ...[...Object.keys(ENDINGS), ...Object.keys(LIES)].map(idOf),
];

let run: RunDocument;
let left: readonly string[];

before(async () => {
  const folder = freshFolder();
  const target = path.join(folder, 'data');
  // The folder is there before, so that the run does not remove it when it is empty.
  mkdirSync(target);
  const flags = ['--writer', MODULE, '--target', target, '--seed', String(seedEndingWith(HONEST, IDS))];
  run = await runCases([...flags, ...casesOf(IDS)], folder);
  left = readdirSync(target);
});

for (const [mode, [verdict, sentence]] of Object.entries(ENDINGS)) {
  test(`${mode}: ${JSON.stringify(verdict)}`, () => {
    const { reason, ...found } = recordOf(run.records, idOf(mode)).verdict as { readonly reason: string };
    assert.deepEqual(found, verdict, reason);
    assert.match(reason, sentence);
  });
}

for (const [mode, detectors] of Object.entries(LIES)) {
  test(`${mode}: corrupt by ${detectors.join(' ')}`, () => {
    const record = recordOf(run.records, idOf(mode));
    assert.equal(record.verdict.status, 'corrupt', JSON.stringify(record.verdict));
    const seen = fired(record);
    assert.deepEqual(
      detectors.filter((detector) => !seen.includes(detector)),
      [],
      JSON.stringify(findingsOf(record)),
    );
  });
}

test('a late write is a file that changed after close', () => {
  const whats = findingsOf(recordOf(run.records, idOf('early-return'))).map(({ what }) => what);
  assert.ok(whats.includes("files unchanged between close and the worker's end"), JSON.stringify(whats));
});

test('a process that a module left running was ended, and is named', () => {
  const record = recordOf(run.records, idOf('left-running'));
  assert.deepEqual(findingsOf(record), [
    {
      detector: 'E',
      what: 'end of the writer',
      expected: 'with the last of its processes',
      actual: 'the writer left 1 process running; it was killed',
    },
  ]);
  const { pid } = record.writerSays as { readonly pid: number };
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('a module that works in another process is verified, and its memory not measured', () => {
  const { verdict, notes } = recordOf(run.records, idOf('another-process'));
  assert.ok(verdict.status === 'verified' && 'rss' in verdict.measurement, JSON.stringify(verdict));
  assert.equal(verdict.measurement.rss, null);
  const note = 'the writer had processes of its own, which are not weighed: peak memory not measured';
  assert.ok(notes.includes(note), notes.join('; '));
});

test('megabytes on stdout, a forged report among them, change nothing', () => {
  const [normal, printing] = [NORMAL, idOf('print')].map((id) => recordOf(run.records, id));
  assert.deepEqual([normal?.verdict.status, printing?.verdict.status], ['verified', 'verified']);
  assert.deepEqual(printing?.crossed, normal?.crossed);
  assert.deepEqual(normal?.crossed, {
    calls: 5,
    flushes: 0,
    rows: 25,
    bytes: normal?.crossed?.bytes,
    handover: 'copy',
    addressesProved: null,
    batchingBy: 'none',
  });
});

test('a step that a case needs and the module has not is named', () => {
  const { verdict } = recordOf(run.records, NO_FLUSH);
  const { status, step, reason } = verdict as {
    readonly status: string;
    readonly step: string;
    readonly reason: string;
  };
  assert.deepEqual([status, step], ['failed', 'flush']);
  assert.match(reason, /^create of misbehaving-module returned no step flush: the case asks for one every 2 batches; /);
});

test('what a module leaves open does not keep the worker, and is noted', () => {
  const record = recordOf(run.records, LEFT_OPEN);
  assert.deepEqual([record.verdict.status, record.crossed?.flushes], ['verified', 2], complaints([record]));
  assert.ok(record.notes.includes('the module left open, 1 s after close: Timeout'), record.notes.join('; '));
});

test('the record of a module has the memory of V8, that of a library none, and both follow the schema', () => {
  const figures = (id: string): unknown => {
    const { verdict } = recordOf(run.records, id);
    assert.ok(verdict.status === 'verified' && 'v8' in verdict.measurement, verdict.status);
    return verdict.measurement.v8;
  };
  assert.equal(figures(HONEST[0]), null);
  const memory = figures(HONEST[1]) as { readonly [kind: string]: { readonly beforeBytes: number; peakBytes: number } };
  assert.deepEqual(Object.keys(memory), ['heapUsed', 'external', 'arrayBuffers']);
  const right = Object.values(memory).map((figure) => figure.peakBytes >= figure.beforeBytes && figure.beforeBytes > 0);
  assert.deepEqual(right, [true, true, true]);
  assert.deepEqual(departures('writeproof.records.v1', run.printed), []);
});

test('the rest of the run goes on, ends with exit code 4, and leaves nothing but what was written elsewhere', () => {
  assert.deepEqual(run.records.map((record) => record.case.id).sort(), [...IDS].sort());
  assert.deepEqual(statuses(HONEST.map((id) => recordOf(run.records, id))), ['verified', 'verified']);
  const last = run.records.at(-1);
  assert.deepEqual([last?.position, last?.verdict.status], [IDS.length, 'verified']);
  assert.equal(run.code, 4);
  assert.deepEqual([left.length, left[0]?.startsWith('elsewhere-')], [1, true]);
});

for (const [mode, what] of [
  ['never-write', 'write of batch 1 by misbehaving-module'],
  ['never-close', 'close of misbehaving-module'],
] as const) {
  test(`${mode}: a timeout, and no process is left`, async () => {
    const folder = freshFolder();
    const words = ['run', '--writer', MODULE, '--case', idOf(mode), '--timeout', '15', '--json'];
    const running = start(folder, words);
    const workers = (): number => running.processes().filter((line) => line.includes('module-worker')).length;
    await until('the worker that hangs', () => workers() > 0);
    const { code, stdout } = await running.ended;
    assert.deepEqual(running.processes(), []);
    const { results } = JSON.parse(stdout) as { readonly results: RunDocument['records'] };
    const { reason, ...verdict } = results[0]?.verdict as { readonly reason: string };
    assert.deepEqual([code, verdict], [4, { status: 'timeout', afterSeconds: 15 }]);
    assert.match(reason, new RegExp(`it last said: the promise of ${what} is pending, and nothing is left`));
  });
}
