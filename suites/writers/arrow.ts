import { VARIANTS } from '../../harness/types.js';
import type { WriterSpec } from '../types.js';

export const arrow: WriterSpec = {
  name: 'arrow',
  about: 'Arrow IPC by arrow-rs, in all four variants',
  format: 'arrow',
  implementation: 'arrow-rs',
  extension: 'arrow',
  variants: VARIANTS,
  sources: ['prepared', 'generated'],
  holder: { kind: 'library', file: 'libwriteproof_arrow.so' },
  options: {
    container: { default: 'file', values: ['file', 'stream'], help: 'file ends in a footer; stream has none' },
    compression: { default: 'none', values: ['none', 'lz4', 'zstd'], help: 'codec of every buffer; zstd at level 3' },
    messageRows: { default: 0, help: 'rows of a message; 0 writes every batch as it came, empty ones too' },
    bufferBytes: { default: 1 << 20, help: 'size of one buffer of the sink, bytes' },
    buffers: { default: 8, help: 'buffers of the sink that may be in flight (direct)' },
    queue: { default: 'auto', values: ['auto', 'io_uring', 'pwrite'], help: 'how buffers are written (direct)' },
  },
};
