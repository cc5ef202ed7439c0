import { VARIANTS } from '../../harness/types.js';
import { TABLES } from '../tables/index.js';
import type { SuiteSpec } from '../types.js';

export const smoke: SuiteSpec = {
  name: 'smoke',
  about: 'eight tables at SF 0.01 in every variant; a minute',
  repeat: 1,
  blocks: [{ tables: TABLES.map((table) => table.name), scales: [0.01], writers: ['parquet'], variants: VARIANTS }],
  comparisons: [],
  limits: [],
};
