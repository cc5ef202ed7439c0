/** A writer that ends, hangs, floods or fails harms its own case only, and no process weighs on another's figures. */

import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { DEFAULT_OPTIONS, SWITCHES } from '../harness/defaults.js';
import { builtFile } from '../harness/paths.js';
import { runWorker, type WorkerEnd } from '../harness/run/worker.js';
import type { Verdict } from '../harness/types.js';
import {
  casesOf,
  complaints,
  findingsOf,
  fired,
  freshFolder,
  misbehavingWriter,
  recordOf,
  runCases,
  seedEndingWith,
  start,
  statuses,
  until,
  type RunDocument,
} from './fixtures.js';
import { buildWriter } from './writers/build.js';

const HONEST = ['nation@0.01/parquet/stream', 'region@0.01/parquet/stream'] as const;
const MODES = ['exit', 'abort', 'fail-create', 'fail-write', 'fail-close', 'print', 'release-elsewhere'] as const;
/** In five batches. */
const idOf = (mode: string): string => `nation@0.01/misbehaving/stream;batchRows=5;mode=${mode}`;
const NORMAL = 'nation@0.01/misbehaving/stream;batchRows=5';
const IDS = [...HONEST, NORMAL, ...MODES.map(idOf)];

let run: RunDocument;
let left: readonly string[];

before(async () => {
  const folder = freshFolder();
  const target = path.join(folder, 'data');
  // The folder is there before, so that the run does not remove it when it is empty.
  mkdirSync(target);
  const flags = ['--writer', misbehavingWriter(), '--target', target, '--seed', String(seedEndingWith(HONEST, IDS))];
  run = await runCases([...flags, ...casesOf(IDS)], folder);
  left = readdirSync(target);
});

/** Each misbehaviour and its verdict, without the sentence, and what the sentence must say. */
const ENDINGS: Readonly<{ [mode: string]: readonly [Partial<Verdict>, RegExp] }> = {
  exit: [{ status: 'crashed', signal: null, exitCode: 3 }, /^the worker ended with exit code 3 and no report/],
  abort: [{ status: 'crashed', signal: 'SIGABRT', exitCode: null }, /^the worker was ended by SIGABRT/],
  'fail-create': [
    { status: 'failed', step: 'create', errno: 13, errnoName: 'EACCES' },
    /^writeproof_create returned 13: counting writer: create fails as asked: /,
  ],
  'fail-write': [
    { status: 'failed', step: 'write', errno: 28, errnoName: 'ENOSPC' },
    /^writeproof_write_batch of batch 1 returned 28: counting writer: write fails as asked: /,
  ],
  'fail-close': [
    { status: 'failed', step: 'close', errno: 5, errnoName: 'EIO' },
    /^writeproof_close returned 5: counting writer: close fails as asked: /,
  ],
};

for (const [mode, [verdict, sentence]] of Object.entries(ENDINGS)) {
  test(`${mode}: ${JSON.stringify(verdict)}`, () => {
    const { reason, ...found } = recordOf(run.records, idOf(mode)).verdict as { readonly reason: string };
    assert.deepEqual(found, verdict);
    assert.match(reason, sentence);
  });
}

test('a writer that prints megabytes, or releases on another thread, is judged by its file alone', () => {
  const normal = recordOf(run.records, NORMAL);
  const others = [idOf('print'), idOf('release-elsewhere')].map((id) => recordOf(run.records, id));
  assert.deepEqual(fired(normal).join(''), 'CFMNOPSX');
  for (const record of others) {
    assert.equal(record.verdict.status, 'corrupt', complaints([record]));
    assert.deepEqual(findingsOf(record), findingsOf(normal));
    assert.deepEqual(
      [record.crossed, record.writerSays, record.files],
      [normal.crossed, normal.writerSays, normal.files],
    );
  }
  assert.deepEqual([normal.crossed?.calls, normal.crossed?.rows], [5, 25]);
});

test('the rest of the run goes on, ends with exit code 4, and leaves no file', () => {
  assert.deepEqual(run.records.map((record) => record.case.id).sort(), [...IDS].sort());
  assert.deepEqual(statuses(HONEST.map((id) => recordOf(run.records, id))), ['verified', 'verified']);
  const last = run.records.at(-1);
  assert.deepEqual([last?.position, last?.verdict.status], [IDS.length, 'verified']);
  assert.equal(run.code, 4);
  assert.deepEqual(left, []);
});

test('a writer that hangs is a timeout, and no process is left', async () => {
  const folder = freshFolder();
  const words = ['run', '--writer', misbehavingWriter(), '--case', idOf('hang'), '--timeout', '3', '--json'];
  const running = start(folder, words);
  const workers = (): readonly string[] =>
    running.processes().filter((line) => line.includes('writeproof-worker write'));
  await until('the worker that hangs', () => workers().length === 1);
  const { code, stdout } = await running.ended;
  assert.deepEqual(running.processes(), []);
  const [record] = (JSON.parse(stdout) as { readonly results: RunDocument['records'] }).results;
  const { reason, ...verdict } = record?.verdict as { readonly reason: string };
  assert.deepEqual([code, verdict], [4, { status: 'timeout', afterSeconds: 3 }]);
  assert.match(reason, /^not done after 3 s, its process group was ended/);
});

/** Runs the worker itself, as a repetition would, on a small table. */
async function ask(library: string): Promise<WorkerEnd> {
  const directory = freshFolder();
  const { batchRows, threads, overlap, flushEvery, part, writer } = DEFAULT_OPTIONS;
  return runWorker(
    {
      subject: { kind: 'library', path: library },
      table: 'nation',
      scale: 0.01,
      part,
      source: 'generated',
      preparedPath: null,
      batchRows,
      threads,
      overlap,
      flushEvery,
      variant: 'stream',
      switches: SWITCHES.stream,
      writerOptions: writer,
      directory,
      target: path.join(directory, 'nation.parquet'),
      nonce: 'of the test',
    },
    { timeoutSeconds: 300 },
  );
}

test('a library of another ABI version, and one that is no writer, fail to load, and the sentence names why', async () => {
  const reports = [await ask(buildWriter('wrong_abi')), await ask(buildWriter('no_symbols'))].map(
    ({ report }) => report,
  );
  const steps = reports.map((report) => (report?.outcome === 'failed' ? report.step : report?.outcome));
  assert.deepEqual(steps, ['load', 'load']);
  const [abi = '', symbols = ''] = reports.map((report) => (report as { readonly message?: string } | null)?.message);
  assert.match(abi, /ABI version 99 of writeproof\.h; this engine speaks version 1: /);
  assert.match(symbols, /does not export `writeproof_abi_version`/);
});

const residentBytes = (): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;

test('memory of the parent does not show in the peak of its child', async () => {
  const ballast = Buffer.alloc(400e6, 1);
  const { report } = await ask(builtFile('libwriteproof_parquet.so'));
  assert.equal(residentBytes() > 400e6, true);
  assert.equal(ballast.at(-1), 1);
  assert.ok(report?.outcome === 'done', JSON.stringify(report));
  const { rss, rows } = report.measurement;
  assert.ok(rss !== null, 'peak memory was not measured');
  assert.equal(rows, 25);
  // nation needs no text pool, so that pages of the program and the library are the most of it.
  assert.equal(rss.peakBytes > 1e6 && rss.peakBytes < 100e6, true, `peak of ${rss.peakBytes} bytes`);
});
