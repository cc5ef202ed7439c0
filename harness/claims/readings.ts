/** Records → one figure a repetition. A figure comes from a verified verdict, or is one that was refused; no function gives both. */

import type { ClaimMetric } from '../../suites/claims/types.js';
import { problemLines } from '../summary.js';
import {
  isWrite,
  type Category,
  type CrossingMeasurement,
  type Measurement,
  type Record as RunRecord,
} from '../types.js';

/** What is read of a measurement: a metric, or the share of a profile's categories. */
export type Wanted = { readonly metric: ClaimMetric } | { readonly categories: readonly Category[] };

export interface Reading {
  /** By repetition. Empty where `missing` says why. */
  readonly values: ReadonlyMap<number, number>;
  readonly missing: string | null;
}

const SECOND_NS = 1e9;

const OF_WRITE: Readonly<{ [metric in Exclude<ClaimMetric, 'batch'>]: (of: Measurement) => number | null }> = {
  durable: ({ durableNs }) => durableNs / SECOND_NS,
  spawnToDurable: ({ spawnToDurableNs }) => spawnToDurableNs / SECOND_NS,
  rowsPerSecond: ({ rows, durableNs }) => (rows / durableNs) * SECOND_NS,
  rows: ({ rows }) => rows,
  peakRss: ({ rss }) => rss?.peakBytes ?? null,
  rssGrowth: ({ rss }) => rss?.growthBytes ?? null,
  diskBytes: ({ diskBytes }) => diskBytes,
};

function shareOf({ profile }: Measurement, names: readonly Category[]): number | null {
  return profile === null ? null : names.reduce((sum, name) => sum + profile.categories[name], 0) * 100;
}

function ofWrite(measurement: Measurement, wanted: Wanted): number | null {
  if ('categories' in wanted) return shareOf(measurement, wanted.categories);
  return wanted.metric === 'batch' ? null : OF_WRITE[wanted.metric](measurement);
}

function ofCrossing({ nsPerBatch }: CrossingMeasurement, wanted: Wanted): number | null {
  return 'metric' in wanted && wanted.metric === 'batch' ? nsPerBatch.p50 : null;
}

/** Null unless the verdict is verified and its measurement has the figure. */
function verifiedValue(record: RunRecord, wanted: Wanted): number | null {
  if (isWrite(record)) {
    return record.verdict.status === 'verified' ? ofWrite(record.verdict.measurement, wanted) : null;
  }
  return record.verdict.status === 'verified' ? ofCrossing(record.verdict.measurement, wanted) : null;
}

const none = (missing: string): Reading => ({ values: new Map(), missing });

/** The figure of every repetition of a case, provided that each of them is verified. */
export function verifiedReading(id: string, records: readonly RunRecord[], wanted: Wanted): Reading {
  const own = records.filter((record) => record.case.id === id);
  if (own.length === 0) return none(`${id} was not run`);
  const values = new Map<number, number>();
  for (const record of own) {
    const { verdict } = record;
    if (verdict.status !== 'verified') return none(`${id} ${verdict.status}: ${problemLines(verdict)[0] ?? ''}`);
    const value = verifiedValue(record, wanted);
    if (value === null) {
      return none(`${id} has no ${'metric' in wanted ? wanted.metric : 'profile'}`);
    }
    values.set(record.repetition, value);
  }
  return { values, missing: null };
}

/** What the corrupt repetitions of a case would have claimed. */
export function refusedReading(id: string, records: readonly RunRecord[], wanted: Wanted): Reading {
  const values = new Map<number, number>();
  for (const record of records) {
    if (record.case.id !== id || !isWrite(record) || record.verdict.status !== 'corrupt') continue;
    const { refused } = record.verdict;
    const value = refused === null ? null : ofWrite(refused, wanted);
    if (value !== null) values.set(record.repetition, value);
  }
  return values.size === 0 ? none(`${id} claimed nothing`) : { values, missing: null };
}
