/** What somebody published, and how it is put to the test. All of it is committed before the first measurement. */

import type { Category, Status } from '../../harness/types.js';

/**
 * Of a worker, except `batch`, the median time of a crossing, and those of scans: the median time of one, the most that Rust held of it at
 * once, and all that it
 * allocated; and of single steps of its strategy, on 1,000 rows in memory. `rows` are those that a verified case holds, `bytesPerSecond` what it holds on
 * disk to durable, `generatedBytesPerSecond` the same to the source's busy time.
 */
export const CLAIM_METRICS = [
  'durable',
  'spawnToDurable',
  'rowsPerSecond',
  'bytesPerSecond',
  'generatedBytesPerSecond',
  'rows',
  'peakRss',
  'rssGrowth',
  'diskBytes',
  'batch',
  'scan',
  'scanPeakBytes',
  'scanBytes',
  'batchCreation',
  'columnBuilding',
] as const;
export type ClaimMetric = (typeof CLAIM_METRICS)[number];

/** Seconds, nanoseconds, bytes, rows, per cent, times. */
export const CLAIM_UNITS = ['s', 'ns', 'B', 'rows', 'rows/s', 'B/s', '%', '×'] as const;
export type ClaimUnit = (typeof CLAIM_UNITS)[number];

/** Cases are named by their ids. */
export type Measure =
  | { readonly kind: 'figure'; readonly metric: ClaimMetric; readonly of: string }
  /** Share of the samples of a profile that fall into any of the categories, per cent. */
  | { readonly kind: 'share'; readonly categories: readonly Category[]; readonly of: string }
  /** Subject ÷ reference, times. */
  | { readonly kind: 'ratio'; readonly metric: ClaimMetric; readonly subject: string; readonly reference: string }
  /** (1 − subject ÷ reference) · 100 %. */
  | { readonly kind: 'saved'; readonly metric: ClaimMetric; readonly subject: string; readonly reference: string }
  | { readonly kind: 'none'; readonly reason: string };

export interface ClaimedFigure {
  /** As it was published. */
  readonly text: string;
  /** The same in `unit`; a single number is both ends. */
  readonly range: readonly [low: number, high: number];
  readonly unit: ClaimUnit;
  /** When it holds: `about` within the range, `at least` from its low end up, `at most` to its high end. */
  readonly wanted: 'about' | 'at least' | 'at most';
  /** Share of the figure by which the range is widened. */
  readonly tolerance: number;
}

/** A writer that lies in place of the subject of the measure: what it would have reported is shown, struck out. */
export interface ClaimFault {
  /** Its name in suites/faults.ts. */
  readonly fault: string;
  /** The honest case that it stands in for. */
  readonly insteadOf: string;
}

/** Endings of a case that are an answer, and no failure of the suite. */
export interface Ending {
  readonly of: string;
  readonly statuses: readonly Status[];
}

export interface ClaimSpec {
  readonly id: string;
  readonly what: string;
  readonly claimed: ClaimedFigure;
  /** The words it was published in. */
  readonly source: string;
  readonly measure: Measure;
  readonly faults?: readonly ClaimFault[];
  readonly mayEnd?: readonly Ending[];
  /** How the measure differs from what was published, and what to know when reading it. */
  readonly note: string;
}

export interface SystemSpec {
  readonly name: string;
  readonly about: string;
  readonly claims: readonly ClaimSpec[];
}
