/** Quiet counters of a contest on one side: a repetition of its own, and one case of each pool once more under callgrind. */

import type { Bench } from '../run/repetition.js';
import type { Contest } from './contest.js';
import { countedRepetition, COUNTERS } from './counters.js';
import { countInstructions } from './instructions.js';
import type { Ledger } from './store.js';
import type { SideCounters, SideName } from './types.js';

/** Of every metric but the size, which all repetitions have. */
const COUNTED = COUNTERS.filter((counter) => counter !== 'size');

/** Runs it, records it, and counts; null where it was interrupted, and without counts where it is not verified. */
export async function countContest(
  side: SideName,
  contest: Contest,
  {
    bench,
    ledger,
    withInstructions,
  }: { readonly bench: Bench; readonly ledger: Ledger; readonly withInstructions: boolean },
): Promise<SideCounters | null> {
  const one = contest[side];
  const { position, repetition } = await ledger.next(one);
  const { record, counters } = await countedRepetition(one, position, bench);
  if (record === null) return null;
  await ledger.add({ ...record, repetition, notes: [...record.notes, 'counted, and not timed'] });
  if (counters === null) return { side, case: contest.id, counts: {} };
  const counts = Object.fromEntries(COUNTED.map((counter) => [counter, counters[counter]]));
  if (!withInstructions) return { side, case: contest.id, counts };
  // In a folder of its own: position 0 is no repetition's.
  const instructions = await countInstructions(one, 0, bench);
  return bench.signal.aborted ? null : { side, case: contest.id, counts: { ...counts, instructions } };
}
