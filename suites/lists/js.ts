import type { SuiteSpec } from '../types.js';

export const js: SuiteSpec = {
  name: 'js',
  about: 'JavaScript writers beside the native ones: lineitem and orders at SF 0.01 and 0.1; two minutes on two cores',
  repeat: 1,
  blocks: [
    {
      tables: ['lineitem', 'orders'],
      scales: [0.01, 0.1],
      writers: ['apache-arrow', 'parquet-wasm', 'arrow', 'parquet'],
      variants: ['accumulate', 'stream'],
    },
  ],
  comparisons: [],
  limits: [],
};
