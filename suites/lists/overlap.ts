import type { Block, Comparison, SuiteSpec } from '../types.js';

const WRITERS = ['parquet', 'arrow', 'lance'] as const;

const block = (overlap: boolean): Block => ({
  tables: ['lineitem'],
  scales: [1],
  writers: WRITERS,
  variants: ['zero-copy'],
  source: 'generated',
  options: { overlap },
});

const faster = (writer: string): Comparison => ({
  what: `speed of ${writer}, overlap on to off`,
  subject: `lineitem@1/${writer}/zero-copy;source=generated;overlap=on`,
  reference: `lineitem@1/${writer}/zero-copy;source=generated`,
  metric: 'durable',
  wanted: 'faster',
  bound: 1,
});

export const overlap: SuiteSpec = {
  name: 'overlap',
  about:
    'lineitem at SF 1, generated: generating, encoding and writing in turn or on threads of their own; three minutes',
  repeat: 3,
  blocks: [block(false), block(true)],
  comparisons: WRITERS.map(faster),
  limits: [],
};
