import { VARIANTS } from '../../harness/types.js';
import type { SuiteSpec } from '../types.js';

/** Two tables whose pairs take a second; what is not worth its time is verified all the same, the tables of edge values among it. */
export const gate: SuiteSpec = {
  name: 'gate',
  about:
    'what a gate compares before a merge: lineitem and orders at SF 0.1, every variant and type verified; ten minutes on two cores',
  repeat: 1,
  blocks: [
    { tables: ['lineitem', 'orders'], scales: [0.1], writers: ['parquet'], variants: VARIANTS },
    { tables: ['lineitem', 'orders'], scales: [0.1], writers: ['lance', 'arrow'], variants: ['zero-copy', 'direct'] },
    {
      tables: ['lineitem'],
      scales: [0.01],
      writers: ['lance', 'arrow'],
      variants: ['accumulate', 'stream'],
      timed: false,
    },
    { tables: ['types'], scales: [0.001], writers: ['parquet', 'arrow'], variants: VARIANTS, timed: false },
    { tables: ['core-types'], scales: [0.001], writers: ['lance'], variants: VARIANTS, timed: false },
  ],
  comparisons: [],
  limits: [],
};
