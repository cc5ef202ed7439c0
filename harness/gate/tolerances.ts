/**
 * From which change on a quiet counter is a regression, set from what the same code showed when it was measured again: 20 repetitions each
 * of lineitem@0.1 with parquet/stream, zero-copy, direct and accumulate and with lance/zero-copy, on two cores that were busy otherwise.
 * A share of the base, or so much of the counter's own unit, whichever is more.
 */

import type { Counter } from './counters.js';

export interface Tolerance {
  readonly share: number;
  readonly least: number;
}

export const TOLERANCES: Readonly<Record<Counter | 'instructions', Tolerance>> = {
  size: { share: 0.005, least: 0 },
  'allocated bytes': { share: 0.01, least: 2 ** 20 },
  allocations: { share: 0.02, least: 500 },
  'written bytes': { share: 0.01, least: 4096 },
  'write calls': { share: 0.02, least: 2 },
  'page faults': { share: 0.05, least: 500 },
  instructions: { share: 0.01, least: 0 },
};
