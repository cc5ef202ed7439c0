/** Who runs when: cases shuffled within a round, ABBA or BAAB by chance, both from the seed, so that a killed gate goes on as planned. */

import { createHash } from 'node:crypto';
import { randomFrom, shuffled } from '../plan/order.js';
import type { Block, SideName } from './types.js';

function seedOf(...words: readonly (string | number)[]): number {
  return createHash('sha256').update(words.join('\0')).digest().readUInt32LE(0);
}

export type Order = Block['order'];

export const SIDES_IN_ORDER: Readonly<{ [order in Order]: readonly SideName[] }> = {
  ABBA: ['base', 'head', 'head', 'base'],
  BAAB: ['head', 'base', 'base', 'head'],
};

/** The cases of a round in their order, each with that of its block. */
export function roundOf(
  seed: number,
  purpose: Block['purpose'],
  round: number,
  cases: readonly string[],
): readonly { readonly case: string; readonly order: Order }[] {
  const ordered = shuffled([...cases].sort(), randomFrom(seedOf(seed, purpose, round)));
  return ordered.map((id) => ({ case: id, order: orderOf(seed, purpose, round, id) }));
}

/** ABBA in one of two rounds and BAAB in the other, which first by chance: starts are balanced whenever a look is taken. */
export function orderOf(seed: number, purpose: Block['purpose'], round: number, id: string): Order {
  const pairOfRounds = Math.ceil(round / 2);
  const first = seedOf(seed, purpose, pairOfRounds, id) % 2 === 0;
  return first === (round % 2 === 1) ? 'ABBA' : 'BAAB';
}
