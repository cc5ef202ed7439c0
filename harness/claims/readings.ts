/** Records → one figure a repetition. A figure comes from a verified verdict, or is one that was refused; no function gives both. */

import type { ClaimMetric } from '../../suites/claims/types.js';
import { problemLines, type Unverified } from '../summary.js';
import {
  isCrossing,
  isWrite,
  type Category,
  type CrossingMeasurement,
  type Measurement,
  type Record as RunRecord,
  type ScanMeasurement,
} from '../types.js';

/** What is read of a measurement: a metric, or the share of a profile's categories. */
export type Wanted = { readonly metric: ClaimMetric } | { readonly categories: readonly Category[] };

export interface Reading {
  /** By repetition. Empty where `missing` says why. */
  readonly values: ReadonlyMap<number, number>;
  readonly missing: string | null;
}

const SECOND_NS = 1e9;

type ScanMetric = 'scan' | 'scanPeakBytes' | 'scanBytes' | 'batchCreation' | 'columnBuilding';

const OF_WRITE: Readonly<{
  [metric in Exclude<ClaimMetric, 'batch' | ScanMetric>]: (of: Measurement) => number | null;
}> = {
  durable: ({ durableNs }) => durableNs / SECOND_NS,
  spawnToDurable: ({ spawnToDurableNs }) => spawnToDurableNs / SECOND_NS,
  rowsPerSecond: ({ rows, durableNs }) => (rows / durableNs) * SECOND_NS,
  bytesPerSecond: ({ diskBytes, durableNs }) => (diskBytes / durableNs) * SECOND_NS,
  generatedBytesPerSecond: ({ diskBytes, busyNs }) =>
    busyNs.generate > 0 ? (diskBytes / busyNs.generate) * SECOND_NS : null,
  rows: ({ rows }) => rows,
  peakRss: ({ rss }) => rss?.peakBytes ?? null,
  rssGrowth: ({ rss }) => rss?.growthBytes ?? null,
  diskBytes: ({ diskBytes }) => diskBytes,
};

const OF_SCAN: Readonly<{ [metric in ScanMetric]: (of: ScanMeasurement) => number }> = {
  scan: ({ nsPerScan }) => nsPerScan.p50,
  scanPeakBytes: ({ rust }) => rust.peakBytes,
  scanBytes: ({ rust }) => rust.bytes,
  batchCreation: ({ batchCreationNs }) => batchCreationNs,
  columnBuilding: ({ columnBuildingNs }) => columnBuildingNs,
};

const isOfScan = (metric: ClaimMetric): metric is ScanMetric => metric in OF_SCAN;

/** Where more of a profile than this is unclassified, its shares say too little. */
const MOST_UNCLASSIFIED = 0.15;

function shareOf({ profile }: Measurement, names: readonly Category[]): number | string {
  if (profile === null) return 'has no profile';
  const { categories, unclassifiedShare } = profile;
  if (unclassifiedShare > MOST_UNCLASSIFIED) {
    const found = (unclassifiedShare * 100).toFixed(0);
    return `has a profile of which ${found} % is unclassified, expected at most ${MOST_UNCLASSIFIED * 100} %`;
  }
  return names.reduce((sum, name) => sum + categories[name], 0) * 100;
}

/** The figure, or what it lacks in words. */
function ofWrite(measurement: Measurement, wanted: Wanted): number | string {
  if ('categories' in wanted) return shareOf(measurement, wanted.categories);
  const { metric } = wanted;
  const figure = metric === 'batch' || isOfScan(metric) ? null : OF_WRITE[metric](measurement);
  return figure ?? `has no ${metric}`;
}

function ofCrossing({ nsPerBatch }: CrossingMeasurement, wanted: Wanted): number | string {
  if ('metric' in wanted && wanted.metric === 'batch') return nsPerBatch.p50;
  return `has no ${'metric' in wanted ? wanted.metric : 'profile'}`;
}

function ofScan(measurement: ScanMeasurement, wanted: Wanted): number | string {
  if ('metric' in wanted && isOfScan(wanted.metric)) return OF_SCAN[wanted.metric](measurement);
  return `has no ${'metric' in wanted ? wanted.metric : 'profile'}`;
}

const reasonOf = (verdict: Unverified): string => `${verdict.status}: ${problemLines(verdict)[0] ?? ''}`;

/** The figure of a verified verdict; else why there is none. */
function verifiedValue(record: RunRecord, wanted: Wanted): number | string {
  if (isWrite(record)) {
    const { verdict } = record;
    return verdict.status === 'verified' ? ofWrite(verdict.measurement, wanted) : reasonOf(verdict);
  }
  if (isCrossing(record)) {
    const { verdict } = record;
    return verdict.status === 'verified' ? ofCrossing(verdict.measurement, wanted) : reasonOf(verdict);
  }
  const { verdict } = record;
  return verdict.status === 'verified' ? ofScan(verdict.measurement, wanted) : reasonOf(verdict);
}

const none = (missing: string): Reading => ({ values: new Map(), missing });

/** The figure of every repetition of a case, provided that each of them is verified. */
export function verifiedReading(id: string, records: readonly RunRecord[], wanted: Wanted): Reading {
  const own = records.filter((record) => record.case.id === id);
  if (own.length === 0) return none(`${id} was not run`);
  const values = new Map<number, number>();
  for (const record of own) {
    const value = verifiedValue(record, wanted);
    if (typeof value === 'string') return none(`${id} ${value}`);
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
    if (typeof value === 'number') values.set(record.repetition, value);
  }
  return values.size === 0 ? none(`${id} claimed nothing`) : { values, missing: null };
}
