/** A plan from its first step to its last: each record on disk before the next step starts. */

import { Misuse } from '../misuse.js';
import type { Plan } from '../plan/plan.js';
import type { Step } from '../plan/order.js';
import type { Case, Record as RunRecord, Run } from '../types.js';
import { appendRecord, writeRun } from './records.js';
import { runRepetition, type Bench } from './repetition.js';

/** What a watcher is told; nothing of it changes a result. */
export interface Progress {
  readonly onStep: (step: Step, total: number) => void;
  /** Awaited before a step, such as for fixed work that is done beside those of the plan; absent: nothing is. */
  readonly beside?: (step: Step) => Promise<void>;
  readonly onRecord: (record: RunRecord, total: number) => void;
}

export interface RunEnd {
  readonly run: Run;
  readonly records: readonly RunRecord[];
  readonly interrupted: boolean;
}

const isSameWriter = (one: Case, other: Case): boolean =>
  one.kind === 'write' && other.kind === 'write' ? one.writer === other.writer : one.id === other.id;

/** All cases of a writer must have run the same code: medians over two builds say nothing, nor do its variants of two. */
function checkSameLibraries(record: RunRecord, earlier: readonly RunRecord[]): void {
  const text = (one: RunRecord): string => one.libraries.map(({ file, sha256 }) => `${file} ${sha256}`).join(', ');
  const first = earlier.find((one) => isSameWriter(one.case, record.case) && one.libraries.length > 0);
  if (first === undefined || record.libraries.length === 0 || text(first) === text(record)) return;
  throw new Misuse(
    `${record.case.id} ran with ${text(record)}, repetition ${first.repetition} of ${first.case.id} with ${text(first)}: start a new run.`,
  );
}

async function besideAnd(step: Step, bench: Bench, progress: Progress): Promise<RunRecord | null> {
  await progress.beside?.(step);
  return runRepetition(step, bench);
}

/** Runs the steps that `done` does not hold yet. */
export async function runPlan(
  plan: Pick<Plan, 'steps'>,
  run: Run,
  folder: string,
  done: readonly RunRecord[],
  bench: Bench,
  progress: Progress,
): Promise<RunEnd> {
  await writeRun(folder, run);
  const records = [...done];
  const recorded = new Set(done.map((record) => record.position));
  const total = plan.steps.length;
  for (const step of plan.steps) {
    if (recorded.has(step.position)) continue;
    if (bench.signal.aborted) break;
    progress.onStep(step, total);
    const record = await besideAnd(step, bench, progress).catch((error: unknown) => {
      // Preparing batches was interrupted: no result either.
      if (bench.signal.aborted) return null;
      throw error;
    });
    if (record === null) break;
    checkSameLibraries(record, records);
    await appendRecord(folder, record);
    records.push(record);
    progress.onRecord(record, total);
  }
  const interrupted = records.length < total;
  const ended: Run = { ...run, finishedAt: interrupted ? null : new Date().toISOString() };
  await writeRun(folder, ended);
  return { run: ended, records, interrupted };
}
