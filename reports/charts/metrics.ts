/** Figures of which a case has one for each repetition. */

import { bytesText, rowRateText, secondsText } from '../format.js';
import type { Sample } from './samples.js';
import type { Dimension } from './units.js';

export interface Metric {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  readonly dimension: Dimension;
  readonly text: (value: number) => string;
  /** Null where it was not measured. */
  readonly of: (sample: Sample) => number | null;
}

export const THROUGHPUT: Metric = {
  name: 'throughput',
  title: 'Throughput',
  about: 'Rows verified a second of time until durable; more is better',
  dimension: 'rate',
  text: rowRateText,
  of: ({ rowsPerSecond }) => rowsPerSecond,
};

export const PEAK_RSS: Metric = {
  name: 'peak-rss',
  title: 'Peak RSS',
  about: 'The writing process at its largest; less is better',
  dimension: 'bytes',
  text: bytesText,
  of: ({ measurement }) => measurement.rss?.peakBytes ?? null,
};

const SIZE: Metric = {
  name: 'size',
  title: 'Size on disk',
  about: 'All files of the target; less is better',
  dimension: 'bytes',
  text: bytesText,
  of: ({ measurement }) => measurement.diskBytes,
};

const READ_BACK: Metric = {
  name: 'read-back',
  title: 'Read-back time',
  about: 'All of verification: reading with every reader, and digests; less is better',
  dimension: 'time',
  text: secondsText,
  of: ({ readBackNs }) => readBackNs,
};

export const METRICS: readonly Metric[] = [THROUGHPUT, PEAK_RSS, SIZE, READ_BACK];
