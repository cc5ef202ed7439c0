/** A night: equal builds first, then the matrix, the last release, and the history with its advice. */

import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { nightMarkdown, nightTexts } from '../../reports/night.js';
import { plural } from '../../reports/format.js';
import { REGISTRY, type Registry } from '../../suites/index.js';
import { estimateSeconds } from '../claims/estimate.js';
import { EXIT } from '../exit-code.js';
import { GATE_SUITE } from '../gate/contests-of.js';
import { Misuse } from '../misuse.js';
import { runNight } from '../nightly/night.js';
import { findNight, readNight } from '../nightly/kept.js';
import { lastRelease } from '../nightly/release.js';
import type { LastRelease, Night } from '../nightly/types.js';
import { oneOf } from '../plan/names.js';
import { makePlan, type Plan } from '../plan/plan.js';
import { parseCount } from '../plan/values.js';
import { examples, exitWith, type AddCommand } from './command.js';
import { ownVersion } from './commit.js';
import { runsFolder } from './find-run.js';
import { parseBudget, parseTolerance } from './gate.js';
import { nightParts, nightsFolder, type NightFlags } from './nightly-parts.js';
import { paint, print, say } from './output.js';
import { newRunId } from './run-settings.js';

const NIGHTLY_SUITE = 'nightly';
/** More than a year. */
const KEPT_NIGHTS = 400;

interface Flags extends Omit<NightFlags, 'seed'> {
  readonly suite: string;
  readonly gateSuite: string;
  readonly repeat?: number;
  readonly seed?: number;
  readonly resume?: string;
  readonly from?: string;
  readonly dryRun?: true;
  readonly to?: string;
  readonly json?: true;
}

function check({ to, json, resume, from, target }: Flags): void {
  if (to !== undefined) oneOf('report', to, ['md']);
  if (to !== undefined && json === true)
    throw new Misuse('--json and --to md are two documents: expected one of them.');
  if (from !== undefined && resume !== undefined) {
    throw new Misuse('--from only reads a night, --resume finishes one: expected one of them.');
  }
  if (target !== undefined && !existsSync(path.dirname(path.resolve(target)))) {
    throw new Misuse(`--target ${target}: the folder above it does not exist.`);
  }
}

function printNight(night: Night, flags: Flags): void {
  if (flags.json === true) print(JSON.stringify(night));
  else if (flags.to !== undefined) print(nightMarkdown(night));
  else {
    for (const text of nightTexts(night)) print(text);
    print(paint.bold(night.exitCode === EXIT.pass ? paint.green(night.sentence) : paint.red(night.sentence)));
  }
  if (night.exitCode === EXIT.interrupted) say(`Go on with: writeproof nightly --resume ${night.night}`);
  exitWith(night.exitCode);
}

const minutesText = (seconds: number): string => plural(Math.max(1, Math.round(seconds / 60)), 'minute');

/** What a night would do, and how long each step takes. */
function printDryRun(matrix: Plan, flags: Flags, registry: Registry, found: LastRelease): void {
  const gate = `suite ${flags.gateSuite}, tolerance ${(flags.tolerance * 100).toFixed(1)} %, pairs for at most ${minutesText(flags.budget)}`;
  const release = 'tag' in found ? `against ${found.tag}, which is built once: ${gate}` : `none: ${found.why}`;
  const cases = `${plural(matrix.cases.length, 'case')}, ${plural(matrix.steps.length, 'repetition')}`;
  const lines = [
    `equal builds: this build against itself: ${gate}; again where the two seem to differ`,
    `matrix: suite ${flags.suite}: ${cases}, about ${minutesText(estimateSeconds(matrix.steps, registry.tables))}`,
    ...matrix.leftOut.map((reason) => `not planned: ${reason}`),
    `last release: ${release}`,
    `history: one point a case in results/history, of ${plural(flags.keepNights, 'night')}; change points as advice`,
  ];
  for (const line of lines) print(line);
}

function newNight(now: Date): Night {
  const taken = (id: string): boolean =>
    existsSync(path.join(runsFolder(), id)) || existsSync(path.join(nightsFolder(), id));
  return {
    schema: 'writeproof.nightly.v1',
    night: newRunId(NIGHTLY_SUITE, now, taken),
    startedAt: now.toISOString(),
    finishedAt: null,
    writeproof: ownVersion(),
    exitCode: EXIT.interrupted,
    sentence: 'The night has begun.',
    changePoints: [],
    notes: [],
    trend: null,
    results: [],
  };
}

/** A night that stopped or ended has nothing left to do, unless something could not be done. */
async function resumed(name: string): Promise<Night> {
  const night = await readNight(await findNight(nightsFolder(), name));
  if (night.finishedAt === null || night.results.some(({ exitCode }) => exitCode === EXIT.misuse)) return night;
  throw new Misuse(`Night ${night.night} came to its end (${night.sentence}): start a new one.`);
}

async function nightly(flags: Flags, registry: Registry, release: () => LastRelease): Promise<void> {
  check(flags);
  if (flags.from !== undefined) {
    printNight(await readNight(await findNight(nightsFolder(), flags.from)), flags);
    return;
  }
  const seed = flags.seed ?? Date.now() % 2 ** 32;
  const { suite, repeat } = flags;
  const none = { cases: [], tables: [], scales: [], writers: [], formats: [], variants: [], options: {} };
  const matrix = makePlan({ ...none, suite, seed, ...(repeat === undefined ? {} : { repeat }) }, registry);
  if (flags.dryRun === true) {
    printDryRun(matrix, flags, registry, release());
    return;
  }
  const night = flags.resume === undefined ? newNight(new Date()) : await resumed(flags.resume);
  if (flags.quiet !== true) say(`Night ${night.night}`);
  const plans = { id: night.night, matrix, gateSuite: flags.gateSuite };
  printNight(await runNight(night, nightParts(plans, { ...flags, seed }, registry, release)), flags);
}

export const nightlyCommand =
  (registry: Registry, release: () => LastRelease): AddCommand =>
  (program: Command) => {
    program
      .command('nightly')
      .description('equal builds, the matrix, the last release, and the history of nights with its change points')
      .option('--suite <name>', 'the matrix', NIGHTLY_SUITE)
      .option('--gate-suite <name>', 'what both gates compare', GATE_SUITE)
      .option('--repeat <n>', 'repetitions of each case of the matrix', (text) => parseCount('--repeat', text, 1))
      .option('--tolerance <share>', 'the smallest slowdown that must be found', parseTolerance, 0.05)
      .option('--budget <time>', 'time for the pairs of each gate: minutes, or such as 90s or 1h', parseBudget, 600)
      .option(
        '--keep-nights <n>',
        'nights that the history holds',
        (text) => parseCount('--keep-nights', text, 1),
        KEPT_NIGHTS,
      )
      .option('--seed <n>', 'seed of the orders', (text) => parseCount('--seed', text, 0))
      .option('--target <dir>', 'the disk that is measured (default: fresh folders below results/data)')
      .option('--resume <night>', 'go on with a night that was killed: its id, or last')
      .option('--from <night>', 'only show a night: its id, or last')
      .option('--timeout <seconds>', 'of a worker, and of a verifier', (text) => parseCount('--timeout', text, 1))
      .option('--dry-run', 'say what it would do and how long that takes, and write nothing')
      .option('--to <format>', 'md: Markdown on stdout')
      .option('--json', 'one JSON document on stdout')
      .option('--quiet', 'no progress on stderr')
      .addHelpText(
        'after',
        examples([
          'nightly',
          'nightly --dry-run',
          'nightly --resume last',
          'nightly --from last --to md',
          'nightly --json > night.json',
        ]),
      )
      .action(async (flags: Flags) => nightly(flags, registry, release));
  };

export const addNightly = nightlyCommand(REGISTRY, lastRelease);
