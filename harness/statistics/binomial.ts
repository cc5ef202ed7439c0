/** A share, and how well a count knows it. */

import { normalQuantile } from './normal.js';

export interface Rate {
  readonly rate: number;
  /** Two-sided, 95 % (Wilson 1927): inside 0 to 1, and no point even for none of many. */
  readonly interval: readonly [number, number];
}

const Z = normalQuantile(0.975);

/** `count` of `trials`. Throws on no trials. */
export function rateOf(count: number, trials: number): Rate {
  if (!(trials > 0 && count >= 0 && count <= trials)) throw new RangeError(`${count} of ${trials} is no share`);
  const rate = count / trials;
  const spread = Z * Math.sqrt((rate * (1 - rate)) / trials + Z ** 2 / (4 * trials ** 2));
  const [centre, whole] = [rate + Z ** 2 / (2 * trials), 1 + Z ** 2 / trials];
  return { rate, interval: [Math.max(0, (centre - spread) / whole), Math.min(1, (centre + spread) / whole)] };
}
