/** The rules of memory and size on recorded peaks and sizes. Pure. */

import { randomFrom } from '../../plan/order.js';
import { rateOf, type Rate } from '../../statistics/binomial.js';
import { MEDIAN_REPETITIONS, type BytesLine } from '../memory.js';

export interface BytesSimulation {
  /** Bytes of each recorded repetition. */
  readonly recorded: readonly number[];
  /** What head makes of the bytes of one repetition. */
  readonly grown: (bytes: number) => number;
  readonly decide: (base: readonly number[], head: readonly number[]) => BytesLine;
  readonly gates: number;
  readonly seed: number;
}

export interface BytesVerdicts {
  readonly gates: number;
  readonly red: Rate;
  readonly green: Rate;
  readonly inconclusive: Rate;
}

/** Each gate draws the fewest repetitions that decide, of each side, from all that were recorded. */
export function simulateBytes({ recorded, grown, decide, gates, seed }: BytesSimulation): BytesVerdicts {
  if (recorded.length === 0) throw new RangeError('nothing was recorded: nothing can be drawn');
  const random = randomFrom(seed);
  const drawn = (): readonly number[] =>
    Array.from({ length: MEDIAN_REPETITIONS }, () => recorded[Math.floor(random() * recorded.length)] ?? NaN);
  const verdicts = Array.from({ length: gates }, () => decide(drawn(), drawn().map(grown)).verdict);
  const rate = (wanted: BytesLine['verdict']): Rate =>
    rateOf(verdicts.filter((verdict) => verdict === wanted).length, gates);
  return { gates, red: rate('regression'), green: rate('pass'), inconclusive: rate('inconclusive') };
}
