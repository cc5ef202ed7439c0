/**
 * Change points by energy statistics, α = 1, in one dimension: hierarchical bisection, each step tested by permutations within the
 * segments found so far (Matteson and James 2014, "A nonparametric approach for multiple change point analysis of multivariate data").
 */

import { randomFrom, shuffled } from '../plan/order.js';

export interface EDivisiveSettings {
  /** No segment is shorter. */
  readonly minimumSegment: number;
  readonly permutations: number;
  readonly significance: number;
  readonly seed: number;
}

export interface BestSplit {
  /** Of the first value after the change. */
  readonly index: number;
  readonly statistic: number;
}

export interface Split extends BestSplit {
  readonly pValue: number;
}

/**
 * The largest Q̂(X, Y) = mn/(m+n)·Ê(X, Y) over X = values[0..τ), Y = values[τ..κ), where Ê is twice the mean distance between them less
 * the mean distances within each (their equations 5 and 7). Null where there is no room for two segments.
 */
export function bestSplit(values: ArrayLike<number>, minimumSegment: number): BestSplit | null {
  const count = values.length;
  if (count < 2 * minimumSegment) return null;
  const at = (index: number): number => values[index] ?? NaN;
  // within[κ]: of the distances of all pairs among values[0..κ).
  const within = new Float64Array(count + 1);
  for (let end = 1; end <= count; end += 1) {
    let sum = 0;
    for (let index = 0; index < end - 1; index += 1) sum += Math.abs(at(end - 1) - at(index));
    within[end] = (within[end - 1] ?? NaN) + sum;
  }
  let best: BestSplit | null = null;
  // left[κ]: of the distances from values[κ − 1] to values[0..τ), kept up as τ grows.
  const left = new Float64Array(count + 1);
  for (let split = 1; split <= count - minimumSegment; split += 1) {
    const added = at(split - 1);
    for (let end = split + 1; end <= count; end += 1) {
      left[end] = (left[end] ?? NaN) + Math.abs(at(end - 1) - added);
    }
    if (split < minimumSegment) continue;
    const leftWithin = within[split] ?? NaN;
    let between = 0;
    for (let end = split + 1; end <= count; end += 1) {
      between += left[end] ?? NaN;
      const right = end - split;
      if (right < minimumSegment) continue;
      const rightWithin = (within[end] ?? NaN) - leftWithin - between;
      const energy =
        (2 * between) / (split * right) -
        (2 * leftWithin) / (split * (split - 1)) -
        (2 * rightWithin) / (right * (right - 1));
      const statistic = ((split * right) / (split + right)) * energy;
      if (best === null || statistic > best.statistic) best = { index: split, statistic };
    }
  }
  return best;
}

/** The best split of all segments, which `bounds` begin; its index is that in `values`. */
function bestOfSegments(
  values: readonly number[],
  bounds: readonly number[],
  minimumSegment: number,
): BestSplit | null {
  let best: BestSplit | null = null;
  for (const [segment, begin] of bounds.entries()) {
    const end = bounds[segment + 1] ?? values.length;
    const found = bestSplit(values.slice(begin, end), minimumSegment);
    if (found !== null && (best === null || found.statistic > best.statistic)) {
      best = { index: begin + found.index, statistic: found.statistic };
    }
  }
  return best;
}

function shuffledWithin(values: readonly number[], bounds: readonly number[], random: () => number): readonly number[] {
  return bounds.flatMap((begin, segment) =>
    shuffled(values.slice(begin, bounds[segment + 1] ?? values.length), random),
  );
}

/** Share of permutations as extreme as `statistic`, itself counted; null as soon as it cannot be significant any more. */
function pValueOf(
  statistic: number,
  values: readonly number[],
  bounds: readonly number[],
  { minimumSegment, permutations, significance }: EDivisiveSettings,
  random: () => number,
): number | null {
  // Sums of the same distances in another order differ in their last digits.
  const least = statistic * (1 - 1e-12);
  let extreme = 1;
  for (let permutation = 0; permutation < permutations; permutation += 1) {
    const found = bestOfSegments(shuffledWithin(values, bounds, random), bounds, minimumSegment);
    if (found !== null && found.statistic >= least) extreme += 1;
    if (extreme > significance * (permutations + 1)) return null;
  }
  return extreme / (permutations + 1);
}

/** Splits in the order in which they were found, the clearest first. */
export function eDivisive(values: readonly number[], settings: EDivisiveSettings): readonly Split[] {
  const random = randomFrom(settings.seed);
  const splits: Split[] = [];
  for (;;) {
    const bounds = [0, ...splits.map(({ index }) => index)].sort((one, other) => one - other);
    const best = bestOfSegments(values, bounds, settings.minimumSegment);
    // Without any difference there is nothing to permute.
    if (best === null || best.statistic <= 0) return splits;
    const pValue = pValueOf(best.statistic, values, bounds, settings, random);
    if (pValue === null) return splits;
    splits.push({ ...best, pValue });
  }
}
