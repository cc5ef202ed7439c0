/** One repetition: source ready → fresh directory → worker → verify process → verdict → record. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { WriterSpec } from '../../suites/types.js';
import { runCrossing } from '../crossing/repetition.js';
import { SWITCHES } from '../defaults.js';
import { stampLibrary } from '../libraries.js';
import { Misuse } from '../misuse.js';
import { builtFile, workerPath } from '../paths.js';
import { duckdbLibrary } from '../verify/duckdb-library.js';
import { caseFolder } from '../plan/case-id.js';
import type { Step } from '../plan/order.js';
import type {
  Case,
  Facts,
  FileStamp,
  LibraryStamp,
  Machine,
  Observation,
  Record as RunRecord,
  Verdict,
  VerifyJob,
  WorkerJob,
  WriteCase,
} from '../types.js';
import { EmptyPart, ensureFacts, ensurePrepared, type Store } from './facts.js';
import { judge } from './judge.js';
import { besideFindings, placeFindings, rememberDirectory, stampFiles } from './stamps.js';
import { resolveSubject, type ResolvedSubject } from './subject.js';
import { Changed } from './unchanged.js';
import { runWorker, type WorkerEnd } from './worker.js';

/** Starts the verify process; what happens to it is a result. */
export type VerifyTarget = (
  job: VerifyJob,
  options: { readonly timeoutSeconds: number; readonly signal?: AbortSignal },
) => Promise<Observation | { readonly crashed: string }>;

/** What all repetitions of a run share. */
export interface Bench {
  readonly runId: string;
  readonly nonce: string;
  readonly machine: Machine;
  readonly target: string;
  readonly keep: boolean;
  readonly overwrite: boolean;
  readonly store: Store;
  readonly writers: ReadonlyMap<string, WriterSpec>;
  /** Why direct cases cannot run on the target, or null. */
  readonly noDirect: string | null;
  readonly signal: AbortSignal;
  readonly timeoutSeconds: (one: Case) => number;
  readonly verify: VerifyTarget;
  /** Changes that no case makes, for `check-writer`: what a writer does with a job that it must refuse, or rarely sees. */
  readonly changes?: (job: Omit<WorkerJob, 'spawnedAtNs'>) => Partial<WorkerJob>;
}

/** The second reader reads in full up to this many rows (all tables of SF 0.1); beyond, DuckDB's reading stands alone. */
const SECOND_READER_ROWS = 1_000_000;

interface Outcome {
  readonly verdict: Verdict;
  readonly worker: WorkerEnd | null;
  readonly files: readonly FileStamp[];
  readonly notes: readonly string[];
  /** Time of the worker and the verifier, and of making the source: not the harness's own. */
  readonly othersNs: number;
}

const now = (): bigint => process.hrtime.bigint();

async function source(one: Case, bench: Bench): Promise<{ readonly facts: Facts; readonly path: string | null }> {
  if (one.source === 'prepared') return ensurePrepared(one, bench.store);
  return { facts: await ensureFacts(one, bench.store), path: null };
}

function jobOf(
  one: WriteCase,
  subject: ResolvedSubject,
  directory: string,
  target: string,
  preparedPath: string | null,
  nonce: string,
): Omit<WorkerJob, 'spawnedAtNs'> {
  const { batchRows, threads, overlap, flushEvery, part, writer } = one.options;
  return {
    subject: subject.subject,
    table: one.table,
    scale: one.scale,
    part,
    source: one.source,
    preparedPath,
    batchRows,
    threads,
    overlap,
    flushEvery,
    variant: one.variant,
    switches: SWITCHES[one.variant],
    writerOptions: writer,
    directory,
    target,
    nonce,
  };
}

/** A target that no reader can judge (a format without one) is not verified; the rest of the run goes on. */
const observed = async (verify: VerifyTarget, ...job: Parameters<VerifyTarget>): ReturnType<VerifyTarget> => {
  try {
    return await verify(...job);
  } catch (error) {
    if (error instanceof Misuse) return { crashed: error.message };
    throw error;
  }
};

async function measure(
  one: WriteCase,
  bench: Bench,
  writer: WriterSpec,
  subject: ResolvedSubject,
  directory: string,
  nonce: string,
): Promise<Outcome> {
  const beforeSource = now();
  const { facts, path: preparedPath } = await source(one, bench);
  const sourceNs = Number(now() - beforeSource);
  const timeoutSeconds = bench.timeoutSeconds(one);
  const options = { timeoutSeconds, signal: bench.signal };
  const target = path.join(directory, `${path.parse(one.table.replace(/^file:/, '')).name}.${writer.extension}`);
  const made = await rememberDirectory(directory);
  const job = jobOf(one, subject, directory, target, preparedPath, nonce);
  const worker = await runWorker({ ...job, ...bench.changes?.(job) }, options);
  const filesBeforeVerify = await stampFiles(directory);
  const place = [
    ...(await placeFindings(made, filesBeforeVerify)),
    ...besideFindings(directory, target, filesBeforeVerify),
  ];
  const done = worker.report?.outcome === 'done' && worker.child.signal === null && !worker.child.timedOut;
  let observation: Observation | { readonly crashed: string } | null = null;
  let verifyWallNs = 0;
  if (done && !bench.signal.aborted) {
    const beforeVerify = now();
    observation = await observed(
      bench.verify,
      {
        directory,
        target,
        format: one.format,
        facts,
        // A program that makes the rows itself cannot be told the nonce; its directory was made for this repetition.
        nonce: subject.sendsRows ? nonce : null,
        files: filesBeforeVerify,
        secondReader: facts.rows <= SECOND_READER_ROWS,
        dropCache: one.options.cold,
        ...(writer.implementation === undefined ? {} : { implementation: writer.implementation }),
      },
      options,
    );
    verifyWallNs = Number(now() - beforeVerify);
  }
  worker.child.endLeftovers();
  const kind = subject.subject.kind;
  const evidence = { case: one, subject: kind, sendsRows: subject.sendsRows, facts, worker };
  const verdict = judge({ ...evidence, timeoutSeconds, place, filesBeforeVerify, observation });
  const seen = observation !== null && 'notes' in observation ? observation : null;
  const report = worker.report?.outcome === 'done' ? worker.report : null;
  const verifyNs = seen?.verifyNs ?? verifyWallNs;
  return {
    verdict,
    worker,
    files: filesBeforeVerify,
    notes: [...(report?.warnings ?? []), ...(seen?.notes ?? []), ...handoverNotes(report?.crossed)],
    othersNs: sourceNs + worker.child.wallNs + verifyNs,
  };
}

function handoverNotes(crossed: RunRecord['crossed'] | undefined): readonly string[] {
  return crossed?.handover === 'pointer' && crossed.addressesProved === null ? ['handed over by pointer'] : [];
}

/** A repetition's own: not even a file of the same run passes for that of a later repetition. */
function nonceOf(run: string, position: number): string {
  return createHash('sha256').update(`${run}:${position}`).digest('hex').slice(0, 32);
}

function skipReason(one: WriteCase, bench: Bench, subject: ReturnType<typeof resolveSubject>): string | null {
  if ('missing' in subject) return subject.missing;
  return one.variant === 'direct' ? bench.noDirect : null;
}

/** A fresh directory: an older file could otherwise pass for a new one. */
async function freshDirectory(directory: string, overwrite: boolean): Promise<void> {
  if (overwrite && existsSync(directory)) await rm(directory, { recursive: true });
  await mkdir(directory, { recursive: false });
}

/** Why nothing can be measured, where that does not touch other cases: a part without rows, or a user's file that changes. */
function hindrance(error: unknown): Verdict {
  if (error instanceof EmptyPart) return { status: 'skipped', reason: error.message };
  if (!(error instanceof Changed)) throw error;
  return { status: 'failed', step: 'source', errno: null, errnoName: null, reason: error.message };
}

/** Measures, where it can. */
async function measured(...of: Parameters<typeof measure>): Promise<Outcome> {
  try {
    return await measure(...of);
  } catch (error) {
    return { verdict: hindrance(error), worker: null, files: [], notes: [], othersNs: 0 };
  }
}

/** Runs one step of the plan. Returns null when the run was interrupted meanwhile: that is no result. */
export async function runRepetition(step: Step, bench: Bench): Promise<RunRecord | null> {
  const one = step.case;
  if (one.kind === 'crossing') return runCrossing(step, one, bench);
  const started = now();
  const startedAt = new Date().toISOString();
  const writer = bench.writers.get(one.writer);
  if (writer === undefined) throw new Error(`writer ${one.writer} is not in the registry`);
  const subject = resolveSubject(one, writer);
  const skipped = skipReason(one, bench, subject);
  const folder = caseFolder(step.position, one.id);
  const directory = path.join(bench.target, folder);

  let outcome: Outcome;
  let libraries: readonly LibraryStamp[] = [];
  if (skipped !== null || 'missing' in subject) {
    const verdict: Verdict = { status: 'skipped', reason: skipped ?? 'missing' };
    outcome = { verdict, worker: null, files: [], notes: [], othersNs: 0 };
  } else {
    libraries = await Promise.all(
      [subject.file, workerPath(), builtFile('writeproof.node'), duckdbLibrary()].map(stampLibrary),
    );
    await freshDirectory(directory, bench.overwrite);
    try {
      outcome = await measured(one, bench, writer, subject, directory, nonceOf(bench.nonce, step.position));
    } finally {
      if (!bench.keep || bench.signal.aborted) await rm(directory, { recursive: true, force: true });
    }
  }
  if (bench.signal.aborted) return null;
  const report = outcome.worker?.report?.outcome === 'done' ? outcome.worker.report : null;
  return {
    schema: 'writeproof.record.v1',
    run: bench.runId,
    case: one,
    repetition: step.repetition,
    position: step.position,
    startedAt,
    verdict: outcome.verdict,
    crossed: report?.crossed ?? null,
    writerSays: report?.writerSays ?? null,
    libraries,
    machine: bench.machine,
    files: outcome.files.map(({ path: file, bytes }) => ({ path: file, bytes })),
    kept: bench.keep && outcome.verdict.status !== 'skipped' ? folder : null,
    notes: outcome.notes,
    harnessNs: Number(now() - started) - outcome.othersNs,
  };
}
