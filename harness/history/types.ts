/** One case of one night: a line of results/history/*.jsonl, described by results/schema/writeproof.history.v1.json. */

import type { Canary } from '../gate/types.js';
import type { Run } from '../types.js';

export interface HistoryPoint {
  readonly schema: 'writeproof.history.v1';
  /** Id of the night's run. */
  readonly night: string;
  readonly at: string;
  readonly writeproof: Run['writeproof'];
  /** SHA-256 over the machine's fingerprint (harness/machine.ts); points of different ones are never compared. */
  readonly fingerprint: string;
  readonly case: string;
  readonly status: 'verified' | 'corrupt' | 'failed' | 'crashed' | 'timeout' | 'skipped';
  /** Of the night's repetitions, null where one is not verified. */
  readonly durableNs: number | null;
  readonly peakRssBytes: number | null;
  readonly diskBytes: number | null;
  readonly repetitions: number;
  /** Medians of the night. */
  readonly canary: Pick<Canary, 'version' | 'writeNs' | 'encodeNs'>;
  /** durableNs ÷ (canary.writeNs + canary.encodeNs): what is comparable from night to night. */
  readonly normalised: number | null;
  /** σ of ln(second ÷ first) of the night's A/A pairs of this case; null where there were none. */
  readonly noise: number | null;
}

/** A night from which on a case is at another level than before: advice, never a verdict. */
export interface ChangePoint {
  readonly case: string;
  readonly metric: 'normalised' | 'peakRssBytes' | 'diskBytes';
  /** Of the first point of the new level, among the case's points of that metric. */
  readonly index: number;
  readonly at: string;
  /** Medians of the levels on both sides. */
  readonly before: number;
  readonly after: number;
  readonly pValue: number;
}
