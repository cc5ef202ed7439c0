/** The mutation score: every fault over every writer and variant that it applies to, and what found it out. */

import type { Command } from 'commander';
import { plural } from '../../reports/format.js';
import {
  DETECTOR_HEADINGS,
  detectorRows,
  faultHeadings,
  faultNotes,
  faultRows,
  faultsMarkdown,
  generatorTexts,
  notRunTexts,
  scoreSentence,
} from '../../reports/faults.js';
import { FAULTS, JUSTIFIED, withFaultyWriters, type FaultSpec, type Justified } from '../../suites/faults/index.js';
import { REGISTRY, type Registry } from '../../suites/index.js';
import { EXIT } from '../exit-code.js';
import { switchedOff, unjustified } from '../faults/detectors.js';
import { generatorHoles, wrongGenerators, type WrongGenerator } from '../faults/generator.js';
import { FAULTS_SUITE, planFaults, unfaultable, type FaultPlan } from '../faults/plan.js';
import { faultResults } from '../faults/results.js';
import { exitCodeOfFaults, scoreOf } from '../faults/verdict.js';
import { Misuse } from '../misuse.js';
import { oneOf } from '../plan/names.js';
import { parseCount } from '../plan/values.js';
import { readRun } from '../run/records.js';
import type { Record as RunRecord, Run } from '../types.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { findRun } from './find-run.js';
import { collect } from './flags.js';
import { paint, print, printDocument, printTable, say } from './output.js';
import { printPlan } from './run.js';
import { checkBefore, execute, freshRun, resumedRun, type StartFlags } from './start-run.js';

/** What the command works with. */
export interface FaultRegistry extends Registry {
  readonly faults: readonly FaultSpec[];
  readonly justified: Justified;
}

interface FaultFlags extends StartFlags {
  readonly fault?: readonly string[];
  readonly writer?: readonly string[];
  readonly variant?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly seed?: number;
  readonly dryRun?: true;
  readonly json?: true;
}

/** On two cores: a worker, and a verifier. */
const SECONDS_A_CASE = 0.6;

/** Of all faults, the one that no writer has too. */
async function report(
  plan: FaultPlan,
  registry: FaultRegistry,
  records: readonly RunRecord[],
  run: Run | null,
  flags: FaultFlags,
): Promise<void> {
  const { faults, justified } = registry;
  const results = faultResults(plan.attempts, records);
  const detectors = switchedOff(results, justified);
  const all = [flags.fault, flags.writer, flags.variant].every((names) => names === undefined);
  const generators: readonly WrongGenerator[] = all ? await wrongGenerators() : [];
  const seen = scoreOf(results);
  const score = {
    ...seen,
    holes: [...seen.holes, ...generatorHoles(generators)],
    ours: [...seen.ours, ...(all ? unjustified(detectors, justified) : [])],
  };
  if (flags.json === true) {
    const { caught, run: ran, skipped } = score;
    printDocument('writeproof.faults.v1', results, {
      run: run?.id ?? null,
      score: { caught, run: ran, skipped },
      detectors,
      generators,
    });
  } else if (flags.to !== undefined) {
    print(faultsMarkdown({ results, faults, detectors, generators, score, run }));
  } else {
    for (const text of [...score.holes, ...score.ours]) print(paint.red(text));
    printTable(faultHeadings(results), faultRows(results, faults));
    printTable(DETECTOR_HEADINGS, detectorRows(detectors));
    for (const text of faultNotes(results, faults)) print(paint.dim(text));
    for (const text of generatorTexts(generators)) print(paint.dim(text));
    const commands = unfaultable(registry).map(({ name }) => name);
    if (all && commands.length > 0)
      print(paint.dim(`does not apply: all faults over ${commands.join(', ')}: commands, which nothing is put over`));
    for (const text of notRunTexts(results)) print(text.startsWith('skipped') ? paint.yellow(text) : paint.dim(text));
    const sentence = scoreSentence(score);
    print(paint.bold(score.holes.length + score.ours.length > 0 ? paint.red(sentence) : paint.green(sentence)));
  }
  exitWith(exitCodeOfFaults(score));
}

function check(flags: FaultFlags): void {
  if (flags.to !== undefined) oneOf('report', flags.to, ['md']);
  if (flags.to !== undefined && flags.json === true) {
    throw new Misuse('--json and --to md are two documents: expected one of them.');
  }
  if (flags.from !== undefined && flags.resume !== undefined) {
    throw new Misuse('--from only reads a run, --resume finishes one: expected one of them.');
  }
}

async function faults(flags: FaultFlags, registry: FaultRegistry): Promise<void> {
  check(flags);
  const { fault = [], writer = [], variant = [] } = flags;
  const selection = { faults: fault, writers: writer, variants: variant };
  const plan = planFaults(registry.faults, registry, selection, flags.seed ?? Date.now() % 2 ** 32);
  if (flags.from !== undefined) {
    const { run, records, cutLine } = await readRun(await findRun(flags.from));
    if (cutLine !== null) say(`Line ${cutLine} of records.jsonl is cut off and not shown.`);
    await report(plan, registry, records, run, flags);
    return;
  }
  if (flags.quiet !== true && flags.resume === undefined) {
    const minutes = Math.max(1, Math.round((plan.cases.length * SECONDS_A_CASE) / 60));
    say(`${plural(plan.cases.length, 'case')}, with and without a fault: about ${plural(minutes, 'minute')}.`);
  }
  if (flags.dryRun === true) {
    printPlan(plan, flags.json ?? false);
    return;
  }
  if (plan.cases.length === 0 && flags.resume === undefined) {
    await report(plan, registry, [], null, flags);
    return;
  }
  const prepared = flags.resume === undefined ? freshRun(plan, flags) : await resumedRun(flags.resume, flags, registry);
  if (prepared.run.suite !== FAULTS_SUITE) {
    throw new Misuse(`Run ${prepared.run.id} is no run of faults: go on with "writeproof run --resume".`);
  }
  await checkBefore(prepared, flags, registry);
  const end = await execute(prepared, flags, registry);
  if (end.interrupted) {
    const done = `Interrupted after ${end.records.length} of ${prepared.plan.steps.length}`;
    say(`${done}; go on with: writeproof faults --resume ${prepared.run.id}`);
    exitWith(EXIT.interrupted);
    return;
  }
  await report(plan, registry, end.records, end.run, flags);
}

export const faultsCommand =
  (registry: FaultRegistry): AddCommand =>
  (program: Command) => {
    program
      .command('faults')
      .description('writers that lie, and what finds them out: the mutation score')
      .option('--fault <names>', 'faults, as "list faults" names them', collect)
      .option('--writer <names>', 'honest writers that they are put over', collect)
      .option('--variant <names>', 'accumulate, stream, zero-copy, direct, or all', collect)
      .option('--from <run>', 'only read a run: its id, its folder, or last')
      .option('--to <format>', 'md: Markdown on stdout')
      .option('--seed <n>', 'seed of the order', (text) => parseCount('--seed', text, 0))
      .option('--target <dir>', 'where they write (default: a fresh folder below results/data)')
      .option('--out <dir>', 'where run.json and records.jsonl go (default: below results/runs)')
      .option('--resume <run>', 'finish a run of faults: its id, its folder, or last')
      .option('--timeout <seconds>', 'of a worker, and of a verifier', (text) => parseCount('--timeout', text, 1))
      .option('--dry-run', 'show the plan, and write nothing')
      .option('--json', 'one JSON document on stdout')
      .option('--quiet', 'no progress on stderr')
      .addHelpText(
        'after',
        examples([
          'faults',
          'faults --writer parquet --variant stream',
          'faults --fault ack-only,row-shuffle',
          'faults --from last --to md',
        ]),
      )
      .action(async (flags: FaultFlags) => faults(flags, registry));
  };

export const addFaults = faultsCommand({
  ...REGISTRY,
  writers: withFaultyWriters(REGISTRY.writers),
  faults: FAULTS,
  justified: JUSTIFIED,
});
