/** Failing calls: a full disk, a broken one, short writes and a slow disk, under any writer. */

import { readdir, rm, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { countText } from '../../reports/format.js';
import { runWorker } from '../run/worker.js';
import type { Verdict } from '../types.js';
import { stationIn, verdictOf, type Subject } from './attempt.js';
import {
  mountFaultFileSystem,
  type Call,
  type Counts,
  type FaultFileSystem,
  type FaultFileSystemOptions,
  type Rule,
} from './fault-file-system.js';
import { tally, type CrashResult, type Trial } from './results.js';
import { sideBySide, spreadOf } from './spread.js';

const ENOSPC = 28;
const EIO = 5;
const SLOW_MICROSECONDS = 20_000;

/** Something that is done to the n-th call of a kind. */
export interface Injection {
  readonly name: string;
  readonly call: Call;
  readonly effect: Rule['effect'];
  /** A full disk stays full; what fails once may go well the next time. */
  readonly stays: boolean;
  /** A writer may go on without it: preallocation saves time, and is no promise. */
  readonly optional: boolean;
}

const errnoAt = (name: 'ENOSPC' | 'EIO', call: Call): Injection => ({
  name: `${name} at ${call}`,
  call,
  effect: { errno: name === 'ENOSPC' ? ENOSPC : EIO },
  stays: name === 'ENOSPC',
  optional: call === 'fallocate',
});

const SHORT: Injection = { name: 'short write', call: 'write', effect: 'short', stays: false, optional: true };

export const INJECTIONS: readonly Injection[] = [
  ...(['create', 'mkdir', 'write', 'fallocate', 'link', 'rename'] as const).map((call) => errnoAt('ENOSPC', call)),
  ...(['create', 'mkdir', 'write', 'truncate', 'link', 'rename', 'fsync', 'fsyncdir'] as const).map((call) =>
    errnoAt('EIO', call),
  ),
  SHORT,
];

/** What happened to a worker over such a file system. */
export interface Suffered {
  readonly verdict: Verdict;
  /** Names that stand in its folder afterwards. */
  readonly left: readonly string[];
  /** Files of the calls that something was done to, from the mountpoint. */
  readonly hits: readonly string[];
}

/** Files that a writer may do without, and be right: hints to be faster, which it leaves out when they fail. */
export type IsHint = (file: string) => boolean;

function outcomeText({ verdict, hits }: Suffered): string {
  if (hits.length === 0) return `not reached, ${verdict.status}`;
  if (verdict.status === 'failed') return `failed ${verdict.errnoName ?? 'without an errno'}`;
  return verdict.status === 'crashed' ? `crashed ${verdict.signal ?? ''}`.trim() : verdict.status;
}

function whyOf(verdict: Verdict): string {
  if (verdict.status === 'corrupt') {
    const first = verdict.findings[0];
    return first === undefined ? '' : `: ${first.what}, expected ${first.expected}, found ${first.actual}`;
  }
  return 'reason' in verdict ? `: ${verdict.reason}` : '';
}

/** What must not be after an injection; null where all is well. Pure. */
export function wrongAfterInjection(
  { effect, optional }: Injection,
  { verdict, left, hits }: Suffered,
  isHint: IsHint,
): string | null {
  if (verdict.status === 'verified') {
    const needed = hits.filter((file) => !isHint(file));
    if (optional || needed.length === 0) return null;
    return `verified, although a call on ${needed.join(', ')} failed`;
  }
  if (hits.length === 0) return `nothing was injected, and it is ${verdict.status}${whyOf(verdict)}`;
  if (verdict.status === 'crashed') return null;
  if (verdict.status !== 'failed') return `${verdict.status}${whyOf(verdict)}, expected failed or crashed`;
  if (left.length > 0) return `failed, and left ${left.join(', ')}`;
  const errno = effect === 'short' || effect === 'cut' ? null : effect.errno;
  if (errno === null || verdict.errno === null || verdict.errno === errno) return null;
  return `failed with ${verdict.errnoName ?? String(verdict.errno)}, injected was errno ${errno}${whyOf(verdict)}`;
}

/** Mounts, runs, unmounts; the folder is gone afterwards. */
export async function onFaultFileSystem<Result>(
  subject: Subject,
  trial: string,
  options: FaultFileSystemOptions,
  run: (files: FaultFileSystem) => Promise<Result>,
): Promise<Result> {
  const folder = path.join(subject.bench.target, `${trial}-${subject.writer.name}`);
  await mkdir(folder);
  const files = await mountFaultFileSystem(folder, options);
  try {
    return await run(files);
  } finally {
    await files.end();
    await rm(folder, { recursive: true });
  }
}

/** The name of a trial's folder in the mount. */
export const CASE_FOLDER = 'case';

async function suffer(subject: Subject, trial: string, options: FaultFileSystemOptions): Promise<Suffered> {
  const { bench, case: one } = subject;
  return onFaultFileSystem(subject, trial, options, async (files) => {
    const station = await stationIn(files.mountpoint, CASE_FOLDER, subject);
    const worker = await runWorker(station.job, {
      timeoutSeconds: bench.timeoutSeconds(one),
      signal: bench.signal,
    });
    const { hits } = await files.counts();
    const verdict = await verdictOf(station, worker, subject);
    worker.child.endLeftovers();
    return { verdict, left: await readdir(station.job.directory), hits };
  });
}

/** Calls of an honest worker: those before it, which are ours, and those until its end. */
export interface Honest {
  readonly before: Counts['calls'];
  readonly after: Counts['calls'];
}

/** Counts what an honest worker calls. Throws where it is not verified over this file system. */
export async function countCalls(subject: Subject): Promise<Honest> {
  const { bench, case: one } = subject;
  return onFaultFileSystem(subject, 'honest', {}, async (files) => {
    const station = await stationIn(files.mountpoint, CASE_FOLDER, subject);
    const before = (await files.counts()).calls;
    const worker = await runWorker(station.job, {
      timeoutSeconds: bench.timeoutSeconds(one),
      signal: bench.signal,
    });
    const after = (await files.counts()).calls;
    const verdict = await verdictOf(station, worker, subject);
    worker.child.endLeftovers();
    if (verdict.status !== 'verified') {
      throw new Error(`${one.id} over the file system of tests is ${verdict.status}${whyOf(verdict)}`);
    }
    return { before, after };
  });
}

export const callsOf = ({ before, after }: Honest, call: Call): number => (after[call] ?? 0) - (before[call] ?? 0);

export interface CallOptions {
  /** Of each injection; absent: all that `spreadOf` chooses. */
  readonly most?: number;
  readonly isHint: IsHint;
  readonly onWork: (what: string) => void;
}

async function runInjection(
  subject: Subject,
  injection: Injection,
  honest: Honest,
  { most, isHint, onWork }: CallOptions,
): Promise<CrashResult | null> {
  const { bench, case: one, writer } = subject;
  const count = callsOf(honest, injection.call);
  if (count === 0) return null;
  const chosen = spreadOf(count, most);
  onWork(`${one.id}: ${injection.name}, ${countText(chosen.length)} of ${countText(count)} calls`);
  const trials = await sideBySide(chosen, bench.signal, async (number): Promise<Trial> => {
    const nth = (honest.before[injection.call] ?? 0) + number;
    const rule: Rule = {
      call: injection.call,
      nth,
      ...(injection.stays ? {} : { times: 1 }),
      effect: injection.effect,
    };
    const suffered = await suffer(subject, `call-${injection.name.replaceAll(' ', '-')}-${number}`, { rules: [rule] });
    const wrong = wrongAfterInjection(injection, suffered, isHint);
    return {
      outcome: outcomeText(suffered),
      wrong: wrong === null ? null : `${injection.name} ${number} of ${count}: ${wrong}`,
    };
  });
  return {
    part: 'calls',
    writer: writer.name,
    case: one.id,
    what: injection.name,
    ...tally(trials),
    of: count,
    inconclusive: null,
    skipped: null,
  };
}

async function runSlow(subject: Subject): Promise<CrashResult> {
  const { case: one, writer } = subject;
  const { verdict } = await suffer(subject, 'slow', { writeDelayMicroseconds: SLOW_MICROSECONDS });
  const wrong =
    verdict.status === 'verified' ? null : `slow disk: ${verdict.status}${whyOf(verdict)}, expected verified`;
  return {
    part: 'calls',
    writer: writer.name,
    case: one.id,
    what: `slow disk, ${SLOW_MICROSECONDS / 1000} ms a write`,
    ...tally([{ outcome: verdict.status, wrong }]),
    of: null,
    inconclusive: null,
    skipped: null,
  };
}

/** Each injection at each call that there is. */
export async function runCalls(
  subject: Subject,
  honest: Honest,
  options: CallOptions,
): Promise<readonly CrashResult[]> {
  const results: CrashResult[] = [];
  for (const injection of INJECTIONS) {
    const result = await runInjection(subject, injection, honest, options);
    if (result !== null) results.push(result);
  }
  return [...results, await runSlow(subject)];
}
