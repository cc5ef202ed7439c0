/** What a few repetitions tell, in logarithms: equal distances are equal ratios. */

import { normalQuantile } from './normal.js';

/** Fewer say nothing of their spread. */
export const LEAST_REPETITIONS = 3;

/** Standard deviation of a sample; of fewer than two values there is none. */
export function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** Chances of a decision: of a false "slower", and of missing a true one. One-sided. */
export const FALSE_RED = 0.01;
export const MISSED = 0.1;

/** The smallest difference of logarithms that `pairs` differences of standard deviation `sigma` tell from none: (z₁₋α + z₁₋β)·σ ÷ √n. */
export function detectableDifference(sigma: number, pairs: number, alpha = FALSE_RED): number {
  return ((normalQuantile(1 - alpha) + normalQuantile(1 - MISSED)) * sigma) / Math.sqrt(pairs);
}

/** The same of a sample, with its own deviation. Null for too few values. */
export function detectable(logarithms: readonly number[]): number | null {
  return logarithms.length < LEAST_REPETITIONS ? null : detectableDifference(deviation(logarithms), logarithms.length);
}
