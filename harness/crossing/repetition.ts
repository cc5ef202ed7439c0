/** One repetition of a crossing: batches ready → a fresh process with the loop → verdict → record. */

import { fileURLToPath } from 'node:url';
import { stampLibrary } from '../libraries.js';
import { builtFile, workerPath } from '../paths.js';
import type { Step } from '../plan/order.js';
import { runChild } from '../run/child.js';
import { ensurePrepared } from '../run/facts.js';
import type { Bench } from '../run/repetition.js';
import type { CrossingCase, CrossingRecord } from '../types.js';
import { judgeCrossing } from './judge.js';
import type { CrossingJob } from './report.js';

const LOOP = fileURLToPath(new URL('process.js', import.meta.url));

/** As tinybench has them by default, for both loops. */
const TIME_MS = 1000;
const LEAST_BATCHES = 64;

/** Returns null when the run was interrupted meanwhile: that is no result. */
export async function runCrossing(step: Step, one: CrossingCase, bench: Bench): Promise<CrossingRecord | null> {
  const started = process.hrtime.bigint();
  const startedAt = new Date().toISOString();
  const { facts, path } = await ensurePrepared(one, bench.store);
  const sourceNs = Number(process.hrtime.bigint() - started);
  const native = one.loop === 'native';
  const argv: readonly [string, string] = native ? [workerPath(), 'crossing'] : [process.execPath, LOOP];
  const libraries = await Promise.all([native ? workerPath() : builtFile('writeproof.node')].map(stampLibrary));
  const job: CrossingJob = {
    preparedPath: path,
    handover: one.handover,
    timeMs: TIME_MS,
    leastBatches: LEAST_BATCHES,
  };
  const timeoutSeconds = bench.timeoutSeconds(one);
  const child = await runChild(argv, () => JSON.stringify(job), { timeoutSeconds, signal: bench.signal });
  child.endLeftovers();
  if (bench.signal.aborted) return null;
  return {
    schema: 'writeproof.record.v1',
    run: bench.runId,
    case: one,
    repetition: step.repetition,
    position: step.position,
    startedAt,
    verdict: judgeCrossing({ case: one, facts, child, timeoutSeconds }),
    crossed: null,
    writerSays: null,
    libraries,
    machine: bench.machine,
    files: [],
    kept: null,
    notes: [],
    harnessNs: Number(process.hrtime.bigint() - started) - sourceNs - child.wallNs,
  };
}
