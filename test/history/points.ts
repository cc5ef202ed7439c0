/** Points of nights that follow each other: the n-th of January 2026, and on. */

import type { HistoryPoint } from '../../harness/history/types.js';
import { fingerprintOf } from '../../harness/machine-fingerprint.js';
import { CASE, MACHINE } from '../run/fixtures.js';

export const CANARY: HistoryPoint['canary'] = { version: 1, writeNs: 4e6, encodeNs: 6e6 };

export function point(night: number, change: Partial<HistoryPoint> = {}): HistoryPoint {
  const at = new Date(Date.UTC(2026, 0, night, 2)).toISOString();
  return {
    schema: 'writeproof.history.v1',
    night: `night-${night}`,
    at,
    writeproof: { version: '0.1.0', commit: null, dirty: null },
    fingerprint: fingerprintOf(MACHINE),
    case: CASE.id,
    status: 'verified',
    durableNs: 2e7,
    peakRssBytes: 1000,
    diskBytes: 500,
    repetitions: 3,
    canary: CANARY,
    normalised: 2,
    noise: 0.03,
    ...change,
  };
}
