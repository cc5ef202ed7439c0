/** Repetitions of a crossing → one line: medians of what each repetition found. */

import { median } from '../statistics/quantile.js';
import type { CrossingMeasurement } from '../types.js';

export interface CrossingFigures {
  readonly p50Ns: number;
  readonly p99Ns: number;
  readonly meanNs: number;
  /** Of the mean, at 95 %. */
  readonly marginNs: number;
  /** Timed crossings of all repetitions. */
  readonly batches: number;
  readonly rows: number;
  readonly bytes: number;
  readonly buffers: number;
  readonly addressesEqual: number;
}

export function crossingFigures(measurements: readonly CrossingMeasurement[]): CrossingFigures {
  const [first] = measurements;
  if (first === undefined) throw new RangeError('no verified repetition');
  const middle = (figure: (measurement: CrossingMeasurement) => number): number => median(measurements.map(figure));
  const sum = (figure: (measurement: CrossingMeasurement) => number): number =>
    measurements.reduce((total, measurement) => total + figure(measurement), 0);
  return {
    p50Ns: middle(({ nsPerBatch }) => nsPerBatch.p50),
    p99Ns: middle(({ nsPerBatch }) => nsPerBatch.p99),
    meanNs: middle(({ nsPerBatch }) => nsPerBatch.mean),
    marginNs: middle(({ nsPerBatch }) => nsPerBatch.margin),
    batches: sum(({ batches }) => batches),
    rows: first.rows,
    bytes: first.bytes,
    buffers: sum(({ buffers }) => buffers),
    addressesEqual: sum(({ addressesEqual }) => addressesEqual),
  };
}
