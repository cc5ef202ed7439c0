import type { Comparison, SuiteSpec } from '../types.js';

const GIBIBYTE = 2 ** 30;
/** Of Arrow IPC some 4 GiB, so that the third of a second that fio takes to start counts for little; what it takes is seen at one block. */
const SCALE = 4;
const SIZE = 4 * GIBIBYTE;
const BLOCK = 2 ** 20;

const ours = (variant: string): string => `lineitem@${SCALE}/arrow/${variant}`;
const LIMIT = 'pattern@4GiB/fio-buffered/stream';

const faster = (what: string, subject: string, reference: string, bound: number): Comparison => ({
  what,
  subject,
  reference,
  metric: 'durableByte',
  wanted: 'faster',
  bound,
});

/** Arrow IPC encodes next to nothing: what it reaches is the disk, or it loses something on the way. */
export const ipc: SuiteSpec = {
  name: 'ipc',
  about: 'Arrow IPC of lineitem at SF 4 beside fio, by bytes a second: through the page cache, and past it',
  repeat: 6,
  blocks: [
    { tables: ['pattern'], scales: [BLOCK, SIZE], writers: ['fio-buffered'], variants: ['stream'] },
    { tables: ['lineitem'], scales: [SCALE], writers: ['arrow'], variants: ['zero-copy', 'direct'] },
  ],
  comparisons: [
    faster('bytes a second, zero-copy to fio through the page cache', ours('zero-copy'), LIMIT, 0.9),
    faster('bytes a second, direct to zero-copy', ours('direct'), ours('zero-copy'), 0.95),
  ],
  limits: [],
};
