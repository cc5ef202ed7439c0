import { VARIANTS } from '../../harness/types.js';
import type { WriterSpec } from '../types.js';

export const lance: WriterSpec = {
  name: 'lance',
  about: 'Lance datasets by the Lance crates, in all four variants and three kinds of commit',
  format: 'lance',
  implementation: 'lance-rs',
  extension: 'lance',
  variants: VARIANTS,
  sources: ['prepared', 'generated'],
  holder: {
    kind: 'library',
    file: 'libwriteproof_lance.so',
    install: 'npm run setup builds it, after the others',
  },
  flushes: { option: 'commit', values: ['fragments', 'append'] },
  options: {
    commit: {
      default: 'insert',
      values: ['insert', 'fragments', 'append'],
      help: 'insert: one stream, one version; fragments: a flush ends a fragment, one version; append: a flush commits a version',
    },
    rowsPerFile: { default: 1 << 20, help: 'rows after which a data file ends, and with it a fragment' },
    version: {
      default: '2.2',
      values: ['2.0', '2.1', '2.2', '2.3'],
      help: 'version of the data files (data storage version)',
    },
    cacheBytes: {
      default: 32 << 20,
      help: "bytes of all columns together that wait for their pages; Lance's own default is 8 MiB a column",
    },
    bufferBytes: { default: 1 << 20, help: 'size of one buffer of the sink, bytes' },
    buffers: { default: 8, help: 'buffers of the sink that may be in flight (direct)' },
    queue: { default: 'auto', values: ['auto', 'io_uring', 'pwrite'], help: 'how buffers are written (direct)' },
  },
};
