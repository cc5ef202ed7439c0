import type { Limit, SuiteSpec } from '../types.js';

const MEBIBYTE = 1024 * 1024;
const WRITERS = ['parquet', 'arrow', 'lance'] as const;

const limit = (writer: string): Limit => ({
  what: `growth of peak RSS of ${writer}, SF 10`,
  subject: `lineitem@10/${writer}/zero-copy;source=generated;overlap=on`,
  metric: 'rssGrowth',
  atMost: (writer === 'lance' ? 96 : 64) * MEBIBYTE,
});

export const scale: SuiteSpec = {
  name: 'scale',
  about: 'lineitem at SF 0.1, 1 and 10, generated, overlap on; 11 GB of disk and six minutes on two cores',
  repeat: 1,
  blocks: [
    {
      tables: ['lineitem'],
      scales: [0.1, 1, 10],
      writers: WRITERS,
      variants: ['zero-copy'],
      source: 'generated',
      options: { overlap: true },
    },
  ],
  comparisons: [],
  limits: WRITERS.map(limit),
};
