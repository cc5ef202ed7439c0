import type { Command } from 'commander';
import path from 'node:path';
import { countText } from '../../reports/format.js';
import { REGISTRY } from '../../suites/index.js';
import { EXIT, exitCodeOfRun } from '../exit-code.js';
import { makePlan, type Plan } from '../plan/plan.js';
import { parseBytes, parseCount } from '../plan/values.js';
import { readRun } from '../run/records.js';
import type { RunEnd } from '../run/run.js';
import { expectations, summarise } from '../summary.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { addConfigFlag, configOf, toldBuilds, type ConfigFlag } from './config.js';
import { withFileTables } from './file-table.js';
import { findRun } from './find-run.js';
import { addSelectionFlags, selectionOf, type SelectionFlags } from './flags.js';
import { print, printDocument, printResults, printTable, say } from './output.js';
import { withOwnWriters } from './own-writers.js';
import { checkBefore, execute, freshRun, resumedRun, type Prepared, type StartFlags } from './start-run.js';

interface RunFlags extends SelectionFlags, ConfigFlag, StartFlags {
  readonly dryRun?: true;
  readonly strict?: true;
  readonly json?: true;
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

function report(prepared: Prepared, end: RunEnd, flags: RunFlags): void {
  const { plan } = prepared;
  const shown = path.relative(process.cwd(), prepared.folders.out);
  if (flags.json === true) printDocument('writeproof.records.v1', end.records, { run: end.run });
  else {
    const summaries = summarise(plan.cases, end.records);
    printResults(summaries, expectations(plan.comparisons, plan.limits, summaries, end.records));
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
