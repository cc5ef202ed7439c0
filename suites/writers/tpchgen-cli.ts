import type { WriterSpec } from '../types.js';

/** A peer: it makes the rows itself, so nothing is sent to it and only source `generated` compares with it. */
export const tpchgenCli: WriterSpec = {
  name: 'tpchgen-cli',
  about: 'Parquet by the tpchgen-cli program (PyPI); generates the rows itself',
  format: 'parquet',
  extension: 'parquet',
  variants: ['stream'],
  sources: ['generated'],
  holder: {
    kind: 'command',
    argv: [
      'tpchgen-cli',
      'parquet',
      '--tables={table}',
      '--scale-factor={scale}',
      '--num-threads={threads}',
      '--output-dir={dir}',
      '--quiet',
    ],
    stdin: 'none',
    install: 'pip install tpchgen-cli==4.0.0',
  },
  options: {},
};
