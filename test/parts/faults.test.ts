/** What one worker of several does wrong is named with its part, and ends the others. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { withOwnWriters } from '../../harness/cli/own-writers.js';
import { makePlan } from '../../harness/plan/plan.js';
import { runRepetition, type Bench } from '../../harness/run/repetition.js';
import { askWorker } from '../../harness/run/worker.js';
import type { Facts, WriteRecord } from '../../harness/types.js';
import { REGISTRY } from '../../suites/index.js';
import { complaints, findingsOf, freshFolder, misbehavingWriter } from '../fixtures.js';
import { nativePath } from '../native-path.js';
import { NOTHING_CHOSEN } from '../plan/selection.js';
import { benchOf } from '../run/bench.js';

type Change = NonNullable<Bench['changes']>;

/** One repetition of a case whose jobs are changed, in a target and with a cache of its own. */
async function repetition(
  library: string,
  id: string,
  changes: Change,
  cache = freshFolder(),
  settings: Partial<Bench> = {},
): Promise<{ readonly record: WriteRecord; readonly left: readonly string[] }> {
  const asked = { writers: [library], formats: [], cases: [], config: null, tell: () => undefined };
  const { registry } = await withOwnWriters(REGISTRY, asked);
  const [step] = makePlan({ ...NOTHING_CHOSEN, cases: [id] }, registry).steps;
  assert.ok(step !== undefined);
  const bench = benchOf(registry, { changes, ...settings }, cache);
  const record = (await runRepetition(step, bench)) as WriteRecord | null;
  assert.ok(record !== null);
  return { record, left: readdirSync(bench.target) };
}

/** Workers that this process started and that still live. */
function liveWorkers(): readonly string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid) || !existsSync(`/proc/${pid}/stat`)) return false;
    try {
      const [, name = '', parent = ''] = /\((.*)\) . (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      return parent === String(process.pid) && name.startsWith('writeproof');
    } catch {
      // Ended meanwhile.
      return false;
    }
  });
}

const FAULTS = nativePath('libwriteproof_faults.so');

test('rows that change places in one part are found in that part, and in no other', async () => {
  const swaps: Change = ({ part }) => (part.index === 2 ? { writerOptions: { fault: 'row-shuffle' } } : {});
  const { record, left } = await repetition(
    FAULTS,
    'orders@0.01/writeproof_faults/stream;source=generated;parts=3',
    swaps,
  );
  assert.equal(record.verdict.status, 'corrupt', complaints([record]));
  const names = findingsOf(record).map(({ detector, what }) => `${detector} ${what.slice(0, what.indexOf(':'))}`);
  assert.deepEqual([...new Set(names)].sort(), ['O part 2 of 3', 'X part 2 of 3']);
  assert.deepEqual([left, liveWorkers()], [[], []]);
});

test('a part that is written twice in place of another is right by itself, and not the whole', async () => {
  const cache = freshFolder();
  const question = { table: 'orders', scale: 0.01, threads: 1 };
  const first = (await askWorker(
    'facts',
    { ...question, part: { index: 1, count: 2 } },
    { timeoutSeconds: 600 },
  )) as Facts;
  mkdirSync(path.join(cache, 'facts'));
  // Whoever made these facts took the first part for the second: nothing about a part by itself is wrong then.
  for (const index of [1, 2]) {
    writeFileSync(path.join(cache, 'facts', `orders@0.01-part${index}of2-wp1.json`), JSON.stringify(first));
  }
  const twice: Change = () => ({ part: { index: 1, count: 2 } });
  const id = 'orders@0.01/writeproof_faults/stream;source=generated;parts=2';
  const { record } = await repetition(FAULTS, id, twice, cache);
  assert.equal(record.verdict.status, 'corrupt', complaints([record]));
  // As many rows, and other ones: of N it is the Arrow bytes that differ.
  const seen = findingsOf(record).map(({ detector, what }) => `${detector} ${what.slice(0, what.indexOf(':'))}`);
  assert.deepEqual(
    [...new Set(seen)],
    ['M', 'O', 'C', 'N'].map((detector) => `${detector} all 2 parts together`),
  );
});

test('a worker that crashes ends the others, which would hang, and the case says which part it was', async () => {
  const modes: Change = ({ part }) => ({ writerOptions: { mode: part.index === 2 ? 'abort' : 'hang' } });
  const { record, left } = await repetition(
    misbehavingWriter(),
    'nation@0.01/misbehaving/stream;source=generated;parts=3',
    modes,
  );
  assert.deepEqual(record.verdict, {
    status: 'crashed',
    signal: 'SIGABRT',
    exitCode: null,
    reason: 'part 2 of 3: the worker was ended by SIGABRT',
  });
  assert.deepEqual([left, liveWorkers()], [[], []]);
});

test('a worker that fails before the start does not keep the others waiting', async () => {
  const without: Change = ({ part, preparedPath }) =>
    part.index === 1 ? { preparedPath: `${preparedPath ?? ''}.gone` } : {};
  const { record, left } = await repetition(FAULTS, 'nation@0.01/writeproof_faults/stream;parts=2', without);
  assert.equal(record.verdict.status === 'failed' && record.verdict.step, 'source', complaints([record]));
  assert.match((record.verdict as { readonly reason: string }).reason, /^part 1 of 2: .*\.gone/);
  assert.deepEqual([left, liveWorkers()], [[], []]);
});

test('a worker that hangs before the start is the one that is named, not those that wait for it', async () => {
  // To open a named pipe that nobody writes to does not return.
  const pipe = path.join(freshFolder(), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const waiting: Change = ({ part }) => (part.index === 2 ? { preparedPath: pipe } : {});
  const { record, left } = await repetition(
    FAULTS,
    'nation@0.01/writeproof_faults/stream;parts=2',
    waiting,
    freshFolder(),
    { timeoutSeconds: () => 5 },
  );
  assert.equal(record.verdict.status, 'timeout', complaints([record]));
  assert.match((record.verdict as { readonly reason: string }).reason, /^part 2 of 2: not done after /);
  assert.deepEqual([left, liveWorkers()], [[], []]);
});
