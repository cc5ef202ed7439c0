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
  // Parquet: not a byte; Lance, whose encodings differ from run to run: 0.44 % from the smallest to the largest.
  size: { share: 0.005, least: 0 },
  // Parquet 0.006 %, Lance 0.11 %.
  'allocated bytes': { share: 0.005, least: 2 ** 20 },
  // 0.11 %.
  allocations: { share: 0.01, least: 200 },
  // As the size; whole blocks and the file system's own where they go through io_uring, 0.13 %.
  'written bytes': { share: 0.01, least: 32_768 },
  // None.
  'write calls': { share: 0.02, least: 2 },
  // Parquet 0.15 %, Lance 7.7 %.
  'page faults': { share: 0.1, least: 500 },
  // Of lineitem@0.01, twice each: Parquet 0.26 %, Lance 0.1 %, Arrow 0.09 %.
  instructions: { share: 0.01, least: 0 },
};
