/** How many pairs a gate takes, and when it looks at them. All of it before the first pair is measured. */

import { detectableDifference, deviation, FALSE_RED, MISSED } from '../statistics/paired.js';
import { normalQuantile } from '../statistics/normal.js';

export interface Look {
  readonly pairs: number;
  /** One-sided level that this look may spend. */
  readonly alpha: number;
}

export interface Plan {
  /** At most; those of the last look. */
  readonly pairs: number;
  readonly looks: readonly Look[];
  /** Fresh pairs that a red verdict is confirmed with. */
  readonly confirmPairs: number;
}

export interface Wanted {
  /** Standard deviation of ln(head ÷ base) of a pair. */
  readonly sigma: number;
  /** The smallest slowdown that must be found: 0.05 is 5 %. */
  readonly tolerance: number;
  /** Verdicts that have to be green together. */
  readonly decisions?: number;
  /** No look at fewer pairs. */
  readonly least?: number;
}

/** A look below nine pairs cannot reach the first level: the smallest p of n pairs is 2⁻ⁿ. */
const LEAST_PAIRS = 9;

/** A block ABBA is two pairs, and is measured whole. */
const PAIRS_OF_BLOCK = 2;

/** Times have heavier tails than the normal law that the formula supposes. */
const FOR_HEAVY_TAILS = 1.5;

/** Pitman efficiency of signed ranks beside a t-test, under the normal law. */
const EFFICIENCY = 3 / Math.PI;

/** Shares of all pairs, and of the levels, which add up to `FALSE_RED`. A fixed plan: looking again until something shows would spend ten times as much. */
const LOOKS = [
  { share: 1 / 5, alpha: 0.002 },
  { share: 1 / 3, alpha: 0.003 },
  { share: 1, alpha: 0.005 },
] as const;

const wholeBlocks = (pairs: number): number => Math.ceil(pairs / PAIRS_OF_BLOCK) * PAIRS_OF_BLOCK;

/** Pairs of which the smallest p is at most `alpha`. */
const resolving = (alpha: number): number => Math.ceil(-Math.log2(alpha));

/** Quantile of the normal law to two decimals, as the table of pairs was made: exact ones give 34 for 35 in one of its cells. */
const quantile = (probability: number): number => Math.round(normalQuantile(probability) * 100) / 100;

/** Standard errors between "as fast" and "at the tolerance": what falsely red and missed verdicts have to keep apart. */
const errorsApart = (alpha: number, beta: number): number => quantile(1 - alpha) + quantile(1 - beta);

/** Pairs more than the normal law asks for, because the distribution of few signed ranks is a ladder. */
const forTheLadder = (alpha: number): number => quantile(1 - alpha) ** 2 / 2;

/**
 * Pairs for one look: ((z₁₋α + z₁₋β)·σ ÷ ln(1 + δ))² ÷ (3/π) + z²₁₋α ÷ 2, rounded up; at least as many as 2⁻ⁿ ≤ α needs. For α 0.01 and a power of 90 %
 * that is 40 for σ 8 % and δ 5 %, 226 for δ 2 %, and 7 where noise is small.
 */
export function pairsFor(sigma: number, tolerance: number, alpha = FALSE_RED, beta = MISSED): number {
  const apart = (errorsApart(alpha, beta) * sigma) / Math.log1p(tolerance);
  return Math.max(resolving(alpha), Math.ceil(apart ** 2 / EFFICIENCY + forTheLadder(alpha)));
}

/**
 * The chances that so many decisions are planned with. An unchanged tree is green when each of them is, so each gets its share of β; and a red one has to pass Holm's
 * smallest level, α ÷ decisions, with the same power as if it were alone. What needs more pairs counts.
 */
function chances(decisions: number): readonly { readonly alpha: number; readonly beta: number }[] {
  return [
    { alpha: FALSE_RED, beta: MISSED / decisions },
    { alpha: FALSE_RED / decisions, beta: MISSED },
  ];
}

function check({ sigma, tolerance, decisions = 1 }: Wanted): void {
  if (!(sigma >= 0 && Number.isFinite(sigma)))
    throw new RangeError(`σ is ${sigma}; it has to be a finite number from 0 on`);
  if (!(tolerance > 0)) throw new RangeError(`the tolerance is ${tolerance}; it has to be above 0`);
  if (!(Number.isInteger(decisions) && decisions > 0)) throw new RangeError(`${decisions} decisions cannot be planned`);
}

/** Looks that fall on the same number of pairs are one, with the levels of both. */
function merged(looks: readonly Look[]): readonly Look[] {
  const alphas = new Map<number, number>();
  for (const { pairs, alpha } of looks) alphas.set(pairs, (alphas.get(pairs) ?? 0) + alpha);
  return [...alphas].map(([pairs, alpha]) => ({ pairs, alpha }));
}

/**
 * Half as many pairs again as one look needs, and looks at a fifth, a third and all of them; each at whole blocks, at `least` pairs or more, and never where
 * 2⁻ⁿ is above its level ÷ decisions.
 */
export function planLooks(wanted: Wanted): Plan {
  check(wanted);
  const { sigma, tolerance, decisions = 1, least = LEAST_PAIRS } = wanted;
  const once = Math.max(...chances(decisions).map(({ alpha, beta }) => pairsFor(sigma, tolerance, alpha, beta)));
  const planned = FOR_HEAVY_TAILS * once;
  const looks = merged(
    LOOKS.map(({ share, alpha }) => ({
      // A third of 60 is 20, not the next whole block above 20.000000000000004.
      pairs: wholeBlocks(Math.max(Math.ceil(planned * share - 1e-9), least, resolving(alpha / decisions))),
      alpha,
    })),
  );
  const [first, second] = looks;
  const last = looks.at(-1);
  if (first === undefined || last === undefined) throw new Error('a plan without looks');
  return { pairs: last.pairs, looks, confirmPairs: (second ?? first).pairs };
}

/**
 * A dozen pairs know σ to a fifth only, and a gate that was planned with too small a one does not decide. Simulated at σ 8 %: with the bare deviation of 12 pairs
 * 5.6 % of unchanged trees end inconclusive, and 93.6 % green; with this margin 1.9 % and 97.4 %, for two pairs more.
 */
const PILOT_MARGIN = 1.15;

/** σ to plan with, from the first differences ln(head ÷ base), which are the first of the gate's own. */
export const plannedSigma = (pilot: readonly number[]): number => PILOT_MARGIN * deviation(pilot);

/** Head ÷ base − 1 that so many pairs find with 90 % power. */
export function minimumDetectableEffect(sigma: number, pairs: number, alpha = FALSE_RED): number {
  return Math.expm1(detectableDifference(sigma, pairs, alpha));
}

/** The smallest tolerance that a plan of at most so many pairs can decide; Infinity where no plan is so short. */
export function effectThatFits(sigma: number, pairs: number, decisions = 1): number {
  if (planLooks({ sigma: 0, tolerance: 1, decisions }).pairs > pairs) return Infinity;
  const once = Math.floor(wholeBlocks(pairs - PAIRS_OF_BLOCK + 1) / FOR_HEAVY_TAILS);
  const smallest = chances(decisions).map(({ alpha, beta }) => {
    const room = once - forTheLadder(alpha);
    return room <= 0 ? Infinity : (errorsApart(alpha, beta) * sigma) / Math.sqrt(room * EFFICIENCY);
  });
  // A hair more, so that rounding never asks for one pair more.
  return Math.expm1(Math.max(...smallest)) * (1 + 1e-9);
}
