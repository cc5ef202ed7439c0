/** Blocks → logarithms of head ÷ base, of a case and of a pool. */

import type { Contest } from './contest.js';
import type { Block } from './types.js';

const differences = (block: Block): readonly number[] =>
  block.pairs.map(({ baseNs, headNs }) => Math.log(headNs / baseNs));

const counted = (blocks: readonly Block[], id: string, purpose: Block['purpose']): readonly Block[] =>
  blocks
    .filter((block) => block.case === id && block.purpose === purpose && block.dropped === null)
    .sort((one, other) => one.round - other.round);

/** One number a pair, in the order in which they were measured. */
export function seriesOfCase(blocks: readonly Block[], id: string, purpose: Block['purpose']): readonly number[] {
  return counted(blocks, id, purpose).flatMap(differences);
}

/** One number a pair: the mean over the cases of a pool, of rounds in which every one of them has both pairs. */
export function seriesOfPool(
  blocks: readonly Block[],
  contests: readonly Contest[],
  purpose: Block['purpose'],
): readonly number[] {
  const each = contests.map(
    ({ id }) => new Map(counted(blocks, id, purpose).map((block) => [block.round, differences(block)])),
  );
  const rounds = [...(each[0]?.keys() ?? [])].filter((round) => each.every((one) => one.get(round)?.length === 2));
  return rounds.flatMap((round) =>
    [0, 1].map((index) => each.reduce((sum, one) => sum + (one.get(round)?.[index] ?? NaN), 0) / each.length),
  );
}
