/** Memory and size: quieter than time, and decided from the medians of a few repetitions of each side. */

import { median } from '../statistics/quantile.js';
import type { GateLine, Metric } from './types.js';

/** Repetitions of each side that a median of memory or size needs. */
export const MEDIAN_REPETITIONS = 3;

/** More memory than both of these is a regression: a share of a large process, so many bytes of a small one. */
const MEMORY_TOLERANCE = 0.02;
const MEMORY_TOLERANCE_BYTES = 4 * 2 ** 20;

export const SIZE_TOLERANCE = 0.001;

/** All of a line but the case that it is of. */
export type BytesLine = Omit<GateLine, 'case'>;

function decided(
  metric: Metric,
  base: readonly number[],
  head: readonly number[],
  toleranceOf: (base: number) => number,
): BytesLine {
  const pairs = Math.min(base.length, head.length);
  const line = { metric, interval: null, pairs, mde: null } as const;
  if (pairs === 0) {
    const nothing = { estimate: null, tolerance: null, decides: false } as const;
    return { ...line, ...nothing, verdict: 'not detectable', note: 'not measured' };
  }
  const [before, after] = [median(base), median(head)];
  const tolerance = toleranceOf(before);
  const estimate = after / before;
  const found = { ...line, estimate: Number.isFinite(estimate) ? estimate : null, tolerance, decides: true };
  if (!Number.isFinite(estimate)) return { ...found, verdict: 'inconclusive', note: `base ${before}, head ${after}` };
  if (pairs < MEDIAN_REPETITIONS) {
    const note = `${pairs} of ${MEDIAN_REPETITIONS} repetitions that a median needs`;
    return { ...found, verdict: 'inconclusive', note };
  }
  return { ...found, verdict: after - before > tolerance * before ? 'regression' : 'pass', note: '' };
}

/** Peak RSS of each repetition, bytes: a regression if the median grew by more than 2 % and more than 4 MiB. */
export function decideMemory(base: readonly number[], head: readonly number[]): BytesLine {
  const tolerance = (bytes: number): number => Math.max(MEMORY_TOLERANCE, MEMORY_TOLERANCE_BYTES / bytes);
  return decided('peak RSS', base, head, tolerance);
}

const range = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

/**
 * Size on disk of each repetition, bytes: the ratio of the medians. Lance does not always write the same bytes (0.2 % of orders at SF 0.1, where threads end its pages):
 * what a side differs from itself, the one that does so more, is added to the tolerance.
 */
export function decideSize(base: readonly number[], head: readonly number[], tolerance = SIZE_TOLERANCE): BytesLine {
  const own = Math.max(range(base), range(head));
  return decided('size', base, head, (bytes) => tolerance + own / bytes);
}
