import { fileURLToPath } from 'node:url';
import type { WriterSpec } from '../types.js';

export const apacheArrow: WriterSpec = {
  name: 'apache-arrow',
  about: 'Arrow IPC file by apache-arrow, in JavaScript',
  format: 'arrow',
  implementation: 'apache-arrow',
  extension: 'arrow',
  variants: ['accumulate', 'stream'],
  sources: ['prepared', 'generated'],
  holder: { kind: 'module', file: fileURLToPath(new URL('./modules/apache-arrow.js', import.meta.url)) },
  options: {},
};
