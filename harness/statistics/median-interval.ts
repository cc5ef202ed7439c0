/**
 * The interval of a median that its sample alone gives: between two of its values, by the sign test (Thompson 1936). It assumes nothing of
 * the distribution, and so there is none for fewer than six values.
 */

export const INTERVAL_LEVEL = 0.95;

/** Of so many values on, the smallest and the largest hold the median with 95 %: 2·2⁻ⁿ is at most 5 %. */
export const LEAST_FOR_INTERVAL = 6;

/** How many of the lowest and of the highest values may be left out. */
function leftOut(count: number): number {
  let chance = 2 ** -count;
  let tail = chance;
  let left = 0;
  while (2 * tail <= 1 - INTERVAL_LEVEL) {
    left += 1;
    chance *= (count - left + 1) / left;
    tail += chance;
  }
  return left - 1;
}

/** Lowest and highest value that the median can have, at 95 %; null for too few values. */
export function medianInterval(values: readonly number[]): readonly [low: number, high: number] | null {
  if (values.length < LEAST_FOR_INTERVAL) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const left = leftOut(sorted.length);
  return [sorted[left] ?? NaN, sorted[sorted.length - 1 - left] ?? NaN];
}
