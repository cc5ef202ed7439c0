import { fileURLToPath } from 'node:url';
import type { WriterSpec } from '../types.js';

/** Compiled arrow-rs: a reader of arrow-rs is no second opinion on what it wrote. */
export const parquetWasm: WriterSpec = {
  name: 'parquet-wasm',
  about: 'Parquet by parquet-wasm: arrow-rs compiled to WebAssembly, called from JavaScript',
  format: 'parquet',
  implementation: 'parquet-wasm (arrow-rs)',
  extension: 'parquet',
  variants: ['accumulate', 'stream'],
  sources: ['prepared', 'generated'],
  holder: { kind: 'module', file: fileURLToPath(new URL('./modules/parquet-wasm.js', import.meta.url)) },
  options: {
    compression: { default: 'snappy', values: ['none', 'snappy', 'zstd'], help: 'codec of the pages' },
    rowGroupRows: { default: 122_880, help: 'rows after which a row group ends' },
  },
};
