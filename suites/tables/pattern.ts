import type { TableSpec } from '../types.js';
import { raw } from './raw.js';

/** What `fio` can be told to write, and be held to. */
export const pattern: TableSpec = {
  ...raw,
  name: 'pattern',
  about: 'the same 16 bytes over and over, in blocks of 4 KiB; its scale is a size',
};
