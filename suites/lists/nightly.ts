import { VARIANTS } from '../../harness/types.js';
import type { SuiteSpec } from '../types.js';

const NATIVE = ['parquet', 'arrow', 'lance'] as const;

/** What a team follows from night to night: tables whose times say something, and the tables of edge values, which say whether all is there. */
export const nightly: SuiteSpec = {
  name: 'nightly',
  about:
    'what is followed from night to night: four tables at SF 0.1, lineitem at SF 1, edge values, JavaScript writers; a quarter of an hour on two cores',
  repeat: 3,
  blocks: [
    { tables: ['lineitem', 'orders', 'partsupp', 'customer'], scales: [0.1], writers: NATIVE, variants: VARIANTS },
    { tables: ['lineitem'], scales: [1], writers: NATIVE, variants: VARIANTS },
    {
      tables: ['lineitem', 'orders'],
      scales: [0.1],
      writers: ['parquet-wasm', 'apache-arrow'],
      variants: ['accumulate', 'stream'],
    },
    { tables: ['types'], scales: [0.01], writers: ['parquet', 'arrow'], variants: VARIANTS },
    { tables: ['core-types'], scales: [0.01], writers: ['lance'], variants: VARIANTS },
  ],
  comparisons: [],
  limits: [],
};
