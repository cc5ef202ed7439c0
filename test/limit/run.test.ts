/** Cases under a memory limit, as users run them: in a cgroup where one can be made, skipped with a sentence where not. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeMemoryGroup } from '../../harness/limit/memory-group.js';
import { memoryPlaces, type MemoryPlaces } from '../../harness/limit/places.js';
import { PACKAGE_ROOT } from '../../harness/paths.js';
import { makePlan } from '../../harness/plan/plan.js';
import { runRepetition } from '../../harness/run/repetition.js';
import type { Verdict } from '../../harness/types.js';
import { REGISTRY } from '../../suites/index.js';
import { NOTHING_CHOSEN } from '../plan/selection.js';
import {
  casesOf,
  complaints,
  freshFolder,
  PATIENCE_MS,
  recordOf,
  runCases,
  statuses,
  type RunDocument,
} from '../fixtures.js';
import { departures } from '../records/schemas.js';
import { benchOf } from '../run/bench.js';

const MIB = 2 ** 20;
const COMMAND = path.join(PACKAGE_ROOT, 'test', 'bad-writers', 'command.mjs');
const FITTING = [
  'lineitem@0.1/parquet/stream;memoryLimit=64MiB',
  'orders@0.01/arrow/zero-copy;parts=2;memoryLimit=128MiB',
  'nation@0.01/apache-arrow/stream;memoryLimit=512MiB',
  'nation@0.01/command/stream;memoryLimit=512MiB',
];
/** All of its rows are held at once: some 100 MiB. */
const TOO_LARGE = 'lineitem@0.1/parquet/accumulate;memoryLimit=48MiB';
/** The command's process is killed, not the worker that started it. */
const GREEDY = 'nation@0.01/greedy/stream;memoryLimit=128MiB';
const FREE = 'nation@0.01/parquet/stream';

const places = memoryPlaces();
/** Names in the folders in which groups are made. */
const groups = (): readonly string[] =>
  (places?.folders ?? []).flatMap((folder) => readdirSync(folder).filter((name) => name.startsWith('writeproof-')));

const trial = makeMemoryGroup(64 * MIB, places);
const refused = 'refused' in trial ? trial.refused : null;
if (!('refused' in trial)) trial.removeNow();

let run: RunDocument;
const verdict = (id: string): Verdict => recordOf(run.records, id).verdict as Verdict;

before(async () => {
  const folder = freshFolder();
  const node = `"${process.execPath}"`;
  const greedy = path.join(folder, 'greedy.mjs');
  // It ends by itself soon beyond the limit: one that is not in force must fail the test, and not take the machine's memory.
  writeFileSync(greedy, 'const all = []; while (all.length < 256) all.push(Buffer.alloc(1 << 20, 1));\n');
  const writers = [
    { name: 'command', command: `${node} "${COMMAND}" {target}`, format: 'parquet' },
    { name: 'greedy', command: `${node} "${greedy}" {target}`, format: 'parquet' },
  ];
  writeFileSync(path.join(folder, 'writeproof.config.json'), JSON.stringify({ writers }));
  run = await runCases(casesOf([...FITTING, TOO_LARGE, GREEDY, FREE]), folder);
});

test('what fits is verified, what does not is a crash, and without a group both are skipped', () => {
  const [fits, crashes] = refused === null ? ['verified', 'crashed'] : ['skipped', 'skipped'];
  const expected = [...FITTING.map((id) => [id, fits]), [TOO_LARGE, crashes], [GREEDY, crashes], [FREE, 'verified']];
  const found = [...FITTING, TOO_LARGE, GREEDY, FREE].map((id) => [id, verdict(id).status]);
  assert.deepEqual(found, expected, complaints(run.records));
  const reasons = run.records.flatMap((one) => (one.verdict.status === 'skipped' ? [one.verdict.reason] : []));
  const without = FITTING.length + 2;
  assert.equal(
    reasons.filter((reason) => reason.endsWith(`: ${refused ?? ''}`)).length,
    refused === null ? 0 : without,
  );
});

test('the peak of the whole group is at most the limit, and a case without one has null', () => {
  const uses = FITTING.map((id) => {
    const one = verdict(id);
    return one.status === 'verified' ? one.measurement.memoryLimit : null;
  });
  const [limits, within] = [
    uses.map((use) => use?.limitBytes),
    uses.map((use) => use !== null && (use.peakBytes ?? Infinity) <= use.limitBytes && (use.peakBytes ?? 0) > MIB),
  ];
  assert.deepEqual(
    limits,
    refused === null ? [64 * MIB, 128 * MIB, 512 * MIB, 512 * MIB] : FITTING.map(() => undefined),
  );
  assert.deepEqual(
    within,
    FITTING.map(() => refused === null),
  );
  assert.deepEqual(
    uses.map((use) => use?.oomKills ?? 0),
    FITTING.map(() => 0),
  );
  const free = verdict(FREE);
  assert.equal(free.status === 'verified' ? free.measurement.memoryLimit : 'unmeasured', null);
});

test('a process that is killed for memory is named with the limit and the counters', () => {
  const reasons = [TOO_LARGE, GREEDY].map((id) => {
    const one = verdict(id);
    return 'reason' in one ? one.reason : '';
  });
  const counters = (limit: number): RegExp =>
    refused === null
      ? new RegExp(
          `^out of memory: 1 process was killed \\(oom_kill\\); memory limit ${limit}\\.0 MiB: .*limit reached [\\d,]+ times?`,
        )
      : /no cgroup/;
  assert.match(reasons[0] ?? '', counters(48));
  assert.match(reasons[1] ?? '', counters(128));
});

test('records and document are as their schema says', () => {
  assert.deepEqual(departures('writeproof.records.v1', run.printed), []);
  assert.equal(statuses(run.records).length, FITTING.length + 3);
});

test('where no group can be made the case is skipped, with what was tried', async () => {
  const nowhere: MemoryPlaces = { version: 2, folders: ['/proc/1/attr', '/proc/sys'] };
  const [step] = makePlan({ ...NOTHING_CHOSEN, cases: [FITTING[0] ?? ''] }, REGISTRY).steps;
  assert.ok(step !== undefined);
  const bench = benchOf(REGISTRY, { memoryPlaces: nowhere });
  const record = await runRepetition(step, bench);
  assert.equal(record?.verdict.status, 'skipped');
  assert.match(
    record.verdict.reason,
    /^memory limit 64\.0 MiB: no cgroup \(version 2\) with a memory limit could be made: in the own group: E[A-Z]+; 1 above it: E[A-Z]+; groups can be made/,
  );
  assert.deepEqual(readdirSync(bench.target), []);
});

for (const interrupts of [1, 2]) {
  test(`Ctrl-C, pressed ${interrupts} times, leaves no group behind`, { timeout: PATIENCE_MS }, async () => {
    const folder = freshFolder();
    const program = path.join(PACKAGE_ROOT, 'harness', 'cli', 'writeproof.mjs');
    // So many repetitions that one is under way whenever the interruption comes.
    const argv = ['run', '--case', FITTING[0] ?? '', '--repeat', '500', '--quiet'];
    const child = spawn(process.execPath, [program, ...argv], { cwd: folder, stdio: 'ignore' });
    const exit = once(child, 'exit') as Promise<readonly (number | null)[]>;
    const own = `writeproof-${child.pid ?? 0}-`;
    const seen = (): boolean => groups().some((name) => name.startsWith(own));
    while (refused === null && !seen()) await sleep(5);
    if (refused !== null) await sleep(2000);
    for (let pressed = 0; pressed < interrupts; pressed += 1) {
      child.kill('SIGINT');
      await sleep(20);
    }
    const [code] = await exit;
    assert.deepEqual([code, seen()], [refused === null ? 130 : code, false]);
  });
}

test('groups of harnesses that were killed are removed by the next one', async () => {
  const gone = spawn('/bin/true');
  await once(gone, 'exit');
  const orphan = `writeproof-${gone.pid ?? 0}-1`;
  if (refused === null) mkdirSync(path.join(places?.folders[0] ?? '', orphan));
  const there = groups().includes(orphan);
  const next = makeMemoryGroup(64 * MIB, places);
  const left = groups();
  if (!('refused' in next)) next.removeNow();
  assert.deepEqual([there, left.includes(orphan)], [refused === null, false]);
  assert.deepEqual([left.length - groups().length], [refused === null ? 1 : 0]);
});
