/** One block: the canary, then ABBA of one case, every repetition verified before its time counts. */

import type { SideName, Block, Canary, Conditions } from './types.js';
import type { WriteRecord } from '../types.js';
import type { Contest } from './contest.js';
import { SIDES_IN_ORDER, type Order } from './schedule.js';

/** What a block is run with. */
export interface Bench {
  /**
   * Runs and records one repetition; null when it was interrupted. Every row is read back by an implementation that did not write it; where it is
   * thorough a second one reads them too, as in a run.
   */
  readonly repeat: (side: SideName, contest: Contest, thorough: boolean) => Promise<WriteRecord | null>;
  readonly canary: () => Promise<Canary>;
  /** Starts watching the machine; the function returned ends that. */
  readonly watch: () => () => Conditions;
  /** Why a block does not count, or null. */
  readonly disturbance: (block: { readonly canary: Canary; readonly conditions: Conditions }) => string | null;
}

type Pair = Block['pairs'][number];

function pairOf(one: WriteRecord | undefined, other: WriteRecord | undefined, isBaseFirst: boolean): readonly Pair[] {
  if (one?.verdict.status !== 'verified' || other?.verdict.status !== 'verified') return [];
  const [first, second] = [one.verdict.measurement.durableNs, other.verdict.measurement.durableNs];
  return [isBaseFirst ? { baseNs: first, headNs: second } : { baseNs: second, headNs: first }];
}

/** Null when it was interrupted: nothing of it counts then. */
export async function runBlock(
  contest: Contest,
  { round, purpose, order }: { readonly round: number; readonly purpose: Block['purpose']; readonly order: Order },
  bench: Bench,
): Promise<Block | null> {
  const canary = await bench.canary();
  const end = bench.watch();
  const records: WriteRecord[] = [];
  for (const side of SIDES_IN_ORDER[order]) {
    const record = await bench.repeat(side, contest, false);
    if (record === null) return null;
    records.push(record);
  }
  const conditions = end();
  const dropped = bench.disturbance({ canary, conditions });
  const [first, second, third, fourth] = records;
  const isBaseFirst = order === 'ABBA';
  const pairs = dropped === null ? [...pairOf(first, second, isBaseFirst), ...pairOf(third, fourth, !isBaseFirst)] : [];
  return { round, purpose, case: contest.id, order, canary, conditions, dropped, pairs };
}
