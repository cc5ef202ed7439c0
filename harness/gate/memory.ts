/** Memory and size are quieter than time: medians, and a tolerance of their own. */

import { median } from '../statistics/quantile.js';
import type { GateLine } from './types.js';

type Line = Omit<GateLine, 'case'>;

const MEBIBYTE = 1024 * 1024;
/** Whichever is more: 3 % of an accumulating writer's memory is found, and 8 MiB of a streaming one's. */
const MEMORY_SHARE = 0.02;
const MEMORY_BYTES = 4 * MEBIBYTE;
/** Fewer say nothing of a peak. */
const LEAST_REPETITIONS = 3;
/** Of the size on disk: names and times that are part of a file may differ by bytes. */
const SIZE_SHARE = 0.001;

function lineOf(
  metric: 'peak RSS' | 'size',
  base: readonly number[],
  head: readonly number[],
  least: number,
  toleranceOf: (base: number) => number,
): Line {
  const pairs = Math.min(base.length, head.length);
  const none = { metric, estimate: null, interval: null, pairs, mde: null, decides: true } as const;
  if (pairs < least) {
    const note = `${pairs} repetitions of each side could be read, ${least} are needed`;
    return { ...none, verdict: 'inconclusive', tolerance: null, note };
  }
  const [before, after] = [median(base), median(head)];
  const tolerance = toleranceOf(before);
  const verdict = after - before > tolerance * before ? 'regression' : 'pass';
  return { ...none, verdict, estimate: after / before, tolerance, note: '' };
}

/** Peaks in bytes. More than 2 % and more than 4 MiB above the base's median is a regression. */
export const decideMemory = (base: readonly number[], head: readonly number[]): Line =>
  lineOf('peak RSS', base, head, LEAST_REPETITIONS, (bytes) => Math.max(MEMORY_SHARE, MEMORY_BYTES / bytes));

/** Sizes on disk in bytes: the exact ratio of the medians. */
export const decideSize = (base: readonly number[], head: readonly number[]): Line =>
  lineOf('size', base, head, 1, () => SIZE_SHARE);
