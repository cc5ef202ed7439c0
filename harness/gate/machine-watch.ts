/** What a block is watched with: the canary, the kernel's word on the time it took, and what both must not exceed. */

import type { ChildOptions } from '../run/child.js';
import type { Bench } from './block.js';
import { runCanary } from './canary.js';
import { conditionsBetween, takeSnapshot } from './conditions.js';
import { disturbance, referenceOf } from './disturbance.js';
import type { Canary } from './types.js';

/** Canaries before the first block, of which the usual one is the median. */
const FIRST_CANARIES = 5;

/** `before` are those of a gate that goes on: its blocks are held to what the first ones were. */
export async function openMachine(
  folder: string,
  child: ChildOptions,
  before: readonly Canary[],
): Promise<Omit<Bench, 'repeat'>> {
  const options = {
    timeoutSeconds: child.timeoutSeconds,
    ...(child.signal === undefined ? {} : { signal: child.signal }),
  };
  const canaries: Canary[] = before.slice(0, FIRST_CANARIES);
  while (canaries.length < FIRST_CANARIES) canaries.push(await runCanary(folder, options));
  const usual = referenceOf(canaries);
  return {
    canary: async () => runCanary(folder, options),
    watch: () => {
      const begun = takeSnapshot();
      return () => conditionsBetween(begun, takeSnapshot());
    },
    disturbance: (block) => disturbance(block, usual),
  };
}
