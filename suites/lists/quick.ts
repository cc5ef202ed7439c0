import { VARIANTS } from '../../harness/types.js';
import { TPCH } from '../tables/index.js';
import type { SuiteSpec } from '../types.js';

export const quick: SuiteSpec = {
  name: 'quick',
  about: 'eight tables at SF 0.1 in every variant, lineitem also at SF 1, Parquet and Lance; two minutes on two cores',
  repeat: 1,
  blocks: [
    { tables: TPCH.map((table) => table.name), scales: [0.1], writers: ['parquet', 'lance'], variants: VARIANTS },
    { tables: ['lineitem'], scales: [1], writers: ['parquet', 'lance'], variants: VARIANTS },
  ],
  comparisons: [],
  limits: [],
};
