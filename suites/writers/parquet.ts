import { VARIANTS } from '../../harness/types.js';
import type { WriterSpec } from '../types.js';

export const parquet: WriterSpec = {
  name: 'parquet',
  about: 'Parquet by arrow-rs, in all four variants',
  format: 'parquet',
  implementation: 'arrow-rs',
  extension: 'parquet',
  variants: VARIANTS,
  sources: ['prepared', 'generated'],
  holder: { kind: 'library', file: 'libwriteproof_parquet.so' },
  options: {
    compression: { default: 'snappy', values: ['none', 'snappy', 'zstd'], help: 'codec of the pages; zstd at level 1' },
    rowGroupRows: { default: 122_880, help: 'rows after which a row group ends' },
    rowGroupBytes: { default: 0, help: 'encoded bytes after which a row group ends; 0 is no limit' },
    dictionary: { default: 'auto', values: ['auto', true, false], help: 'auto: column by column, where it is smaller' },
    statistics: { default: true, values: [true, 'page', false], help: 'min, max and null count of column chunks' },
    bufferBytes: { default: 1 << 20, help: 'size of one buffer of the sink, bytes' },
    buffers: { default: 8, help: 'buffers of the sink that may be in flight (direct)' },
    queue: { default: 'auto', values: ['auto', 'io_uring', 'pwrite'], help: 'how buffers are written (direct)' },
  },
};
