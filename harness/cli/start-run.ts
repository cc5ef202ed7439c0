/** A run from its plan to its last record, the same for every command that runs cases. */

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { Registry } from '../../suites/index.js';
import { countText } from '../../reports/format.js';
import { readMachine } from '../machine.js';
import { Misuse } from '../misuse.js';
import { builtFile, cacheFolder } from '../paths.js';
import { checkDisk, diskSentence, estimateDisk } from '../plan/disk.js';
import type { Step } from '../plan/order.js';
import type { Plan } from '../plan/plan.js';
import { cacheLimitBytes } from '../run/cache.js';
import { probeFolder, whyNotDirect } from '../run/direct-support.js';
import { isPrepared } from '../run/facts.js';
import { dropCutLine, dropSkipped, readRun } from '../run/records.js';
import type { Bench } from '../run/repetition.js';
import { runPlan, type Progress, type RunEnd } from '../run/run.js';
import { checkFolder, freeBytes, makeFolder, makeFolders, sameFileSystem } from '../run/target.js';
import type { Record as RunRecord, Run } from '../types.js';
import { verifyTarget } from '../verify/verify.js';
import { ownVersion } from './commit.js';
import { findRun, runsFolder } from './find-run.js';
import { interruptible } from './interrupt.js';
import { say } from './output.js';
import { watcher } from './progress.js';
import { foldersOf, newRunId, storedSteps, timeoutOf, type Folders } from './run-settings.js';

/** Flags of a run, whatever chose its cases. */
export interface StartFlags {
  readonly target?: string;
  readonly out?: string;
  readonly keep?: true;
  readonly overwrite?: true;
  readonly maxBytes?: number;
  readonly resume?: string;
  readonly timeout?: number;
  readonly quiet?: true;
}

/** A run that is about to start, or to go on. */
export interface Prepared {
  readonly plan: Pick<Plan, 'steps' | 'cases' | 'repeat' | 'comparisons' | 'limits'>;
  readonly run: Omit<Run, 'machine'>;
  readonly folders: Folders;
  readonly done: readonly RunRecord[];
}

export function freshRun(plan: Plan, flags: StartFlags): Prepared {
  const now = new Date();
  const id = newRunId(plan.suite, now, (taken) => existsSync(path.join(runsFolder(), taken)));
  const folders = foldersOf(id, flags.target, flags.out);
  const run: Prepared['run'] = {
    schema: 'writeproof.run.v1',
    id,
    suite: plan.suite,
    startedAt: now.toISOString(),
    finishedAt: null,
    nonce: randomBytes(16).toString('hex'),
    seed: plan.seed,
    repeat: plan.repeat,
    writeproof: ownVersion(),
    order: plan.steps.map((step) => `${step.repetition}:${step.case.id}`),
    cases: plan.cases,
  };
  return { plan, run, folders, done: [] };
}

/** Files of the user's own are named again, and must hold what they held. */
function checkTables(run: Run, records: readonly RunRecord[], registry: Registry): void {
  for (const one of run.cases) {
    // Its rows are made from the case alone.
    if (one.kind === 'scan') continue;
    const table = registry.tables.find((candidate) => candidate.name === one.table);
    if (table === undefined) {
      throw new Misuse(
        `Run ${run.id} has cases of table ${one.table}, which is not registered: name it again by --table.`,
      );
    }
    const done = records.find((record) => record.case.id === one.id && record.verdict.status === 'verified');
    if (table.file === undefined || done?.verdict.status !== 'verified') continue;
    const { order } = table.file.facts.digest;
    if (done.verdict.digest.order === order) continue;
    throw new Misuse(
      `${one.table} changed since run ${run.id} began: expected digest ${done.verdict.digest.order}, found ${order}; start a new run.`,
    );
  }
}

/** Goes on with a run's own plan; only what is not recorded yet is left to do. */
export async function resumedRun(name: string, flags: StartFlags, registry: Registry): Promise<Prepared> {
  const stored = await readRun(await findRun(name));
  if (stored.cutLine !== null) {
    say(`Line ${stored.cutLine} of records.jsonl was cut off when the run ended; its case is run again.`);
    await dropCutLine(stored);
  }
  const { run } = stored;
  for (const one of run.cases) {
    if (one.kind === 'write' && !registry.writers.some((writer) => writer.name === one.writer)) {
      throw new Misuse(
        `Run ${run.id} has cases of writer ${one.writer}, which is not registered: name it again by --writer.`,
      );
    }
  }
  checkTables(run, stored.records, registry);
  const records = await dropSkipped(stored);
  const tried = stored.records.length - records.length;
  if (tried > 0) say(`${countText(tried)} skipped before: tried again.`);
  const suite = registry.suites.find((candidate) => candidate.name === run.suite);
  const steps = storedSteps(run);
  const plan = {
    steps,
    cases: run.cases,
    repeat: run.repeat,
    comparisons: suite?.comparisons ?? [],
    limits: suite?.limits ?? [],
  };
  const folders = { ...foldersOf(run.id, flags.target, undefined), out: stored.folder };
  return { plan, run, folders, done: records };
}

/** All that must hold before anything is written. */
export async function checkBefore(prepared: Prepared, flags: StartFlags, registry: Registry): Promise<void> {
  const { plan, folders, done } = prepared;
  builtFile('writeproof-worker');
  builtFile('writeproof.node');
  const overwrite = flags.overwrite ?? false;
  checkFolder('--target', folders.target, overwrite || done.length > 0);
  if (flags.resume === undefined) checkFolder('--out', folders.out, overwrite);
  const cache = cacheFolder();
  checkFolder('WRITEPROOF_CACHE', cache, true);
  const need = estimateDisk(plan, registry.tables, flags.keep ?? false, (one) => isPrepared(one, cache));
  const free = {
    targetBytes: await freeBytes(folders.target),
    cacheBytes: await freeBytes(cache),
    shared: sameFileSystem(folders.target, cache),
  };
  checkDisk(need, free, flags.maxBytes ?? null);
  const sentence = diskSentence(need);
  if (sentence !== null && flags.quiet !== true) say(sentence);
  const suite = registry.suites.find((candidate) => candidate.name === prepared.run.suite);
  if (suite !== undefined && flags.quiet !== true) say(`Suite ${suite.name}: ${suite.about}.`);
}

/** `beside` is awaited before each step; it is given the folder that is measured. */
export async function execute(
  prepared: Prepared,
  flags: StartFlags,
  registry: Registry,
  beside?: (step: Step, target: string, signal: AbortSignal) => Promise<void>,
): Promise<RunEnd> {
  const { plan, folders } = prepared;
  const { signal, release } = interruptible();
  const watch = watcher(flags.quiet ?? false);
  if (flags.overwrite === true && flags.resume === undefined) {
    await rm(path.join(folders.out, 'records.jsonl'), { force: true });
  }
  await makeFolders(folders.out);
  const removeTarget = await makeFolder(folders.target);
  try {
    const timeoutSeconds = timeoutOf(registry.tables, flags.timeout);
    const child = { timeoutSeconds: flags.timeout ?? 3600, signal };
    const asksDirect = plan.cases.some((one) => one.kind === 'write' && one.variant === 'direct');
    const noDirect = asksDirect ? whyNotDirect(await probeFolder(folders.target, child)) : null;
    const machine = readMachine(folders.target);
    const bench: Bench = {
      machine,
      runId: prepared.run.id,
      nonce: prepared.run.nonce,
      target: folders.target,
      keep: flags.keep ?? false,
      overwrite: (flags.overwrite ?? false) || flags.resume !== undefined,
      store: {
        cache: cacheFolder(),
        cacheLimitBytes: cacheLimitBytes(),
        tables: registry.tables,
        child,
        onWork: watch.onWork,
      },
      writers: new Map(registry.writers.map((writer) => [writer.name, writer])),
      noDirect,
      signal,
      timeoutSeconds,
      verify: verifyTarget,
    };
    const run: Run = { ...prepared.run, machine };
    const progress: Progress =
      beside === undefined ? watch : { ...watch, beside: async (step) => beside(step, folders.target, signal) };
    return await runPlan(plan, run, folders.out, prepared.done, bench, progress);
  } finally {
    watch.end();
    release();
    await removeTarget();
  }
}
