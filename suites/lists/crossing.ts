import { LOOPS } from '../../harness/types.js';
import type { Comparison, Limit, SuiteSpec } from '../types.js';

const BATCH_ROWS = [100, 10_000, 100_000] as const;
const MOST_NS = 5_000;

const pointer = (rows: number): string => `lineitem@0.1/crossing/pointer;batchRows=${rows}`;

const limit = (rows: number): Limit => ({
  what: `a batch of ${rows} rows by pointer`,
  subject: pointer(rows),
  metric: 'batch',
  atMost: MOST_NS,
});

/** A pointer's price is that of its columns: rows must not matter. Small batches lie further apart in memory. */
const flat: Comparison = {
  what: 'by pointer, 100,000 rows to 10,000',
  subject: pointer(100_000),
  reference: pointer(10_000),
  metric: 'batch',
  wanted: 'smaller',
  bound: 1.5,
};

export const crossing: SuiteSpec = {
  name: 'crossing',
  about: 'time of a batch across the Arrow C Data Interface, by pointer and by copy, native and JavaScript; a minute',
  repeat: 2,
  blocks: [],
  crossings: [{ table: 'lineitem', scale: 0.1, handovers: ['pointer', 'copy'], loops: LOOPS, batchRows: BATCH_ROWS }],
  comparisons: [flat],
  limits: BATCH_ROWS.map(limit),
};
