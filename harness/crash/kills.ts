/** SIGKILL at random moments, aimed so that every phase is hit, and counted by the phase that the worker was in when it died. */

import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { randomFrom } from '../plan/order.js';
import type { Station } from '../run/station.js';
import { runWorker, type WorkerEnd } from '../run/worker.js';
import type { Facts } from '../types.js';
import { findingsAt, remainsOf, stationIn, verdictOf, type Remains, type Subject } from './attempt.js';
import {
  makePhaseFile,
  phaseOf,
  PHASES,
  readPhaseFile,
  type Kill,
  type Phase,
  type Progress,
  type WorkerStep,
} from './phases.js';
import { AT_ONCE, sideBySide } from './spread.js';
import { tally, type CrashResult, type Trial } from './results.js';

/** Of so many kills at least one in each phase. */
const KILLS_A_HIT = 10;
/** Tries for a phase that is hard to hit, in kills asked for. */
const PATIENCE = 2;
/** After an aim that hit, and one that missed. */
const LONGER = 1.2;
const SHORTER = 0.6;

/** What must not be after a kill; null where all is well. Pure. */
export function wrongAfterKill(
  { step, flushes }: Pick<Progress, 'step' | 'flushes'>,
  remains: Remains,
  versions: number,
): string | null {
  const where = `killed in ${step} after ${flushes} flushes`;
  const early = step !== 'close' && step !== 'sync' && step !== 'durable';
  if (remains.is === 'new whole') {
    return early ? `${where}, before the writer had all rows, and verified as whole` : null;
  }
  if (step === 'durable') return `${where}, when all was durable: ${remains.is}`;
  if (versions === 0) return null;
  if (remains.is === 'half, refused') {
    const { what, expected, actual } = remains.findings[0] ?? { what: 'nothing', expected: '', actual: '' };
    return `${where}: its latest version is refused: ${what}, expected ${expected}, found ${actual}`;
  }
  const version = remains.is === 'no dataset' ? 0 : remains.version;
  // The flush under way may have committed before it died.
  const expected = Math.min(flushes, versions);
  if (version >= expected && version <= expected + 1) return null;
  return `${where}: version ${version} stands, expected ${expected} or the one after it`;
}

type Draw = () => number;

/** A random moment of a phase, or of its first part, as long as it lasted in an honest run; of commits, in one of them. */
function aimAt(phase: Phase, { spentNs, flushes }: Progress, draw: Draw, reach: number): Kill {
  const within = (step: WorkerStep, nth: number, times: number): Kill => ({
    phase: step,
    nth,
    afterNs: Math.round((reach * draw() * spentNs[step]) / times),
  });
  const turn = Math.floor(draw() * (flushes + 1));
  // Each flush is a commit, and comes between two stretches of writing; the last commit is the engine's fsync.
  if (phase === 'write') return within('write', turn + 1, flushes + 1);
  if (phase !== 'commit') return within(phase, 1, 1);
  return turn < flushes ? within('flush', turn + 1, flushes) : within('sync', 1, 1);
}

/** Runs a worker that says how far it is, and that the kernel kills where it is asked to. */
async function watched(
  station: Station,
  { bench, case: one }: Subject,
  kill?: Kill,
): Promise<{ readonly worker: WorkerEnd; readonly progress: Progress }> {
  const file = `${station.job.directory}.phases`;
  await makePhaseFile(file);
  const job = { ...station.job, phases: { file, ...(kill === undefined ? {} : { kill }) } };
  const worker = await runWorker(job, { timeoutSeconds: bench.timeoutSeconds(one), signal: bench.signal });
  worker.child.endLeftovers();
  const progress = await readPhaseFile(file);
  await rm(file);
  return { worker, progress };
}

/** How an honest run goes. Throws where it is not verified: nothing can be said of kills then. */
async function learn(subject: Subject, parent: string): Promise<Progress> {
  const station = await stationIn(parent, 'honest', subject);
  const { worker, progress } = await watched(station, subject);
  const verdict = await verdictOf(station, worker, subject);
  if (verdict.status !== 'verified') {
    throw new Error(`${subject.case.id} without a kill is ${verdict.status}: ${JSON.stringify(verdict).slice(0, 500)}`);
  }
  await rm(station.job.directory, { recursive: true });
  return progress;
}

interface Hit extends Trial {
  readonly phase: Phase | null;
}

/** Kills a worker, and asks what is left. Null where it was ended by something else. */
async function strike(
  subject: Subject,
  parent: string,
  trial: string,
  kill: Kill,
  versions: readonly Facts[],
): Promise<Hit> {
  const station = await stationIn(parent, trial, subject);
  const { progress, worker } = await watched(station, subject, kill);
  const { directory, target } = station.job;
  const remains = await remainsOf(target, subject.case.format, subject.sources.whole, versions, async (facts) =>
    findingsAt(station, directory, facts, subject),
  );
  await rm(directory, { recursive: true });
  const phase = worker.child.signal === 'SIGKILL' ? phaseOf(progress.step) : null;
  const failed = worker.report?.outcome === 'failed' ? `not killed, it failed: ${worker.report.message}` : null;
  return { phase, outcome: remains.is, wrong: failed ?? wrongAfterKill(progress, remains, versions.length) };
}

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  readonly onTrial: (done: number, of: number) => void;
}

/** Results by phase, in order; kills before create and after the last fsync stand apart. */
export async function runKills(
  subject: Subject,
  versions: readonly Facts[],
  { kills, seed, onTrial }: KillOptions,
): Promise<readonly CrashResult[]> {
  const { bench, case: one, writer } = subject;
  const parent = path.join(bench.target, `kills-${writer.name}`);
  await mkdir(parent);
  const pace = await learn(subject, parent);
  const draw = randomFrom(seed);
  const needed = Math.floor(kills / KILLS_A_HIT);
  const counts: { [phase in Phase]: number } = { create: 0, write: 0, close: 0, commit: 0 };
  /** Of a phase's length in the honest run: a busy machine may have made that long, and the aim goes past it then. */
  const reach: { [phase in Phase]: number } = { create: 1, write: 1, close: 1, commit: 1 };
  const all: Hit[] = [];
  const isShort = (): boolean => PHASES.some((phase) => counts[phase] < needed);
  while ((all.length < kills || (isShort() && all.length < PATIENCE * kills)) && !bench.signal.aborted) {
    const first = all.length;
    // The phases that were hit least, while there are kills to give.
    const round = [...PHASES].sort((one, other) => counts[one] - counts[other]).slice(0, AT_ONCE);
    const hits = await sideBySide(round, bench.signal, async (phase, index) =>
      strike(subject, parent, String(first + index), aimAt(phase, pace, draw, reach[phase]), versions),
    );
    for (const [index, { phase }] of hits.entries()) {
      if (phase !== null) counts[phase] += 1;
      const aimed = round[index];
      if (aimed !== undefined) reach[aimed] = Math.min(1, reach[aimed] * (phase === aimed ? LONGER : SHORTER));
    }
    all.push(...hits);
    onTrial(all.length, kills);
  }
  await rm(parent, { recursive: true, force: true });
  const of = (phase: Phase | null, what: string): CrashResult => {
    const own = tally(all.filter((hit) => hit.phase === phase));
    const few = phase !== null && own.trials < needed;
    const inconclusive = few ? `${own.trials} kills in ${what} of ${all.length}, expected ${needed} or more` : null;
    return { part: 'kills', writer: writer.name, case: one.id, what, ...own, of: null, inconclusive, skipped: null };
  };
  const outside = of(null, 'outside');
  return [...PHASES.map((phase) => of(phase, phase)), ...(outside.trials > 0 ? [outside] : [])];
}
