/** Workers that run at the same time, one for each part of a table. */

import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { WorkerJob } from '../types.js';
import type { ChildOptions } from './child.js';
import { runWorker, type Through, type WorkerEnd } from './worker.js';

export interface Ends {
  readonly ends: readonly WorkerEnd[];
  /** The first that did not get to its end: those that still ran then were ended for it. Null when all got there. */
  readonly failed: number | null;
}

const isDone = ({ report, child }: WorkerEnd): boolean =>
  report?.outcome === 'done' && child.signal === null && !child.timedOut;

/** Whether a worker was ready and waited for another when it ended: then it is the other's timeout that counts. */
async function hasWaited({ start, directory }: Pick<WorkerJob, 'start' | 'directory'>): Promise<boolean> {
  if (start === undefined) return false;
  const ready = await readdir(start.directory);
  return ready.includes(path.basename(directory)) && ready.length < start.workers;
}

/** Runs one worker for each job. When one fails, what the others would still write proves nothing: they are ended. */
export async function runTogether(
  jobs: readonly Omit<WorkerJob, 'spawnedAtNs'>[],
  options: ChildOptions & { readonly signal: AbortSignal },
  through?: Through,
): Promise<Ends> {
  const others = new AbortController();
  const signal = AbortSignal.any([options.signal, others.signal]);
  const first: { failed: number | null } = { failed: null };
  const ends = await Promise.all(
    jobs.map(async (job, index) => {
      const end = await runWorker(job, { ...options, signal }, through);
      if (!isDone(end) && !(end.child.timedOut && (await hasWaited(job)))) {
        first.failed ??= index;
        others.abort();
      }
      return end;
    }),
  );
  const unfinished = ends.findIndex((end) => !isDone(end));
  return { ends, failed: first.failed ?? (unfinished < 0 ? null : unfinished) };
}
