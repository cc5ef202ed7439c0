import { RAW_TABLE } from '../../harness/defaults.js';
import type { TableSpec } from '../types.js';

const BLOCK_BYTES = 4096;

/** Its scale is its size in bytes; a row is a block. */
export const raw: TableSpec = {
  name: RAW_TABLE,
  about: 'raw bytes in blocks of 4 KiB; its scale is a size, such as 1GiB',
  fields: [{ name: 'block', type: 'binary', nullable: false }],
  rows: (size) => Math.ceil(size / BLOCK_BYTES),
  bytesPerRow: BLOCK_BYTES + 4,
  sources: ['generated'],
  usualScale: 64 * 2 ** 20,
  goldenScales: [],
  format: 'raw',
};
