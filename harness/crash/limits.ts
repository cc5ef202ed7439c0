/** What needs no file system of ours: a largest size of files, few open files, a folder that takes none, little memory. */

import { mkdir, readdir, rm } from 'node:fs/promises';
import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { runRepetition } from '../run/repetition.js';
import { runWorker, type Program, type WorkerEnd } from '../run/worker.js';
import { isWrite, type Verdict, type WriteCase } from '../types.js';
import { stationIn, verdictOf, type Subject } from './attempt.js';
import { skippedResult, tally, type CrashResult, type Trial } from './results.js';

/** A limit of POSIX `ulimit` for the worker alone. At the end of a file that may not grow, writes fail instead of a signal. */
const under =
  (limit: string) =>
  ([program, ...words]: Program): Program => [
    '/bin/sh',
    '-c',
    `trap '' XFSZ; ulimit ${limit} && exec "$@"`,
    'sh',
    program,
    ...words,
  ];

const ULIMIT_BLOCK_BYTES = 512;
/** Of the size of the largest file. */
const SIZES = [0, 0.25, 0.5, 0.75, 0.99];
/** From what no program starts with, on. */
const OPEN_FILES = [3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

interface Limited {
  readonly verdict: Verdict;
  readonly left: readonly string[];
  /** The worker's report says that not all was removed: that takes open files too. */
  readonly saysLeft: boolean;
}

/** What must not be under a limit; null where all is well. Pure. */
export function wrongUnderLimit(
  { verdict, left, saysLeft }: Limited,
  errnos: readonly string[],
  mayBeEnough: boolean,
): string | null {
  if (verdict.status === 'verified') return mayBeEnough ? null : 'verified, although it had not enough';
  if (verdict.status === 'crashed') return null;
  if (verdict.status !== 'failed') return `${verdict.status}, expected failed or crashed`;
  if (left.length > 0 && !saysLeft) return `failed, and left ${left.join(', ')}`;
  if (verdict.errnoName === null || errnos.includes(verdict.errnoName)) return null;
  return `failed with ${verdict.errnoName}, expected ${errnos.join(' or ')}: ${verdict.reason}`;
}

function outcomeText({ verdict }: Limited): string {
  if (verdict.status === 'failed') return `failed ${verdict.errnoName ?? 'without an errno'}`;
  return verdict.status === 'crashed' ? `crashed ${verdict.signal ?? ''}`.trim() : verdict.status;
}

const saysLeft = ({ report }: WorkerEnd): boolean => report?.outcome === 'failed' && !report.removed;

async function limited(
  subject: Subject,
  parent: string,
  trial: string,
  through?: (argv: Program) => Program,
): Promise<Limited & { readonly largestBytes: number }> {
  const { bench, case: one } = subject;
  const station = await stationIn(parent, trial, subject);
  const options = { timeoutSeconds: bench.timeoutSeconds(one), signal: bench.signal };
  const worker = await runWorker(station.job, options, through);
  const verdict = await verdictOf(station, worker, subject);
  worker.child.endLeftovers();
  const left = await readdir(station.job.directory);
  const files = worker.report?.outcome === 'done' ? worker.report.files : [];
  await rm(station.job.directory, { recursive: true });
  return { verdict, left, saysLeft: saysLeft(worker), largestBytes: Math.max(0, ...files.map(({ bytes }) => bytes)) };
}

const triedLimit = (writer: string, id: string, what: string, trials: readonly Trial[]): CrashResult => ({
  part: 'limits',
  writer,
  case: id,
  what,
  of: null,
  inconclusive: null,
  skipped: null,
  ...tally(trials),
});

/** An empty folder in which nobody can make a file, not even root; null where there is none. */
function folderThatTakesNothing(parent: string): string | null {
  const own = path.join(parent, 'read-only');
  mkdirSync(own, { mode: 0o555 });
  for (const folder of [own, '/proc/sys/fs/binfmt_misc', '/sys/kernel/security', '/sys/kernel/debug', '/proc/fs']) {
    try {
      if (readdirSync(folder).length > 0) continue;
      const probe = path.join(folder, 'writeproof-probe');
      try {
        mkdirSync(probe);
      } catch {
        return folder;
      }
      rmdirSync(probe);
    } catch {
      // Not there, or not ours to list.
    }
  }
  return null;
}

async function readOnly(subject: Subject, parent: string): Promise<CrashResult> {
  const { bench, case: one, writer } = subject;
  const what = 'a folder that takes no files';
  const folder = folderThatTakesNothing(parent);
  if (folder === null) return skippedResult('limits', writer.name, one.id, what, 'root may write in every folder here');
  const station = await stationIn(parent, 'folder', subject);
  const job = { ...station.job, directory: folder, target: path.join(folder, path.basename(station.job.target)) };
  const options = { timeoutSeconds: bench.timeoutSeconds(one), signal: bench.signal };
  const worker = await runWorker(job, options);
  const verdict = await verdictOf({ ...station, job }, worker, subject);
  worker.child.endLeftovers();
  const found: Limited = { verdict, left: await readdir(folder), saysLeft: false };
  const wrong = wrongUnderLimit(found, ['EACCES', 'EPERM', 'EROFS', 'ENOENT'], false);
  const trial: Trial = { outcome: outcomeText(found), wrong: wrong === null ? null : `${what}: ${wrong}` };
  return triedLimit(writer.name, one.id, what, [trial]);
}

async function memory(subject: Subject, hungry: WriteCase | null): Promise<CrashResult> {
  const { bench, writer } = subject;
  const what = 'little memory';
  if (hungry === null) {
    return skippedResult('limits', writer.name, subject.case.id, what, 'it does not declare the variant accumulate');
  }
  const record = await runRepetition({ position: 1, repetition: 1, case: hungry }, bench);
  if (record === null || !isWrite(record)) return skippedResult('limits', writer.name, hungry.id, what, 'interrupted');
  const { verdict } = record;
  if (verdict.status === 'skipped') return skippedResult('limits', writer.name, hungry.id, what, verdict.reason);
  const found: Limited = { verdict, left: [], saysLeft: false };
  const wrong = wrongUnderLimit(found, ['ENOMEM'], false);
  const trial: Trial = { outcome: outcomeText(found), wrong: wrong === null ? null : `${what}: ${wrong}` };
  return triedLimit(writer.name, hungry.id, what, [trial]);
}

export async function runLimits(subject: Subject, hungry: WriteCase | null): Promise<readonly CrashResult[]> {
  const { bench, case: one, writer } = subject;
  const parent = path.join(bench.target, `limits-${writer.name}`);
  await mkdir(parent);
  const honest = await limited(subject, parent, 'honest');
  const series = async (
    what: string,
    limits: readonly string[],
    errnos: readonly string[],
    mayBeEnough: boolean,
  ): Promise<CrashResult> => {
    const trials: Trial[] = [];
    for (const [index, limit] of limits.entries()) {
      if (bench.signal.aborted) break;
      const found = await limited(subject, parent, `${what.replaceAll(' ', '-')}-${index}`, under(limit));
      const wrong = wrongUnderLimit(found, errnos, mayBeEnough);
      trials.push({ outcome: outcomeText(found), wrong: wrong === null ? null : `${what}, ulimit ${limit}: ${wrong}` });
    }
    return triedLimit(writer.name, one.id, what, trials);
  };
  const sizes = SIZES.map((share) => `-f ${Math.floor((share * honest.largestBytes) / ULIMIT_BLOCK_BYTES)}`);
  const results = [
    await series('largest size of a file', sizes, ['EFBIG'], false),
    await series('few open files', OPEN_FILES.map((count) => `-n ${count}`), ['EMFILE', 'ENFILE'], true), // prettier-ignore
    await readOnly(subject, parent),
    await memory(subject, hungry),
  ];
  await rm(parent, { recursive: true, force: true });
  return results;
}
