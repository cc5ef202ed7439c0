/** Red, green or neither: what differences of logarithms, ln(head ÷ base) of each pair, say at one look. Pure. */

import { holm } from '../statistics/holm.js';
import { hodgesLehmann, signedRank } from '../statistics/signed-rank.js';

export type DecisionVerdict = 'regression' | 'pass' | 'inconclusive';

export interface Decision {
  readonly verdict: DecisionVerdict;
  /** Of ln(head ÷ base); bounds are one-sided, each at the level of the look, and infinite where the pairs are too few for it. */
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** One-sided, for "head is slower". */
  readonly p: number;
}

export interface Rule {
  /** The smallest slowdown that must be found: 0.05 is 5 %. */
  readonly tolerance: number;
  /** One-sided level of this look. */
  readonly alpha: number;
}

export interface Series {
  readonly name: string;
  readonly differences: readonly number[];
}

export interface NamedDecision extends Decision {
  readonly name: string;
}

/** A slowdown of less than half of the tolerance blocks nobody, however sure it is. */
const LEAST_SHARE = 1 / 2;

/**
 * Several decisions at one look. Red needs Holm's rejection among all of them, and an estimate of half the tolerance or more: one more case in a gate must not make a
 * false red likelier. Green needs nothing but its own upper bound below the tolerance: green is no discovery among many, and each case has to
 * earn it. Neither is inconclusive; "not significant" is not "pass". `decisions` counts those of the whole gate where an earlier look
 * closed some.
 */
export function decideAll(
  series: readonly Series[],
  { tolerance, alpha }: Rule,
  decisions = series.length,
): readonly NamedDecision[] {
  const found = series.map(({ name, differences }) => ({ name, ...signedRank(differences, alpha) }));
  const slower = holm(
    found.map(({ p }) => p),
    alpha,
    decisions,
  );
  const limit = Math.log1p(tolerance);
  return found.map(({ name, estimate, lower, upper, p }, place) => {
    const red = slower[place] === true && estimate >= LEAST_SHARE * limit;
    const verdict = red ? 'regression' : upper < limit ? 'pass' : 'inconclusive';
    return { name, verdict, estimate, lower, upper, p };
  });
}

/** One decision alone: p ≤ alpha is the same as a lower bound above 0. */
export function decide(differences: readonly number[], rule: Rule): Decision {
  const [decision] = decideAll([{ name: '', differences }], rule);
  if (decision === undefined) throw new Error('a decision was lost');
  const { verdict, estimate, lower, upper, p } = decision;
  return { verdict, estimate, lower, upper, p };
}

/**
 * A red verdict, measured again. It stands if all pairs together, those that made it red and the fresh ones, still say so, and the fresh ones alone, which
 * were not chosen for being slow, say slower at all. Otherwise the verdict is that of all pairs, and where that is red, inconclusive; so it is where nothing
 * was measured again. Simulated at σ 8 %: red of an unchanged tree falls from 0.8 % to 0.15 %, and 96 % of slowdowns of 5 % stay red. To ask half of
 * the tolerance of the fresh pairs leaves 92 %, and p ≤ 0.05 of them 87 %.
 */
export function confirm(first: readonly number[], fresh: readonly number[], rule: Rule): Decision {
  const together = decide([...first, ...fresh], rule);
  if (together.verdict !== 'regression' || (fresh.length > 0 && hodgesLehmann(fresh) > 0)) return together;
  return { ...together, verdict: 'inconclusive' };
}
