import { TPCH } from '../tables/index.js';
import type { WriterSpec } from '../types.js';

/** A peer: it makes the rows itself, so nothing is sent to it and only source `generated` compares with it. */
export const tpchgenCli: WriterSpec = {
  name: 'tpchgen-cli',
  about: 'Parquet by the tpchgen-cli program (PyPI); generates the rows itself',
  format: 'parquet',
  implementation: 'arrow-rs',
  extension: 'parquet',
  variants: ['stream'],
  sources: ['generated'],
  tables: TPCH.map((table) => table.name),
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
