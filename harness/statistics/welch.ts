/** Two samples that were taken apart, as tools compare them that store a baseline. */

import { normalQuantile } from './normal.js';
import { deviation } from './paired.js';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Student's t from the normal quantile: Abramowitz and Stegun (1964), 26.7.5; three digits from nine degrees of freedom on, four from twelve. */
export function studentQuantile(probability: number, freedom: number): number {
  const z = normalQuantile(probability);
  return (
    z +
    (z ** 3 + z) / (4 * freedom) +
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / (384 * freedom ** 3)
  );
}

/** Interval of mean(head) − mean(base), two-sided at `confidence`, of unequal variances (Welch 1947). Both need two values. */
export function welchInterval(
  base: readonly number[],
  head: readonly number[],
  confidence: number,
): readonly [number, number] {
  const [ofBase, ofHead] = [deviation(base) ** 2 / base.length, deviation(head) ** 2 / head.length];
  const freedom = (ofBase + ofHead) ** 2 / (ofBase ** 2 / (base.length - 1) + ofHead ** 2 / (head.length - 1));
  const width = studentQuantile((1 + confidence) / 2, freedom) * Math.sqrt(ofBase + ofHead);
  const difference = mean(head) - mean(base);
  return [difference - width, difference + width];
}
