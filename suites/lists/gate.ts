import { VARIANTS } from '../../harness/types.js';
import type { SuiteSpec } from '../types.js';

const UNTIMED = ['accumulate', 'stream', 'direct'] as const;

/**
 * Two tables whose pairs take a second: Parquet in each variant, whose hand-over and sink the others share, and Lance's encoders. What is not
 * timed is verified and counted all the same, every type among it.
 */
export const gate: SuiteSpec = {
  name: 'gate',
  about:
    'what a gate compares before a merge: lineitem and orders at SF 0.1, every variant and type verified; ten minutes on two cores',
  repeat: 1,
  blocks: [
    { tables: ['lineitem', 'orders'], scales: [0.1], writers: ['parquet'], variants: VARIANTS },
    { tables: ['lineitem', 'orders'], scales: [0.1], writers: ['lance'], variants: ['zero-copy'] },
    { tables: ['lineitem'], scales: [0.01], writers: ['lance'], variants: UNTIMED, timed: false },
    // Uncompressed, their time is that of the disk: bytes, calls and allocations say more.
    { tables: ['lineitem'], scales: [0.1], writers: ['arrow'], variants: VARIANTS, timed: false },
    { tables: ['types'], scales: [0.001], writers: ['parquet', 'arrow'], variants: VARIANTS, timed: false },
    { tables: ['core-types'], scales: [0.001], writers: ['lance'], variants: VARIANTS, timed: false },
  ],
  comparisons: [],
  limits: [],
};
