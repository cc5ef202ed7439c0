/** Repetitions of a scan → one line: medians of what each repetition found. */

import { median } from '../statistics/quantile.js';
import type { ScanMeasurement } from '../types.js';

export interface ScanFigures extends Pick<
  ScanMeasurement,
  'rows' | 'batches' | 'rowsRead' | 'deletedRead' | 'bytesRead'
> {
  readonly p50Ns: number;
  /** null where a repetition had fewer than a hundred scans. */
  readonly p99Ns: number | null;
  readonly firstBatchNs: number;
  /** Timed scans of all repetitions. */
  readonly scans: number;
  readonly resultBytes: number;
  readonly rustBytes: number;
  readonly rustAllocations: number;
  readonly rustPeakBytes: number;
  readonly storeBytes: number;
  readonly storeAllocations: number;
  readonly rssGrowthBytes: number;
}

export function scanFigures(measurements: readonly ScanMeasurement[]): ScanFigures {
  const [first] = measurements;
  if (first === undefined) throw new RangeError('no verified repetition');
  const middle = (figure: (measurement: ScanMeasurement) => number): number => median(measurements.map(figure));
  const { rows, batches, rowsRead, deletedRead, bytesRead } = first;
  const tails = measurements.flatMap(({ nsPerScan: { p99 } }) => p99 ?? []);
  return {
    rows,
    batches,
    rowsRead,
    deletedRead,
    bytesRead,
    p50Ns: middle(({ nsPerScan }) => nsPerScan.p50),
    p99Ns: tails.length === measurements.length ? median(tails) : null,
    firstBatchNs: middle(({ firstBatchNs }) => firstBatchNs),
    scans: measurements.reduce((sum, { scans }) => sum + scans, 0),
    resultBytes: middle(({ resultBytes }) => resultBytes),
    rustBytes: middle(({ rust }) => rust.bytes),
    rustAllocations: middle(({ rust }) => rust.allocations),
    rustPeakBytes: middle(({ rust }) => rust.peakBytes),
    storeBytes: middle(({ store }) => store.bytes),
    storeAllocations: middle(({ store }) => store.allocations),
    rssGrowthBytes: middle(({ rssGrowthBytes }) => rssGrowthBytes),
  };
}
