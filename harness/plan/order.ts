/** Who runs when: repetitions interleaved, so that drift of the machine meets all cases alike. */

import type { Case } from '../types.js';

/** mulberry32 (Tommy Ettinger, public domain): numbers in [0, 1) from a 32-bit seed. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fisher–Yates; the input stays as it is. */
export function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const held = result[last] as Item;
    result[last] = result[other] as Item;
    result[other] = held;
  }
  return result;
}

export interface Step {
  /** Position in the run, from 1. */
  readonly position: number;
  /** Repetition of the case, from 1. */
  readonly repetition: number;
  readonly case: Case;
}

/** All first repetitions in one random order, then all second ones in another, and so on. */
export function interleave(cases: readonly Case[], repeat: number, seed: number): readonly Step[] {
  const random = randomFrom(seed);
  const steps: Step[] = [];
  for (let repetition = 1; repetition <= repeat; repetition += 1) {
    for (const chosen of shuffled(cases, random)) {
      steps.push({ position: steps.length + 1, repetition, case: chosen });
    }
  }
  return steps;
}
