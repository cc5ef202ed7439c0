/**
 * What a repetition costs apart from its time: quiet counters, taken in a repetition of its own that is verified and not timed, because
 * counting allocations takes time too.
 */

import type { WriterHolder } from '../../suites/types.js';
import { builtFile } from '../paths.js';
import { runRepetition, type Bench } from '../run/repetition.js';
import type { Program } from '../run/worker.js';
import { isWrite, type Measurement, type Verdict, type WriteCase, type WriteRecord } from '../types.js';
import type { Metric } from './types.js';
import { writtenOf } from './written.js';

export const COUNTERS = [
  'size',
  'allocated bytes',
  'allocations',
  'written bytes',
  'write calls',
  'page faults',
] as const satisfies readonly Metric[];
export type Counter = (typeof COUNTERS)[number];

/** A number, or why nobody can know it. */
export type Count = { readonly value: number } | { readonly why: string };
export type Counters = Readonly<Record<Counter, Count>>;

export interface Counted {
  /** Null where it was interrupted. */
  readonly record: WriteRecord | null;
  /** Null where it was not verified. */
  readonly counters: Counters | null;
  /** Why there are none. */
  readonly why: string | null;
}

/** Lets the library count that is loaded before all others, in the worker alone and not in what its output is read with. */
export function counting([program, ...words]: Program): Program {
  return ['/usr/bin/env', `LD_PRELOAD=${builtFile('libwriteproof_counting.so')}`, program, ...words];
}

/** Why a verdict holds no counters, in one sentence. */
export function whyNotVerified(verdict: Verdict): string | null {
  if (verdict.status === 'verified') return null;
  if (verdict.status !== 'corrupt') return `${verdict.status}: ${verdict.reason}`;
  const [first] = verdict.findings;
  return `corrupt: ${first === undefined ? 'it was not read' : `${first.what}, expected ${first.expected}, found ${first.actual}`}`;
}

const NOBODY_COUNTED: Readonly<Record<WriterHolder['kind'], string>> = {
  library: 'nobody counted: the worker runs without the library that counts, which needs glibc',
  module: 'allocations of JavaScript are not those of malloc',
  command: 'allocations are counted within the worker, and a command runs outside of it',
};

function countersOf(measurement: Measurement, writerSays: unknown, holder: WriterHolder['kind']): Counters {
  // Builds of older commits say nothing of them.
  const allocations = (measurement.allocations as Measurement['allocations'] | undefined) ?? null;
  const allocated = (of: 'bytes' | 'count'): Count =>
    allocations === null ? { why: NOBODY_COUNTED[holder] } : { value: allocations[of] };
  return {
    size: { value: measurement.diskBytes },
    'allocated bytes': allocated('bytes'),
    allocations: allocated('count'),
    ...writtenOf(measurement, writerSays),
    'page faults': { value: measurement.pageFaults.minor },
  };
}

/** Runs a case once at a position of its own, and counts. */
export async function countedRepetition(one: WriteCase, position: number, bench: Bench): Promise<Counted> {
  const holder = bench.writers.get(one.writer)?.holder.kind ?? 'library';
  const own = holder === 'library' ? { ...bench, through: counting } : bench;
  const record = await runRepetition({ position, repetition: 1, case: one }, own);
  if (record === null || !isWrite(record)) return { record: null, counters: null, why: 'interrupted' };
  const { verdict, writerSays } = record;
  const why = whyNotVerified(verdict);
  if (verdict.status !== 'verified') return { record, counters: null, why };
  return { record, counters: countersOf(verdict.measurement, writerSays, holder), why: null };
}
