/** A plan from its first step to its last: each record on disk before the next step starts. */

import type { Plan } from '../plan/plan.js';
import type { Step } from '../plan/order.js';
import type { Record as RunRecord, Run } from '../types.js';
import { appendRecord, writeRun } from './records.js';
import { runRepetition, type Bench } from './repetition.js';

/** What a watcher is told; nothing of it changes a result. */
export interface Progress {
  readonly onStep: (step: Step, total: number) => void;
  readonly onRecord: (record: RunRecord, total: number) => void;
}

export interface RunEnd {
  readonly run: Run;
  readonly records: readonly RunRecord[];
  readonly interrupted: boolean;
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
    const record = await runRepetition(step, bench);
    if (record === null) break;
    await appendRecord(folder, record);
    records.push(record);
    progress.onRecord(record, total);
  }
  const interrupted = records.length < total;
  const ended: Run = { ...run, finishedAt: interrupted ? null : new Date().toISOString() };
  await writeRun(folder, ended);
  return { run: ended, records, interrupted };
}
