/** One case of one night: a line of results/history/*.jsonl, described by results/schema/writeproof.history.v1.json. */

import type { Canary } from '../gate/types.js';
import type { Machine, Run } from '../types.js';

export interface HistoryPoint {
  readonly schema: 'writeproof.history.v1';
  /** Id of the night's run. */
  readonly night: string;
  readonly at: string;
  readonly writeproof: Run['writeproof'];
  /** SHA-256 over the machine (harness/machine-fingerprint.ts); points of different ones are never compared. */
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

/** results/history/machines/<fingerprint>.json, described by results/schema/writeproof.machine.v1.json: once for all its points. */
export interface HistoryMachine {
  readonly schema: 'writeproof.machine.v1';
  readonly fingerprint: string;
  readonly machine: Machine;
}

/** A line that is not compared with others, and why. */
export interface LeftOutLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly reason: string;
}

/** A night from which on a case is another than before. Advice: it blocks nothing. */
export interface ChangePoint {
  readonly case: string;
  readonly metric: 'normalised' | 'peakRssBytes' | 'diskBytes';
  /** Of the first point after the change, among those of its case that were compared, from 0. */
  readonly index: number;
  /** When that point was taken. */
  readonly at: string;
  /** Medians of the stretches before and after it, up to the next change. */
  readonly before: number;
  readonly after: number;
  /** Of the permutation test. */
  readonly pValue: number;
}
