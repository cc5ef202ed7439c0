/** Records → one line a case. Medians over repetitions; figures only where every repetition is verified. */

import type { ComparedMetric, Comparison, Limit } from '../suites/types.js';
import { medianInterval } from './statistics/median-interval.js';
import { median } from './statistics/quantile.js';
import { findingLines } from './verify/finding.js';
import { datasetFigures, type DatasetFigures } from './dataset-figures.js';
import { crossingFigures, type CrossingFigures } from './crossing/figures.js';
import { scanFigures, type ScanFigures } from './scan/figures.js';
import {
  isCrossing,
  isScan,
  isWrite,
  type Case,
  type CrossingCase,
  type Measurement,
  type MemoryLimitUse,
  type Profile,
  type Record as RunRecord,
  type ScanCase,
  type Status,
  type Verdict,
  type WriteCase,
  type WriteRecord,
} from './types.js';

/** Medians over the repetitions of a case. */
export interface Figures {
  readonly rows: number;
  readonly rowsPerSecond: number;
  readonly arrowBytesPerSecond: number;
  readonly returnNs: number;
  readonly durableNs: number;
  readonly spawnToDurableNs: number;
  /** null where a repetition's memory could not be read. */
  readonly peakRssBytes: number | null;
  readonly rssGrowthBytes: number | null;
  readonly diskBytes: number;
  readonly readers: readonly string[];
  readonly independence: string;
  /** Repetitions in which several workers did not all run at once. */
  readonly apart: number;
  /** Of datasets; null for single files. */
  readonly dataset: DatasetFigures | null;
  /** Of repetitions under a memory limit. */
  readonly memoryLimits: readonly MemoryLimitUse[];
  /** Of repetitions that were sampled. */
  readonly profiles: readonly Profile[];
}

export interface Problem {
  readonly repetition: number;
  readonly status: Exclude<Status, 'verified'>;
  /** What is wrong, what was expected, what was found. */
  readonly lines: readonly string[];
}

interface SummaryOf<Kind extends Case, KindFigures> {
  readonly case: Kind;
  readonly repetitions: number;
  /** null unless every repetition is verified. */
  readonly figures: KindFigures | null;
  readonly problems: readonly Problem[];
}

export type WriteSummary = SummaryOf<WriteCase, Figures>;
export type CrossingSummary = SummaryOf<CrossingCase, CrossingFigures>;
export type ScanSummary = SummaryOf<ScanCase, ScanFigures>;
export type CaseSummary = WriteSummary | CrossingSummary | ScanSummary;

export const isWriteSummary = (summary: CaseSummary): summary is WriteSummary => summary.case.kind === 'write';
export const isCrossingSummary = (summary: CaseSummary): summary is CrossingSummary => summary.case.kind === 'crossing';
export const isScanSummary = (summary: CaseSummary): summary is ScanSummary => summary.case.kind === 'scan';

type VerifiedOf<Measured> = Extract<Verdict<Measured>, { readonly status: 'verified' }>;
type Verified = VerifiedOf<Measurement>;
export type Unverified = Exclude<Verdict<unknown>, { readonly status: 'verified' }>;

const NS_PER_SECOND = 1e9;

function figuresOf(verdicts: readonly Verified[], records: readonly WriteRecord[]): Figures {
  const [first] = verdicts;
  if (first === undefined) throw new RangeError('no verified repetition');
  const middle = (figure: (measurement: Measurement) => number): number =>
    median(verdicts.map((verdict) => figure(verdict.measurement)));
  const memory = (figure: (rss: NonNullable<Measurement['rss']>) => number): number | null => {
    const values = verdicts.flatMap(({ measurement: { rss } }) => (rss === null ? [] : [figure(rss)]));
    return values.length === verdicts.length ? median(values) : null;
  };
  const durableNs = middle((measurement) => measurement.durableNs);
  return {
    rows: first.rows,
    rowsPerSecond: (first.rows / durableNs) * NS_PER_SECOND,
    arrowBytesPerSecond: (first.measurement.arrowBytes / durableNs) * NS_PER_SECOND,
    returnNs: middle((measurement) => measurement.returnNs),
    durableNs,
    spawnToDurableNs: middle((measurement) => measurement.spawnToDurableNs),
    peakRssBytes: memory((rss) => rss.peakBytes),
    rssGrowthBytes: memory((rss) => rss.growthBytes),
    diskBytes: middle((measurement) => measurement.diskBytes),
    readers: [...new Set(verdicts.flatMap((verdict) => verdict.readers.map((reader) => reader.reader)))],
    independence: first.independence,
    apart: verdicts.filter(({ measurement: { workers } }) => workers?.togetherNs === 0).length,
    dataset: datasetFigures(records),
    memoryLimits: verdicts.flatMap(({ measurement: { memoryLimit } }) => memoryLimit ?? []),
    profiles: verdicts.flatMap(({ measurement: { profile } }) => profile ?? []),
  };
}

/** What is wrong, in sentences. */
export function problemLines(verdict: Unverified): readonly string[] {
  switch (verdict.status) {
    case 'corrupt':
      return findingLines(verdict.findings);
    case 'failed': {
      const errno = verdict.errnoName ?? (verdict.errno === null ? null : `errno ${verdict.errno}`);
      return [`in ${verdict.step}${errno === null ? '' : ` (${errno})`}: ${verdict.reason}`];
    }
    case 'crashed':
    case 'timeout':
    case 'skipped':
      return [verdict.reason];
  }
}

interface Taken<Measured> {
  readonly repetition: number;
  readonly verdict: Verdict<Measured>;
}

function summaryOf<Kind extends Case, Measured, KindFigures>(
  one: Kind,
  taken: readonly Taken<Measured>[],
  figuresOfAll: (verdicts: readonly VerifiedOf<Measured>[]) => KindFigures,
): SummaryOf<Kind, KindFigures> {
  const verified: VerifiedOf<Measured>[] = [];
  const problems: Problem[] = [];
  for (const { verdict, repetition } of taken) {
    if (verdict.status === 'verified') verified.push(verdict);
    else problems.push({ repetition, status: verdict.status, lines: problemLines(verdict) });
  }
  const figures = problems.length === 0 ? figuresOfAll(verified) : null;
  return { case: one, repetitions: taken.length, figures, problems };
}

/** One summary a case, in the order of the cases; cases without a record are left out. */
export function summarise(cases: readonly WriteCase[], records: readonly RunRecord[]): readonly WriteSummary[];
export function summarise(cases: readonly Case[], records: readonly RunRecord[]): readonly CaseSummary[];
export function summarise(cases: readonly Case[], records: readonly RunRecord[]): readonly CaseSummary[] {
  const byCase = new Map<string, RunRecord[]>();
  for (const record of records) {
    const own = byCase.get(record.case.id);
    if (own === undefined) byCase.set(record.case.id, [record]);
    else own.push(record);
  }
  return cases.flatMap((one): readonly CaseSummary[] => {
    const own = byCase.get(one.id);
    if (own === undefined) return [];
    switch (one.kind) {
      case 'write': {
        const written = own.filter(isWrite);
        return [summaryOf(one, written, (all) => figuresOf(all, written))];
      }
      case 'crossing':
        return [
          summaryOf(one, own.filter(isCrossing), (all) => crossingFigures(all.map((verdict) => verdict.measurement))),
        ];
      case 'scan':
        return [summaryOf(one, own.filter(isScan), (all) => scanFigures(all.map((verdict) => verdict.measurement)))];
    }
  });
}

const STATUSES: readonly Status[] = ['verified', 'corrupt', 'failed', 'crashed', 'timeout', 'skipped'];

/** The worst status of a case speaks for it. */
export function statusOf(summary: CaseSummary): Status {
  return (
    [...STATUSES].slice(1).find((status) => summary.problems.some((problem) => problem.status === status)) ?? 'verified'
  );
}

/** `36 cases: 35 verified, 1 corrupt`. */
export function countSentence(summaries: readonly CaseSummary[]): string {
  const counts = STATUSES.map((status) => ({
    status,
    count: summaries.filter((summary) => statusOf(summary) === status).length,
  })).filter(({ count }) => count > 0);
  const cases = `${summaries.length} case${summaries.length === 1 ? '' : 's'}`;
  return `${cases}: ${counts.map(({ status, count }) => `${count} ${status}`).join(', ')}`;
}

export interface Ratio {
  readonly what: string;
  readonly ratio: number;
  /** Repetitions of the side that has fewer. */
  readonly repetitions: number;
}

/** Speed of each variant over the first of its group (same table, scale, writer and options). Needs two repetitions, and no profile. */
export function variantRatios(summaries: readonly CaseSummary[]): readonly Ratio[] {
  const groups = new Map<string, WriteSummary[]>();
  for (const summary of summaries.filter(isWriteSummary)) {
    const { table, scale, writer, source, options } = summary.case;
    if (options.profile) continue;
    const key = JSON.stringify([table, scale, writer, source, options]);
    groups.set(key, [...(groups.get(key) ?? []), summary]);
  }
  return [...groups.values()].flatMap(([first, ...others]) =>
    others.flatMap((other): readonly Ratio[] => {
      const repetitions = Math.min(first?.repetitions ?? 0, other.repetitions);
      if (first?.figures == null || other.figures === null || repetitions < 2) return [];
      const what = `speed of ${other.case.id} to ${first.case.variant}`;
      return [{ what, ratio: first.figures.durableNs / other.figures.durableNs, repetitions }];
    }),
  );
}

type WriteMetric = 'spawnToDurable' | 'durable' | 'durableByte' | 'peakRss' | 'rssGrowth' | 'diskBytes';

const OF_WRITE: Readonly<{ [metric in WriteMetric]: (figures: Figures) => number | null }> = {
  spawnToDurable: (figures) => figures.spawnToDurableNs,
  durable: (figures) => figures.durableNs,
  durableByte: ({ durableNs, diskBytes }) => durableNs / diskBytes,
  peakRss: (figures) => figures.peakRssBytes,
  rssGrowth: (figures) => figures.rssGrowthBytes,
  diskBytes: (figures) => figures.diskBytes,
};

const OF_CROSSING = { batch: ({ p50Ns }: CrossingFigures) => p50Ns } as const;

const OF_SCAN = {
  scan: ({ p50Ns }: ScanFigures) => p50Ns,
  scanExtraBytes: ({ rustBytes, resultBytes }: ScanFigures) => Math.max(0, rustBytes - resultBytes),
  rowsRead: ({ rowsRead }: ScanFigures) => rowsRead,
} as const;

const UNIT: Readonly<{ [metric in ComparedMetric]: Expectation['unit'] }> = {
  spawnToDurable: 'ns',
  durable: 'ns',
  durableByte: 'ns',
  batch: 'ns',
  scan: 'ns',
  peakRss: 'bytes',
  rssGrowth: 'bytes',
  diskBytes: 'bytes',
  scanExtraBytes: 'bytes',
  rowsRead: 'rows',
};

const has = <Metrics extends object>(metrics: Metrics, name: PropertyKey): name is keyof Metrics => name in metrics;

/** The figure, or null where a case of its kind has none or it was not measured. */
function figureOf(summary: CaseSummary, metric: ComparedMetric): number | null {
  if (isWriteSummary(summary)) {
    return summary.figures !== null && has(OF_WRITE, metric) ? OF_WRITE[metric](summary.figures) : null;
  }
  if (isCrossingSummary(summary)) {
    return summary.figures !== null && has(OF_CROSSING, metric) ? OF_CROSSING[metric](summary.figures) : null;
  }
  return summary.figures !== null && has(OF_SCAN, metric) ? OF_SCAN[metric](summary.figures) : null;
}

/** The same of one repetition that is verified. */
function figureOfRecord(record: RunRecord, metric: ComparedMetric): number | null {
  const [summary] = summarise([record.case], [record]);
  return summary === undefined ? null : figureOf(summary, metric);
}

export interface Expectation {
  readonly what: string;
  readonly actual: number;
  /** `ratio`, or the unit of a limit. */
  readonly unit: 'ratio' | 'ns' | 'bytes' | 'rows';
  readonly bound: number;
  readonly wanted: 'at least' | 'at most';
  readonly holds: boolean;
  readonly repetitions: number;
  /** Of a ratio: of the median of the ratios of the rounds, at 95 %. Null for too few rounds. */
  readonly interval: readonly [low: number, high: number] | null;
  /** What the interval's low end is to be at least. */
  readonly lowBound: number | null;
}

/** The figure of each repetition of a case that is verified. */
function figuresByRepetition(
  id: string,
  metric: ComparedMetric,
  records: readonly RunRecord[],
): ReadonlyMap<number, number> {
  return new Map(
    records.flatMap((record): readonly [number, number][] => {
      const figure = record.case.id === id ? figureOfRecord(record, metric) : null;
      return figure === null ? [] : [[record.repetition, figure]];
    }),
  );
}

/** Of the ratios of the rounds in which both were measured. */
function intervalOf(
  { subject, reference, metric, wanted }: Comparison,
  records: readonly RunRecord[],
): Expectation['interval'] {
  const [subjects, references] = [subject, reference].map((id) => figuresByRepetition(id, metric, records));
  const ratios = [...(subjects ?? [])].flatMap(([repetition, figure]) => {
    const other = references?.get(repetition);
    return other === undefined ? [] : [wanted === 'faster' ? other / figure : figure / other];
  });
  return medianInterval(ratios);
}

/** Ratios and limits that a suite names, where they were measured. A ratio needs two repetitions on both sides. */
export function expectations(
  comparisons: readonly Comparison[],
  limits: readonly Limit[],
  summaries: readonly CaseSummary[],
  records: readonly RunRecord[],
): readonly Expectation[] {
  const byId = new Map(summaries.map((summary) => [summary.case.id, summary]));
  const ratios = comparisons.flatMap((comparison): readonly Expectation[] => {
    const { what, subject, reference, metric, wanted, bound, lowBound = null } = comparison;
    const [one, other] = [byId.get(subject), byId.get(reference)];
    if (one?.figures == null || other?.figures == null) return [];
    const repetitions = Math.min(one.repetitions, other.repetitions);
    if (repetitions < 2) return [];
    const [subjects, references] = [figureOf(one, metric), figureOf(other, metric)];
    if (subjects === null || references === null) return [];
    const ratio = subjects / references;
    const actual = wanted === 'faster' ? 1 / ratio : ratio;
    const interval = intervalOf(comparison, records);
    const lowHolds = lowBound === null || interval === null || interval[0] >= lowBound;
    const holds = wanted === 'faster' ? actual >= bound && lowHolds : actual <= bound;
    const direction = wanted === 'faster' ? 'at least' : 'at most';
    return [{ what, actual, unit: 'ratio', bound, wanted: direction, holds, repetitions, interval, lowBound }];
  });
  const figures = limits.flatMap(({ what, subject, metric, atMost }): readonly Expectation[] => {
    const summary = byId.get(subject);
    if (summary?.figures == null) return [];
    const actual = figureOf(summary, metric);
    if (actual === null) return [];
    const holds = actual <= atMost;
    const { repetitions } = summary;
    const rest = { interval: null, lowBound: null };
    return [{ what, actual, unit: UNIT[metric], bound: atMost, wanted: 'at most', holds, repetitions, ...rest }];
  });
  return [...ratios, ...figures];
}
