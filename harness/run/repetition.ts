/** One repetition: fresh directory → measured and judged → record. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { WriterSpec } from '../../suites/types.js';
import { runCrossing } from '../crossing/repetition.js';
import { runScan } from '../scan/repetition.js';
import type { MemoryPlaces } from '../limit/places.js';
import { stampLibrary } from '../libraries.js';
import { builtFile, moduleWorkerPath, workerPath } from '../paths.js';
import { duckdbLibrary } from '../verify/duckdb-library.js';
import { lanceLibrary } from '../verify/lance.js';
import { caseFolder } from '../plan/case-id.js';
import type { Step } from '../plan/order.js';
import type {
  Case,
  LibraryStamp,
  Machine,
  Observation,
  Record as RunRecord,
  Verdict,
  VerifyJob,
  WorkerJob,
  WriteCase,
} from '../types.js';
import { EmptyPart, type Store } from './facts.js';
import { measure, unmeasured, type Outcome } from './measure.js';
import { resolveSubject, type ResolvedSubject } from './subject.js';
import { Changed } from './unchanged.js';
import type { Through } from './worker.js';

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
  /** Tables of at most so many rows are read by a second reader too; absent: those of harness/defaults.ts. */
  readonly secondReaderRows?: number;
  /** Where groups with a memory limit are to be made; absent: where /proc says. */
  readonly memoryPlaces?: MemoryPlaces;
  /** What every worker is started through; absent: nothing. A memory limit's group is entered before it. */
  readonly through?: Through;
  /** Changes that no case makes, for `check-writer`: what a writer does with a job that it must refuse, or rarely sees. */
  readonly changes?: (job: Omit<WorkerJob, 'spawnedAtNs'>) => Partial<WorkerJob>;
}

const now = (): bigint => process.hrtime.bigint();

/** A repetition's own, and a part's: not even a file of the same run passes for that of a later repetition, or of another worker. */
function nonceOf(run: string, position: number, part: number): string {
  return createHash('sha256').update(`${run}:${position}:${part}`).digest('hex').slice(0, 32);
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

/** What runs for a case: the writer, its worker, and what the verify process loads. */
function ranFor(one: WriteCase, { subject, files }: ResolvedSubject): readonly string[] {
  const worker = subject.kind === 'module' ? moduleWorkerPath() : workerPath();
  // Arrow files are read by JavaScript and the addon.
  const own = one.format === 'parquet' ? [duckdbLibrary()] : one.format === 'lance' ? [lanceLibrary()] : [];
  const readers = [builtFile('writeproof.node'), ...own];
  return [...new Set([...files, worker, ...readers])];
}

/** Why nothing can be measured, where that does not touch other cases: a part without rows, or a user's file that changes. */
function hindrance(error: unknown): Verdict {
  if (error instanceof EmptyPart) return { status: 'skipped', reason: error.message };
  if (!(error instanceof Changed)) throw error;
  return { status: 'failed', step: 'source', errno: null, errnoName: null, reason: error.message };
}

/** Without where on this machine the case was written: records hold no absolute paths, whatever a writer's sentence says. */
function withoutFolder({ verdict, notes, writerSays, ...rest }: Outcome, directory: string): Outcome {
  const text = JSON.stringify({ verdict, notes, writerSays });
  const inJson = JSON.stringify(directory).slice(1, -1);
  const said = JSON.parse(text.replaceAll(`${inJson}/`, '').replaceAll(inJson, '.')) as Outcome;
  return { ...rest, verdict: said.verdict, notes: said.notes, writerSays: said.writerSays };
}

/** Measures, where it can. */
async function measured(...of: Parameters<typeof measure>): Promise<Outcome> {
  try {
    return await measure(...of);
  } catch (error) {
    return unmeasured(hindrance(error));
  }
}

/** Runs one step of the plan. Returns null when the run was interrupted meanwhile: that is no result. */
export async function runRepetition(step: Step, bench: Bench): Promise<RunRecord | null> {
  const one = step.case;
  if (one.kind === 'crossing') return runCrossing(step, one, bench);
  if (one.kind === 'scan') return runScan(step, one, bench);
  const started = now();
  const startedAt = new Date().toISOString();
  const writer = bench.writers.get(one.writer);
  if (writer === undefined) throw new Error(`writer ${one.writer} is not in the registry`);
  const subject = resolveSubject(one, writer);
  const reason = skipReason(one, bench, subject);
  const folder = caseFolder(step.position, one.id);
  const directory = path.join(bench.target, folder);

  let outcome: Outcome;
  let libraries: readonly LibraryStamp[] = [];
  if (reason !== null || 'missing' in subject) {
    outcome = unmeasured({ status: 'skipped', reason: reason ?? 'missing' });
  } else {
    libraries = await Promise.all(ranFor(one, subject).map(stampLibrary));
    await freshDirectory(directory, bench.overwrite);
    try {
      const seen = await measured(one, bench, writer, directory, (part) => nonceOf(bench.nonce, step.position, part));
      outcome = withoutFolder(seen, directory);
    } finally {
      // Retried where a writer's process still makes files in it.
      const removed = { recursive: true, force: true, maxRetries: 5 };
      if (!bench.keep || bench.signal.aborted) await rm(directory, removed);
    }
  }
  if (bench.signal.aborted) return null;
  return {
    schema: 'writeproof.record.v1',
    run: bench.runId,
    case: one,
    repetition: step.repetition,
    position: step.position,
    startedAt,
    verdict: outcome.verdict,
    crossed: outcome.crossed,
    writerSays: outcome.writerSays,
    libraries,
    machine: bench.machine,
    files: outcome.files.map(({ path: file, bytes }) => ({ path: file, bytes })),
    kept: bench.keep && outcome.verdict.status !== 'skipped' ? folder : null,
    notes: outcome.notes,
    harnessNs: Number(now() - started) - outcome.othersNs,
  };
}
