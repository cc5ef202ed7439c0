import type { Comparison, SuiteSpec, Limit } from '../types.js';

const MEBIBYTE = 1024 * 1024;

const flat = (variant: 'stream' | 'zero-copy'): Comparison => ({
  what: `growth of peak RSS, ${variant}, SF 10 to SF 1`,
  subject: `lineitem@10/parquet/${variant}`,
  reference: `lineitem@1/parquet/${variant}`,
  metric: 'rssGrowth',
  wanted: 'smaller',
  bound: 1.1,
});

const limit = (variant: 'stream' | 'zero-copy'): Limit => ({
  what: `growth of peak RSS, ${variant}, SF 10`,
  subject: `lineitem@10/parquet/${variant}`,
  metric: 'rssGrowth',
  atMost: 64 * MEBIBYTE,
});

export const growth: SuiteSpec = {
  name: 'growth',
  about: 'lineitem at SF 1 and SF 10: memory that must not grow with the table; about 15 GB of disk',
  repeat: 1,
  blocks: [
    { tables: ['lineitem'], scales: [1, 10], writers: ['parquet'], variants: ['stream', 'zero-copy', 'direct'] },
  ],
  comparisons: [flat('stream'), flat('zero-copy')],
  limits: [limit('stream'), limit('zero-copy')],
};
