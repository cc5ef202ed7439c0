import { VARIANTS } from '../../harness/types.js';
import { TPCH } from '../tables/index.js';
import type { SuiteSpec } from '../types.js';

export const smoke: SuiteSpec = {
  name: 'smoke',
  about: 'every writer in every variant, TPC-H at SF 0.01 and the table of edge values; a minute',
  repeat: 1,
  blocks: [
    { tables: TPCH.map((table) => table.name), scales: [0.01], writers: ['parquet'], variants: VARIANTS },
    { tables: ['nation', 'lineitem'], scales: [0.01], writers: ['arrow', 'lance'], variants: VARIANTS },
    {
      tables: ['nation', 'orders'],
      scales: [0.01],
      writers: ['apache-arrow', 'parquet-wasm'],
      variants: ['accumulate', 'stream'],
    },
    { tables: ['types'], scales: [0.001], writers: ['parquet', 'arrow'], variants: VARIANTS },
    // Those of its types that Lance holds, too: suites/writers/limits.ts.
    { tables: ['core-types'], scales: [0.001], writers: ['lance'], variants: VARIANTS },
    {
      tables: ['types'],
      scales: [0.001],
      writers: ['apache-arrow', 'parquet-wasm'],
      variants: ['accumulate', 'stream'],
    },
  ],
  comparisons: [],
  limits: [],
};
