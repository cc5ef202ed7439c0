/** What a few repetitions tell, in logarithms: equal distances are equal ratios. */

import { median } from './quantile.js';

/** Fewer say nothing of their spread. */
export const LEAST_REPETITIONS = 3;

/** Normal quantiles for α = 0.01, one-sided, and a power of 90 %. */
const Z_ALPHA = 2.326;
const Z_BETA = 1.282;

/** Median of the means of all pairs, each value with itself included (Hodges and Lehmann 1963). */
export function hodgesLehmann(values: readonly number[]): number {
  return median(values.flatMap((one, index) => values.slice(index).map((other) => (one + other) / 2)));
}

/** Standard deviation of a sample; of fewer than two values there is none. */
export function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** The smallest difference of logarithms that can be told from none: (z₁₋α + z₁₋β)·σ ÷ √n. Null for too few values. */
export function detectable(logarithms: readonly number[]): number | null {
  if (logarithms.length < LEAST_REPETITIONS) return null;
  return ((Z_ALPHA + Z_BETA) * deviation(logarithms)) / Math.sqrt(logarithms.length);
}
