/** Claims and records made by hand, for what is judged without a run. */

import { chooseClaims, type ChosenClaim } from '../../harness/claims/cases.js';
import { planClaims, type ClaimPlan } from '../../harness/claims/plan.js';
import type { Measurement, Verdict, WriteRecord } from '../../harness/types.js';
import type { ClaimedFigure, ClaimSpec, SystemSpec } from '../../suites/claims/types.js';
import { withFaultyWriters } from '../../suites/faults/index.js';
import { REGISTRY, type Registry } from '../../suites/index.js';
import { CASE, MEASUREMENT, record, VERIFIED } from '../run/fixtures.js';

export const WITH_FAULTS: Registry = { ...REGISTRY, writers: withFaultyWriters(REGISTRY.writers) };

export const SUBJECT = 'region@1/parquet/zero-copy';
export const REFERENCE = 'region@1/parquet/stream';
export const LIE = 'region@1/faulty-parquet/zero-copy;fault=ack-only';

export const SAVED: ClaimedFigure = { text: '10–20 %', range: [10, 20], unit: '%', wanted: 'about', tolerance: 0 };
export const TIMES: ClaimedFigure = { text: '2–5×', range: [2, 5], unit: '×', wanted: 'about', tolerance: 0.1 };
export const SECONDS: ClaimedFigure = { text: '2 s', range: [2, 2], unit: 's', wanted: 'about', tolerance: 0.25 };

/** Streaming, compared with a reference, and a fault in its place. */
export const CLAIM: ClaimSpec = {
  id: 'X1',
  what: 'time that it saves',
  claimed: SAVED,
  source: 'saves 10–20 %',
  measure: { kind: 'saved', metric: 'durable', subject: SUBJECT, reference: REFERENCE },
  faults: [{ fault: 'ack-only', insteadOf: SUBJECT }],
  note: 'By hand.',
};

export const system = (...claims: readonly ClaimSpec[]): SystemSpec => ({ name: 'X', about: 'by hand', claims });

export interface Asked {
  readonly chosen: readonly ChosenClaim[];
  readonly plan: ClaimPlan;
}

export function asked(...claims: readonly ClaimSpec[]): Asked {
  const chosen = chooseClaims([system(...claims)], [], []);
  return { chosen, plan: planClaims(chosen, WITH_FAULTS, 3, 1) };
}

export const measured = (change: Partial<Measurement>): Verdict => ({
  ...(VERIFIED as Extract<Verdict, { readonly status: 'verified' }>),
  measurement: { ...MEASUREMENT, ...change },
});

export const corrupt = (change: Partial<Measurement>): Verdict => ({
  status: 'corrupt',
  findings: [
    { detector: 'N', what: 'rows by reading', expected: '1000', actual: '0' },
    { detector: 'F', what: 'first bytes', expected: 'PAR1', actual: '' },
  ],
  refused: { ...MEASUREMENT, ...change },
});

export const recordOf = (id: string, repetition: number, verdict: Verdict): WriteRecord =>
  record(repetition, verdict, { ...CASE, id }, repetition);

/** A verified repetition for each number of seconds. */
export const seconds = (id: string, ...all: readonly number[]): readonly WriteRecord[] =>
  all.map((value, index) => recordOf(id, index + 1, measured({ durableNs: value * 1e9 })));
