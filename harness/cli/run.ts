import type { Command } from 'commander';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { REGISTRY, type Registry } from '../../suites/index.js';
import { countText } from '../../reports/format.js';
import { EXIT, exitCodeOfRun } from '../exit-code.js';
import { readMachine } from '../machine.js';
import { Misuse } from '../misuse.js';
import { builtFile, cacheFolder } from '../paths.js';
import { checkDisk, diskSentence, estimateDisk } from '../plan/disk.js';
import { makePlan, type Plan } from '../plan/plan.js';
import { parseBytes, parseCount } from '../plan/values.js';
import { cacheLimitBytes } from '../run/cache.js';
import { probeFolder, whyNotDirect } from '../run/direct-support.js';
import { isPrepared } from '../run/facts.js';
import { dropCutLine, dropSkipped, readRun } from '../run/records.js';
import type { Bench } from '../run/repetition.js';
import { runPlan, type RunEnd } from '../run/run.js';
import { checkFolder, freeBytes, makeFolder, makeFolders, sameFileSystem } from '../run/target.js';
import { expectations, summarise } from '../summary.js';
import type { Record as RunRecord, Run } from '../types.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { ownVersion } from './commit.js';
import { addConfigFlag, configOf, toldBuilds, type ConfigFlag } from './config.js';
import { withFileTables } from './file-table.js';
import { findRun, runsFolder } from './find-run.js';
import { addSelectionFlags, selectionOf, type SelectionFlags } from './flags.js';
import { interruptible } from './interrupt.js';
import { print, printDocument, printResults, printTable, say } from './output.js';
import { withOwnWriters } from './own-writers.js';
import { watcher } from './progress.js';
import { foldersOf, newRunId, storedSteps, timeoutOf, type Folders } from './run-settings.js';
import { verifyTarget } from '../verify/verify.js';

export interface RunFlags extends SelectionFlags, ConfigFlag {
  readonly target?: string;
  readonly out?: string;
  readonly keep?: true;
  readonly overwrite?: true;
  readonly maxBytes?: number;
  readonly resume?: string;
  readonly timeout?: number;
  readonly dryRun?: true;
  readonly strict?: true;
  readonly json?: true;
  readonly quiet?: true;
}

/** A run that is about to start, or to go on. */
export interface Prepared {
  readonly plan: Pick<Plan, 'steps' | 'cases' | 'repeat' | 'comparisons' | 'limits'>;
  readonly run: Omit<Run, 'machine'>;
  readonly folders: Folders;
  readonly done: readonly RunRecord[];
}

export function freshRun(plan: Plan, flags: RunFlags): Prepared {
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
export async function resumedRun(name: string, flags: RunFlags, registry: Registry): Promise<Prepared> {
  const stored = await readRun(await findRun(name));
  if (stored.cutLine !== null) {
    say(`Line ${stored.cutLine} of records.jsonl was cut off when the run ended; its case is run again.`);
    await dropCutLine(stored);
  }
  const records = await dropSkipped(stored);
  const tried = stored.records.length - records.length;
  if (tried > 0) say(`${countText(tried)} skipped before: tried again.`);
  const { run } = stored;
  for (const one of run.cases) {
    if (one.kind === 'write' && !registry.writers.some((writer) => writer.name === one.writer)) {
      throw new Misuse(
        `Run ${run.id} has cases of writer ${one.writer}, which is not registered: name it again by --writer.`,
      );
    }
  }
  checkTables(run, records, registry);
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

export function printPlan(plan: Plan, json: boolean): void {
  if (json) {
    printDocument('writeproof.plan.v1', plan.steps, { seed: plan.seed, leftOut: plan.leftOut });
    return;
  }
  printTable(
    ['position', 'repetition', 'case'],
    plan.steps.map((step) => [String(step.position), String(step.repetition), step.case.id]),
  );
  for (const reason of plan.leftOut) print(`not planned: ${reason}`);
  print(`${countText(plan.cases.length)} cases, ${countText(plan.steps.length)} runs of a worker, seed ${plan.seed}`);
}

/** All that must hold before anything is written. */
export async function checkBefore(prepared: Prepared, flags: RunFlags, registry: Registry): Promise<void> {
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

export async function execute(prepared: Prepared, flags: RunFlags, registry: Registry): Promise<RunEnd> {
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
    return await runPlan(plan, run, folders.out, prepared.done, bench, watch);
  } finally {
    watch.end();
    release();
    await removeTarget();
  }
}

function report(prepared: Prepared, end: RunEnd, flags: RunFlags): void {
  const { plan } = prepared;
  const shown = path.relative(process.cwd(), prepared.folders.out);
  if (flags.json === true) printDocument('writeproof.records.v1', end.records, { run: end.run });
  else {
    const summaries = summarise(plan.cases, end.records);
    printResults(summaries, expectations(plan.comparisons, plan.limits, summaries));
    print(`Records in ${shown === '' ? '.' : shown}`);
  }
  if (end.interrupted) {
    say(
      `Interrupted after ${end.records.length} of ${plan.steps.length}; go on with: writeproof run --resume ${shown}`,
    );
    exitWith(EXIT.interrupted);
    return;
  }
  exitWith(
    exitCodeOfRun(
      end.records.map((record) => record.verdict.status),
      flags.strict ?? false,
    ),
  );
}

async function run(flags: RunFlags): Promise<void> {
  const config = await configOf(flags);
  const stored = flags.resume === undefined ? [] : (await readRun(await findRun(flags.resume))).run.cases;
  const own = await withFileTables(REGISTRY, flags.table ?? [], (what) => {
    if (flags.quiet !== true) say(`preparing ${what}`);
  });
  const { registry, names } = await withOwnWriters(own.registry, {
    writers: flags.writer ?? [],
    formats: flags.format ?? [],
    cases: [...(flags.case ?? []), ...stored.map((one) => one.id)],
    config,
    tell: flags.quiet === true ? () => undefined : toldBuilds,
  });
  let prepared: Prepared;
  if (flags.resume === undefined) {
    const plan = makePlan(selectionOf({ ...flags, table: own.tables, writer: names }), registry);
    if (plan.cases.length === 0) {
      const why = plan.leftOut.length > 0 ? plan.leftOut.join('; ') : `suite ${plan.suite} has no such case`;
      say(`Nothing to measure: ${why}. "writeproof list cases" shows what there is.`);
      exitWith(EXIT.nothingMeasured);
      return;
    }
    if (flags.dryRun === true) {
      printPlan(plan, flags.json ?? false);
      return;
    }
    for (const reason of plan.leftOut) say(`Not planned: ${reason}.`);
    prepared = freshRun(plan, flags);
  } else {
    prepared = await resumedRun(flags.resume, flags, registry);
  }
  await checkBefore(prepared, flags, registry);
  report(prepared, await execute(prepared, flags, registry), flags);
}

export const addRun: AddCommand = (program: Command) => {
  addSelectionFlags(addConfigFlag(program.command('run').description('plan, run, verify and record cases')))
    .optionsGroup('Of the run:')
    .option('--target <dir>', 'the disk that is measured (default: a fresh folder below results/data)')
    .option('--out <dir>', 'where run.json and records.jsonl go (default: below results/runs)')
    .option('--keep', 'leave the data in place')
    .option('--overwrite', 'take a target or output folder that holds files')
    .option('--max-bytes <size>', 'disk that the run may need, such as 20GiB', (text) =>
      parseBytes('--max-bytes', text),
    )
    .option('--resume <run>', 'finish a run, trying again what was skipped: its id, its folder, or last')
    .option('--timeout <seconds>', 'of a worker, and of a verifier', (text) => parseCount('--timeout', text, 1))
    .option('--dry-run', 'show the plan and write nothing')
    .option('--strict', 'a skipped case fails the run (exit code 3)')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'no progress on stderr')
    .addHelpText(
      'after',
      examples([
        'run --suite quick',
        'run --table lineitem --scale 1 --format parquet --variant all --repeat 3',
        'run --table orders --writer ./libmine.so --target /mnt/disk --keep',
        "run --table orders --writer ./mine.mjs --writer 'python3 write.py {target}'",
        'run --table orders --writer mine --config writeproof.config.json',
        'run --table file:orders.parquet --variant all',
        'run --suite peers --json > peers.json',
        'run --resume last',
      ]),
    )
    .action(run);
};
