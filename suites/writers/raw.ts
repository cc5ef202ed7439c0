import { RAW_TABLE } from '../../harness/defaults.js';
import { VARIANTS } from '../../harness/types.js';
import type { WriterSpec } from '../types.js';

export const raw: WriterSpec = {
  name: 'raw',
  about: 'raw bytes, one block behind the other, in all four variants',
  format: 'raw',
  implementation: 'writeproof-sink',
  extension: 'bin',
  variants: VARIANTS,
  sources: ['generated'],
  tables: [RAW_TABLE],
  holder: { kind: 'library', file: 'libwriteproof_raw.so' },
  options: {
    bufferBytes: { default: 1 << 20, help: 'size of one buffer of the sink, bytes' },
    buffers: { default: 8, help: 'buffers of the sink that may be in flight (direct)' },
    queue: { default: 'auto', values: ['auto', 'io_uring', 'pwrite'], help: 'how buffers are written (direct)' },
  },
};
