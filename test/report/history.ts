/** A made-up history: forty nights of two cases, one of which became slower and larger on the thirty-first, on another machine from the eleventh. */

import type { ChangePoint, HistoryPoint } from '../../harness/history/types.js';

const NIGHTS = 40;
const CHANGE = 30;
const DAY_MS = 86_400_000;
const at = (night: number): string => new Date(Date.UTC(2026, 0, 1, 2) + night * DAY_MS).toISOString();

function pointOf(id: string, night: number): HistoryPoint {
  const changed = id.includes('lance') && night >= CHANGE;
  const failed = id.includes('parquet') && night === 5;
  const normalised = (changed ? 4.6 : 4) * (1 + 0.01 * Math.sin(night));
  return {
    schema: 'writeproof.history.v1',
    night: `night-${night}`,
    at: at(night),
    writeproof: { version: '0.1.0', commit: null, dirty: null },
    fingerprint: (night < 10 ? 'a' : 'b').repeat(64),
    case: id,
    status: failed ? 'failed' : 'verified',
    durableNs: failed ? null : normalised * 1e8,
    peakRssBytes: failed ? null : (changed ? 60 : 45) * 2 ** 20,
    diskBytes: failed ? null : 5 * 2 ** 20,
    repetitions: 3,
    canary: { version: 1, writeNs: 5e7, encodeNs: 5e7 },
    normalised: failed ? null : normalised,
    noise: 0.05,
  };
}

export const HISTORY: readonly HistoryPoint[] = ['orders@0.1/lance/stream', 'orders@0.1/parquet/stream'].flatMap((id) =>
  Array.from({ length: NIGHTS }, (_, night) => pointOf(id, night)),
);

const CHANGED = { case: 'orders@0.1/lance/stream', index: CHANGE, at: at(CHANGE) } as const;

export const CHANGES: readonly ChangePoint[] = [
  { ...CHANGED, metric: 'normalised', before: 4, after: 4.6, pValue: 0.005 },
  { ...CHANGED, metric: 'peakRssBytes', before: 45 * 2 ** 20, after: 60 * 2 ** 20, pValue: 0.0005 },
];
