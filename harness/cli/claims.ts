/** Figures that were published beside those of this machine: runs what they come from, or reads a run that did. */

import type { Command } from 'commander';
import { CLAIM_HEADINGS, claimNotes, claimRows, claimSentence, claimsMarkdown } from '../../reports/claims.js';
import { countText, plural } from '../../reports/format.js';
import { problemTexts } from '../../reports/rows.js';
import { SYSTEMS } from '../../suites/claims/index.js';
import type { SystemSpec } from '../../suites/claims/types.js';
import { FAULTS, withFaultyWriters, type FaultSpec } from '../../suites/faults/index.js';
import { REGISTRY, type Registry } from '../../suites/index.js';
import { chooseClaims, type ChosenClaim } from '../claims/cases.js';
import { estimateSeconds, ROWS_PER_SECOND, SECONDS_A_FLUSH, SECONDS_A_WORKER } from '../claims/estimate.js';
import { exitCodeOfClaims, honestRecords } from '../claims/exit-code.js';
import { CLAIMS_SUITE, planClaims, type ClaimPlan } from '../claims/plan.js';
import { claimResults, type ClaimResult } from '../claims/results.js';
import { EXIT } from '../exit-code.js';
import { Misuse } from '../misuse.js';
import { oneOf } from '../plan/names.js';
import { parseCount } from '../plan/values.js';
import { readRun } from '../run/records.js';
import { LEAST_REPETITIONS } from '../statistics/paired.js';
import { summarise } from '../summary.js';
import type { Record as RunRecord, Run } from '../types.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { findRun } from './find-run.js';
import { collect } from './flags.js';
import { paint, print, printDocument, printTable, say } from './output.js';
import { printPlan } from './run.js';
import { checkBefore, execute, freshRun, resumedRun, type StartFlags } from './start-run.js';

/** What claims are made of. */
export interface ClaimRegistry extends Registry {
  readonly systems: readonly SystemSpec[];
  readonly faults: readonly FaultSpec[];
}

interface ClaimFlags extends StartFlags {
  readonly systems?: readonly string[];
  readonly claim?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly repeat?: number;
  readonly seed?: number;
  readonly dryRun?: true;
  readonly json?: true;
}

/** All that was asked for, before and after anything ran. */
interface Asked {
  readonly chosen: readonly ChosenClaim[];
  readonly plan: ClaimPlan;
  readonly registry: ClaimRegistry;
}

function printClaims(results: readonly ClaimResult[], { chosen, plan }: Asked, records: readonly RunRecord[]): void {
  const honest = summarise(plan.cases, honestRecords(chosen, plan, records));
  for (const text of problemTexts(honest)) print(text.includes(' skipped: ') ? paint.yellow(text) : paint.red(text));
  printTable(CLAIM_HEADINGS, claimRows(results, paint.strikethrough));
  for (const text of claimNotes(results, paint.strikethrough)) print(paint.dim(text));
  print(paint.bold(claimSentence(results)));
}

function report(asked: Asked, records: readonly RunRecord[], run: Run | null, flags: ClaimFlags): void {
  const { chosen, plan, registry } = asked;
  const results = claimResults(chosen, plan, records, registry.faults);
  if (flags.json === true) printDocument('writeproof.claims.v1', results, { run: run?.id ?? null });
  else if (flags.to === undefined) printClaims(results, asked, records);
  else print(claimsMarkdown(results, run));
  const faults = results.flatMap((result) => result.faults);
  for (const { case: id, status } of faults) {
    if (status === 'verified') say(`${id} lies and was verified: the verifier does not see this fault.`);
  }
  exitWith(exitCodeOfClaims(honestRecords(chosen, plan, records), faults));
}

/** Said before anything starts. */
function sayTime({ chosen, plan, registry }: Asked): void {
  const minutes = Math.max(1, Math.round(estimateSeconds(plan.steps, registry.tables) / 60));
  const sizes = [plural(chosen.length, 'claim'), plural(plan.cases.length, 'case')].join(', ');
  say(
    `${sizes}, ${countText(plan.steps.length)} runs of a worker: about ${plural(minutes, 'minute')}` +
      ` (at ${countText(ROWS_PER_SECOND)} rows/s made, written and read back, ${SECONDS_A_WORKER} s a worker and ${SECONDS_A_FLUSH} s a flush).`,
  );
}

async function fromRun(name: string, asked: Asked, flags: ClaimFlags): Promise<void> {
  const { run, records, cutLine } = await readRun(await findRun(name));
  if (cutLine !== null) say(`Line ${cutLine} of records.jsonl is cut off and not shown.`);
  report(asked, records, run, flags);
}

function check(flags: ClaimFlags): void {
  if (flags.to !== undefined) oneOf('report', flags.to, ['md']);
  if (flags.to !== undefined && flags.json === true) {
    throw new Misuse('--json and --to md are two documents: expected one of them.');
  }
  if (flags.from !== undefined && flags.resume !== undefined) {
    throw new Misuse('--from only reads a run, --resume finishes one: expected one of them.');
  }
}

async function claims(flags: ClaimFlags, registry: ClaimRegistry): Promise<void> {
  check(flags);
  const chosen = chooseClaims(registry.systems, flags.systems ?? [], flags.claim ?? []);
  const plan = planClaims(chosen, registry, flags.repeat ?? LEAST_REPETITIONS, flags.seed ?? Date.now() % 2 ** 32);
  const asked: Asked = { chosen, plan, registry };
  if (flags.from !== undefined) {
    await fromRun(flags.from, asked, flags);
    return;
  }
  if (flags.quiet !== true) {
    for (const reason of plan.leftOut) say(`Not planned: ${reason}`);
    if (flags.resume === undefined) sayTime(asked);
  }
  if (flags.dryRun === true) {
    printPlan(plan, flags.json ?? false);
    return;
  }
  if (plan.cases.length === 0 && flags.resume === undefined) {
    report(asked, [], null, flags);
    return;
  }
  const prepared = flags.resume === undefined ? freshRun(plan, flags) : await resumedRun(flags.resume, flags, registry);
  if (prepared.run.suite !== CLAIMS_SUITE) {
    throw new Misuse(`Run ${prepared.run.id} is no run of claims: go on with "writeproof run --resume".`);
  }
  await checkBefore(prepared, flags, registry);
  const end = await execute(prepared, flags, registry);
  if (end.interrupted) {
    const done = `Interrupted after ${end.records.length} of ${prepared.plan.steps.length}`;
    say(`${done}; go on with: writeproof claims --resume ${prepared.run.id}`);
    exitWith(EXIT.interrupted);
    return;
  }
  report(asked, end.records, end.run, flags);
}

export const claimsCommand =
  (registry: ClaimRegistry): AddCommand =>
  (program: Command) => {
    program
      .command('claims')
      .description('published figures beside those of this machine')
      .option('--systems <names>', 'systems that published them, such as A,B', collect)
      .option('--claim <ids>', 'claims, as "list claims" names them', collect)
      .option('--from <run>', 'only read a run: its id, its folder, or last')
      .option('--to <format>', 'md: Markdown on stdout')
      .option('--repeat <n>', 'repetitions of each case (default: 3, which a decision needs)', (text) =>
        parseCount('--repeat', text, 1),
      )
      .option('--seed <n>', 'seed of the order', (text) => parseCount('--seed', text, 0))
      .option('--target <dir>', 'the disk that is measured (default: a fresh folder below results/data)')
      .option('--out <dir>', 'where run.json and records.jsonl go (default: below results/runs)')
      .option('--resume <run>', 'finish a run of claims: its id, its folder, or last')
      .option('--timeout <seconds>', 'of a worker, and of a verifier', (text) => parseCount('--timeout', text, 1))
      .option('--dry-run', 'show the plan and how long it takes, and write nothing')
      .option('--json', 'one JSON document on stdout')
      .option('--quiet', 'no progress on stderr')
      .addHelpText(
        'after',
        examples(['claims', 'claims --systems A,C --repeat 5', 'claims --claim B3,A7', 'claims --from last --to md']),
      )
      .action(async (flags: ClaimFlags) => claims(flags, registry));
  };

export const addClaims = claimsCommand({
  ...REGISTRY,
  writers: withFaultyWriters(REGISTRY.writers),
  systems: SYSTEMS,
  faults: FAULTS,
});
