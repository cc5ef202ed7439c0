/** Attempts, verdicts and results made by hand. */

import type { Attempt } from '../../harness/faults/plan.js';
import type { FaultResult } from '../../harness/faults/results.js';
import type { Detector, Record as RunRecord, Verdict } from '../../harness/types.js';
import { CASE, record, VERIFIED } from '../run/fixtures.js';

export const FAULTY = 'orders@0.01/faulty-parquet/stream;fault=x';
export const HONEST = 'orders@0.01/faulty-parquet/stream';

export const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  fault: { name: 'x', about: 'lies', seenIn: 'nowhere', mustFire: 'MN' },
  writer: 'parquet',
  variant: 'stream',
  expected: ['M', 'N'],
  blind: ['O'],
  id: FAULTY,
  control: HONEST,
  reason: null,
  ...change,
});

export const corruptBy = (...detectors: readonly Detector[]): Verdict => ({
  status: 'corrupt',
  findings: detectors.map((detector) => ({ detector, what: 'rows', expected: '3', actual: '2' })),
  refused: null,
});

export const failedIn = (step: string, reason = 'no'): Verdict => ({
  status: 'failed',
  step,
  errno: null,
  errnoName: null,
  reason,
});

/** Records of the faulty case and of the same one without a fault. */
export const records = (faulty: Verdict, honest: Verdict = VERIFIED): readonly RunRecord[] => [
  record(1, faulty, { ...CASE, id: FAULTY }),
  record(2, honest, { ...CASE, id: HONEST }),
];

export const result = (change: Partial<FaultResult>): FaultResult => ({
  fault: 'x',
  writer: 'parquet',
  variant: 'stream',
  case: FAULTY,
  applies: true,
  reason: null,
  status: 'corrupt',
  damaged: true,
  caught: true,
  detectors: ['M'],
  expected: ['M'],
  silent: [],
  unexpected: [],
  control: { case: HONEST, status: 'verified' },
  what: '',
  ...change,
});
