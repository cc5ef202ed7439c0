import type { Block, Comparison, SuiteSpec } from '../types.js';

const WRITERS = ['parquet', 'arrow', 'lance'] as const;
const BATCH_ROWS = [100, 10_000, 100_000] as const;

const id = (writer: string, rows: number): string => `lineitem@0.1/${writer}/zero-copy;batchRows=${rows}`;

/** Each batch costs its crossing and a call: of 100 rows, a good part of the whole; of 10,000, next to nothing. */
const small = (writer: string): Comparison => ({
  what: `speed of ${writer}, batches of 10,000 rows to 100`,
  subject: id(writer, 10_000),
  reference: id(writer, 100),
  metric: 'durable',
  wanted: 'faster',
  bound: 1,
});

const block = (rows: number): Block => ({
  tables: ['lineitem'],
  scales: [0.1],
  writers: WRITERS,
  variants: ['stream', 'zero-copy'],
  options: { batchRows: rows },
});

export const batchSize: SuiteSpec = {
  name: 'batch-size',
  about: 'lineitem at SF 0.1 in batches of 100, 10,000 and 100,000 rows, Parquet, Arrow IPC and Lance; three minutes',
  repeat: 3,
  blocks: BATCH_ROWS.map(block),
  comparisons: WRITERS.map(small),
  limits: [],
};
