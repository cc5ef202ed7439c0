import { VARIANTS } from '../../harness/types.js';
import type { Comparison, Limit, SuiteSpec } from '../types.js';

const MEBIBYTE = 1024 * 1024;
const STREAMED = ['stream', 'zero-copy'] as const;

/** What each writer is held to: bytes at any scale, and the share of what holding the whole table costs. */
const WRITERS = [
  { writer: 'parquet', mebibytes: 64, ofAccumulate: 1 / 12 },
  { writer: 'arrow', mebibytes: 32, ofAccumulate: 1 / 30 },
  { writer: 'lance', mebibytes: 96, ofAccumulate: 1 / 10 },
] as const;
const NAMES = WRITERS.map(({ writer }) => writer);

const comparisons: readonly Comparison[] = WRITERS.flatMap(({ writer, ofAccumulate }) =>
  STREAMED.flatMap((variant) => [
    {
      what: `growth of peak RSS of ${writer}, ${variant} to accumulate, SF 1`,
      subject: `lineitem@1/${writer}/${variant}`,
      reference: `lineitem@1/${writer}/accumulate`,
      metric: 'rssGrowth' as const,
      wanted: 'smaller' as const,
      bound: ofAccumulate,
    },
    {
      what: `growth of peak RSS of ${writer}, ${variant}, SF 10 to SF 1`,
      subject: `lineitem@10/${writer}/${variant}`,
      reference: `lineitem@1/${writer}/${variant}`,
      metric: 'rssGrowth' as const,
      wanted: 'smaller' as const,
      bound: 1.1,
    },
  ]),
);

const limits: readonly Limit[] = WRITERS.flatMap(({ writer, mebibytes }) =>
  STREAMED.map((variant) => ({
    what: `growth of peak RSS of ${writer}, ${variant}, SF 10`,
    subject: `lineitem@10/${writer}/${variant}`,
    metric: 'rssGrowth' as const,
    atMost: mebibytes * MEBIBYTE,
  })),
);

export const growth: SuiteSpec = {
  name: 'growth',
  about: 'lineitem at SF 1 and SF 10: memory that must not grow with the table; 22 GB of disk and nine minutes',
  repeat: 1,
  blocks: [
    { tables: ['lineitem'], scales: [1], writers: NAMES, variants: VARIANTS },
    { tables: ['lineitem'], scales: [10], writers: NAMES, variants: ['stream', 'zero-copy', 'direct'] },
  ],
  comparisons,
  limits,
};
