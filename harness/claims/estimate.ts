/** How long a plan will take, by rows and rates that are stated: a machine with two cores needs about as long. */

import type { TableSpec } from '../../suites/types.js';
import type { Step } from '../plan/order.js';

/** Rows that are generated or read, written, and read back, a second. */
export const ROWS_PER_SECOND = 1_000_000;
/** Processes of a repetition, and a crossing's own clock. */
export const SECONDS_A_WORKER = 1;

export function estimateSeconds(steps: readonly Step[], tables: readonly TableSpec[]): number {
  const specs = new Map(tables.map((table) => [table.name, table]));
  const rows = steps.reduce((sum, { case: one }) => {
    const table = specs.get(one.table);
    const all = table === undefined ? 0 : (table.roughRows ?? table.rows)(one.scale);
    return sum + all / one.options.part.count;
  }, 0);
  return rows / ROWS_PER_SECOND + steps.length * SECONDS_A_WORKER;
}
