/** The real parts of a night: gates, the matrix with its canary, and the history. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Registry } from '../../suites/index.js';
import { runCanary } from '../gate/canary.js';
import { contestsOfGate } from '../gate/contests-of.js';
import { checkSameSets } from '../gate/contest.js';
import { gatesFolder, readGate } from '../gate/read.js';
import { buildSide, type BuiltSide } from '../gate/sides.js';
import { runGate } from '../gate/start.js';
import { readPlan } from '../gate/store.js';
import type { GateResult } from '../gate/types.js';
import { trendPage } from '../../reports/trend.js';
import { changePoints } from '../history/change-points.js';
import { replaceFile } from '../history/files.js';
import { ownHistory } from '../history/series.js';
import { appendPoints, keepNights, readHistory } from '../history/store.js';
import { Misuse } from '../misuse.js';
import { noiseOf } from '../nightly/equal-builds.js';
import { appendCanary, keepNight, readCanaries } from '../nightly/kept.js';
import { pointsOf } from '../nightly/points.js';
import type { HistoryEnd, MatrixEnd, NightParts } from '../nightly/types.js';
import type { Plan } from '../plan/plan.js';
import { readBlocks } from '../query/stored-gates.js';
import { readRun, RUN_FILE } from '../run/records.js';
import { RESULTS, runsFolder } from './find-run.js';
import { gateWatch, writeGateReports } from './gate-output.js';
import { interruptible } from './interrupt.js';
import { say } from './output.js';
import { foldersOf } from './run-settings.js';
import { checkBefore, execute, freshRun, resumedRun, type StartFlags } from './start-run.js';

/** Repetitions of the matrix between two canaries. */
const STEPS_A_CANARY = 8;
const CANARY_SECONDS = 300;

export interface NightFlags extends Pick<StartFlags, 'target' | 'timeout' | 'quiet' | 'maxBytes'> {
  readonly tolerance: number;
  readonly budget: number;
  readonly keepNights: number;
  readonly seed: number;
}

export interface NightPlans {
  readonly id: string;
  readonly matrix: Plan;
  readonly gateSuite: string;
}

export const nightsFolder = (): string => path.resolve(RESULTS, 'nights');
export const historyFolder = (): string => path.resolve(RESULTS, 'history');

const gateFolder = (night: string, name: string): string => path.join(gatesFolder(), `${night}-${name}`);

/** A gate of the night: as it was stored, gone on with, or begun. */
async function gateOf(
  name: string,
  base: string | undefined,
  { id, gateSuite }: NightPlans,
  flags: NightFlags,
  registry: Registry,
): Promise<GateResult> {
  const folder = gateFolder(id, name);
  if (existsSync(path.join(folder, 'gate.json'))) {
    const stored = await readGate(folder);
    if (stored.gate.verdict !== 'interrupted') return stored;
  }
  const resume = existsSync(path.join(folder, 'plan.json')) ? { folder, stored: await readPlan(folder) } : undefined;
  const { signal, release } = interruptible();
  const { watch, end } = gateWatch(flags.quiet ?? false);
  try {
    const tell = flags.quiet === true ? (): void => undefined : say;
    const builder = { registry: registry.writers, own: null, tell, signal };
    const head = await buildSide('head', undefined, builder);
    const sides: { base: BuiltSide; head: BuiltSide } = {
      head,
      base: base === undefined ? head : await buildSide('base', base, builder),
    };
    const seed = resume?.stored.seed ?? flags.seed;
    const none = { cases: [], tables: [], scales: [], writers: [], formats: [], variants: [], options: {} };
    const chosen = contestsOfGate({ ...none, suite: gateSuite, seed }, [sides.base, head], registry);
    await checkSameSets(chosen.contests, sides);
    const done = await runGate({
      command: 'nightly',
      suite: chosen.suite,
      contests: chosen.contests,
      sides,
      registry,
      whole: false,
      tolerance: flags.tolerance,
      budgetSeconds: flags.budget,
      seed,
      target: flags.target === undefined ? undefined : path.join(flags.target, name),
      out: folder,
      timeout: flags.timeout,
      signal,
      watch,
      onWork: (what) => {
        watch.say(`preparing ${what}`);
      },
      notes: chosen.leftOut.map((reason) => `not planned: ${reason}`),
      asked: { command: 'nightly', flags: { night: id, name } },
      resume,
    });
    end();
    await writeGateReports(done);
    return done.result;
  } finally {
    end();
    release();
  }
}

async function matrixOf({ id, matrix }: NightPlans, flags: NightFlags, registry: Registry): Promise<MatrixEnd> {
  const own = path.join(nightsFolder(), id);
  const run = path.join(runsFolder(), id);
  const isBegun = existsSync(path.join(run, RUN_FILE));
  if (isBegun) {
    const stored = await readRun(run);
    if (stored.run.finishedAt !== null) {
      return { run: stored.run, records: stored.records, interrupted: false, canaries: await readCanaries(own) };
    }
  }
  const target = flags.target === undefined ? undefined : path.join(flags.target, 'matrix');
  const start: StartFlags = {
    ...(flags.timeout === undefined ? {} : { timeout: flags.timeout }),
    ...(flags.quiet === undefined ? {} : { quiet: flags.quiet }),
    ...(flags.maxBytes === undefined ? {} : { maxBytes: flags.maxBytes }),
    ...(target === undefined ? {} : { target }),
    ...(isBegun ? { resume: id } : {}),
  };
  const fresh = freshRun(matrix, start);
  const prepared = isBegun
    ? await resumedRun(id, start, registry)
    : { ...fresh, run: { ...fresh.run, id }, folders: foldersOf(id, target, undefined) };
  await checkBefore(prepared, start, registry);
  const first = prepared.done.length;
  let steps = 0;
  const end = await execute(prepared, start, registry, async (_, folder, signal) => {
    if (steps % STEPS_A_CANARY === 0) {
      await appendCanary(own, await runCanary(folder, { timeoutSeconds: CANARY_SECONDS, signal }));
    }
    steps += 1;
  });
  if (flags.quiet !== true && first > 0)
    say(`Went on with the matrix after ${first} of ${prepared.plan.steps.length}.`);
  return { ...end, canaries: await readCanaries(own) };
}

async function historyOf(
  { run, records, canaries }: MatrixEnd,
  noise: ReadonlyMap<string, number>,
  flags: NightFlags,
): Promise<HistoryEnd> {
  const folder = historyFolder();
  const points = pointsOf(run, records, canaries, noise);
  if (points.length === 0)
    throw new Misuse('The night has no canary: nothing of it can be compared with other nights.');
  const added = await appendPoints(folder, points, run.machine);
  const droppedNights = await keepNights(folder, flags.keepNights);
  const history = await readHistory(folder);
  const own = ownHistory(history, run.machine);
  const changes = changePoints(own.points);
  const trend = path.join('history', 'trend.html');
  await replaceFile(path.resolve(RESULTS, trend), trendPage(own.points, changes));
  return { added, droppedNights, changePoints: changes, notes: [...history.sentences, ...own.refused], trend };
}

export function nightParts(
  plans: NightPlans,
  flags: NightFlags,
  registry: Registry,
  lastRelease: NightParts['lastRelease'],
): NightParts {
  const tell = (sentence: string): void => {
    if (flags.quiet !== true) say(sentence);
  };
  return {
    equalBuilds: async (name) => gateOf(name, undefined, plans, flags, registry),
    lastRelease,
    releaseGate: async (tag) => gateOf('release', tag, plans, flags, registry),
    matrix: async () => matrixOf(plans, flags, registry),
    history: async (matrix, noise) => historyOf(matrix, noise, flags),
    noise: async (gate) => noiseOf(await readBlocks(await nightGateFolder(plans.id, gate))),
    keep: async (night) => keepNight(path.join(nightsFolder(), plans.id), night),
    tell,
    now: () => new Date().toISOString(),
  };
}

/** The folder of one of the night's gates of equal builds. */
async function nightGateFolder(night: string, { gate }: GateResult): Promise<string> {
  for (const name of ['equal', 'equal-again']) {
    const folder = gateFolder(night, name);
    if (!existsSync(path.join(folder, 'gate.json'))) continue;
    if ((await readGate(folder)).gate.id === gate.id) return folder;
  }
  throw new Misuse(`Gate ${gate.id} of the night is gone: expected it below ${RESULTS}/gates.`);
}
