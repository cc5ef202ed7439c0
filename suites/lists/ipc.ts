import type { Comparison, SuiteSpec } from '../types.js';

const BLOCK = 2 ** 20;
const SIZE = 2 ** 30;

const ZERO_COPY = 'lineitem@1/arrow/zero-copy';
const LIMIT = 'pattern@1GiB/fio-buffered/stream';

const faster = (what: string, subject: string, reference: string, bound: number): Comparison => ({
  what: `bytes a second, ${what}`,
  subject,
  reference,
  metric: 'durableByte',
  wanted: 'faster',
  bound,
});

/** Arrow IPC encodes next to nothing: what it reaches is the disk, or it loses something on the way. */
export const ipc: SuiteSpec = {
  name: 'ipc',
  about:
    'Arrow IPC of lineitem at SF 1 beside fio with the same blocks (its start, a third of a second, is seen at one block); two minutes',
  repeat: 12,
  blocks: [
    { tables: ['pattern'], scales: [BLOCK, SIZE], writers: ['fio-buffered'], variants: ['stream'] },
    { tables: ['lineitem'], scales: [1], writers: ['arrow'], variants: ['zero-copy', 'direct'] },
    // The source on a thread of its own: fio has none.
    { tables: ['lineitem'], scales: [1], writers: ['arrow'], variants: ['zero-copy'], options: { overlap: true } },
  ],
  comparisons: [
    faster('zero-copy to fio through the page cache', ZERO_COPY, LIMIT, 0.9),
    faster('zero-copy with overlap to fio through the page cache', `${ZERO_COPY};overlap=on`, LIMIT, 0.9),
    faster('direct to zero-copy', 'lineitem@1/arrow/direct', ZERO_COPY, 0.95),
  ],
  limits: [],
};
