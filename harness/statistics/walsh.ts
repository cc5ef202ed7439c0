/**
 * Walsh averages: the means of all pairs of values, each with itself included; n(n + 1)/2 of them. They are counted and selected, never listed: sorted values make a
 * staircase of them, which one walk of n steps follows (Shamos 1976; Johnson and Mizoguchi 1978).
 */

/** Halves of the values, ascending: a sum of two is an average. */
export type Halves = Float64Array;

/** Throws on what is no finite number, and on none. */
export function halvesOf(values: readonly number[]): Halves {
  if (values.length === 0) throw new RangeError('no differences: nothing can be said of them');
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new RangeError(`a difference is ${wrong}, not a finite number`);
  return Float64Array.from(values, (value) => value / 2).sort();
}

/** How many averages are at most `limit`. */
export function averagesUpTo(halves: Halves, limit: number): number {
  let count = 0;
  let last = halves.length - 1;
  for (let first = 0; first <= last; first++) {
    const half = halves[first] ?? NaN;
    while (last >= first && half + (halves[last] ?? NaN) > limit) last--;
    count += last - first + 1;
  }
  return count;
}

/** Averages above `below` and at most `limit`, ascending. */
function averagesBetween(halves: Halves, below: number, limit: number): Float64Array {
  const found: number[] = [];
  let last = halves.length - 1;
  for (let first = 0; first <= last; first++) {
    const half = halves[first] ?? NaN;
    while (last >= first && half + (halves[last] ?? NaN) > limit) last--;
    for (let other = last; other >= first && half + (halves[other] ?? NaN) > below; other--) {
      found.push(half + (halves[other] ?? NaN));
    }
  }
  return Float64Array.from(found).sort();
}

/** The average of that rank, 1 the smallest: halves the range until few are left in it. */
export function averageOfRank(halves: Halves, rank: number): number {
  let below = 2 * (halves[0] ?? NaN);
  let most = 2 * (halves.at(-1) ?? NaN);
  let countBelow = averagesUpTo(halves, below);
  if (rank <= countBelow) return below;
  let countMost = (halves.length * (halves.length + 1)) / 2;
  while (countMost - countBelow > halves.length) {
    const middle = below / 2 + most / 2;
    // No number lies between: what is left is one and the same.
    if (middle <= below || middle >= most) return most;
    const count = averagesUpTo(halves, middle);
    if (count < rank) [below, countBelow] = [middle, count];
    else [most, countMost] = [middle, count];
  }
  return averagesBetween(halves, below, most)[rank - countBelow - 1] ?? NaN;
}
