/** How long a plan will take, by rows and rates that are stated: a machine with two cores needs about as long. */

import type { TableSpec } from '../../suites/types.js';
import type { Step } from '../plan/order.js';

/** Rows that are generated or read, written, and read back, a second. */
export const ROWS_PER_SECOND = 1_000_000;
/** Processes of a repetition, and a crossing's own clock. */
export const SECONDS_A_WORKER = 1;

/** A fragment or a version; row groups and messages cost less. */
export const SECONDS_A_FLUSH = 0.01;

export function estimateSeconds(steps: readonly Step[], tables: readonly TableSpec[]): number {
  const specs = new Map(tables.map((table) => [table.name, table]));
  return steps.reduce((sum, { case: { table: name, scale, options } }) => {
    const table = specs.get(name);
    const rows = table === undefined ? 0 : (table.roughRows ?? table.rows)(scale) / options.part.count;
    const flushes = options.flushEvery === 0 ? 0 : rows / options.batchRows / options.flushEvery;
    return sum + rows / ROWS_PER_SECOND + flushes * SECONDS_A_FLUSH + SECONDS_A_WORKER;
  }, 0);
}
