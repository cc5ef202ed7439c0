/**
 * Location of paired differences by Wilcoxon's signed ranks: what Hollander, Wolfe and Chicken, "Nonparametric Statistical Methods" (3rd edition),
 * give in sections 3.1 (test), 3.2 (Hodges and Lehmann's estimate) and 3.3 (Tukey's interval). One outlier moves none of them far.
 */

import { normalBelow } from './normal.js';
import { averageOfRank, averagesUpTo, halvesOf, type Halves } from './walsh.js';

/** Up to so many pairs the null distribution is exact; above, the normal approximation errs by less than 10⁻⁴ of it. */
const LARGEST_EXACT = 200;

export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

const distributions = new Map<number, Float64Array>();

/**
 * P(T ≤ t) for t from 0 to n(n + 1)/2, of the sum T of the ranks 1 to n that have a plus, where each has one with probability ½
 * independently: the ranks are added one by one.
 */
function distributionOf(pairs: number): Float64Array {
  const known = distributions.get(pairs);
  if (known !== undefined) return known;
  const chance = new Float64Array((pairs * (pairs + 1)) / 2 + 1);
  chance[0] = 1;
  for (let rank = 1; rank <= pairs; rank++) {
    for (let sum = (rank * (rank + 1)) / 2; sum >= 0; sum--) {
      chance[sum] = ((chance[sum] ?? 0) + (sum >= rank ? (chance[sum - rank] ?? 0) : 0)) / 2;
    }
  }
  for (let sum = 1; sum < chance.length; sum++) chance[sum] = (chance[sum] ?? 0) + (chance[sum - 1] ?? 0);
  distributions.set(pairs, chance);
  return chance;
}

/** P(T ≤ t) under the null hypothesis; by symmetry P(T ≥ n(n + 1)/2 − t) too. */
export function signedRankBelow(pairs: number, sum: number): number {
  const largest = (pairs * (pairs + 1)) / 2;
  if (sum < 0) return 0;
  if (sum >= largest) return 1;
  if (pairs <= LARGEST_EXACT) return distributionOf(pairs)[Math.floor(sum)] ?? NaN;
  const deviation = Math.sqrt((largest * (2 * pairs + 1)) / 12);
  return normalBelow((Math.floor(sum) + 0.5 - largest / 2) / deviation);
}

/** How many of the smallest Walsh averages lie below a bound of level alpha: the most sums t from 0 on with P(T ≤ t) ≤ alpha. */
function averagesOutside(pairs: number, alpha: number): number {
  let [outside, beyond] = [0, (pairs * (pairs + 1)) / 2 + 1];
  while (outside < beyond) {
    const sums = Math.ceil((outside + beyond) / 2);
    if (signedRankBelow(pairs, sums - 1) <= alpha) outside = sums;
    else beyond = sums - 1;
  }
  return outside;
}

/** Hodges–Lehmann estimate, one-sided bounds that the true location each passes with probability alpha at most, and p for "it lies above 0". */
export interface SignedRank extends Bounds {
  readonly estimate: number;
  readonly p: number;
}

const averagesOf = (pairs: number): number => (pairs * (pairs + 1)) / 2;

/** Median of the Walsh averages. */
function middle(halves: Halves): number {
  const all = averagesOf(halves.length);
  const above = averageOfRank(halves, (all >> 1) + 1);
  return all % 2 === 1 ? above : (averageOfRank(halves, all >> 1) + above) / 2;
}

/** All that follows from the Walsh averages of the differences. */
export function signedRank(differences: readonly number[], alpha: number): SignedRank {
  const halves = halvesOf(differences);
  const pairs = halves.length;
  const outside = averagesOutside(pairs, alpha);
  return {
    estimate: middle(halves),
    lower: outside === 0 ? -Infinity : averageOfRank(halves, outside),
    upper: outside === 0 ? Infinity : averageOfRank(halves, averagesOf(pairs) + 1 - outside),
    p: signedRankBelow(pairs, averagesUpTo(halves, 0)),
  };
}

/** Median of the Walsh averages (Hodges and Lehmann 1963). */
export function hodgesLehmann(differences: readonly number[]): number {
  return middle(halvesOf(differences));
}

/**
 * One-sided bounds, each at level alpha: the C-th smallest and the C-th largest Walsh average, C the most for which P(T ≤ C − 1) ≤ alpha. Infinite where
 * even T = 0 is likelier than alpha, that is, where 2⁻ⁿ > alpha.
 */
export function signedRankBounds(differences: readonly number[], alpha: number): Bounds {
  const { lower, upper } = signedRank(differences, alpha);
  return { lower, upper };
}

/**
 * One-sided p for "differences lie above 0": P(T ≥ number of Walsh averages above 0), exact where there are no ties. Zeros count as negative, and of equal
 * magnitudes the negative ones take the higher ranks: p can only grow by that, never shrink. (Midranks with their own distribution would
 * gain a little where there are ties; times in nanoseconds have next to none, and so p ≤ alpha says exactly what `lower` > 0 says.)
 */
export function signedRankP(differences: readonly number[]): number {
  return signedRank(differences, 1).p;
}
