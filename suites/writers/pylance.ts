import type { WriterSpec } from '../types.js';

/** Lance's own way in Python: a reader of batches into one insert, with Lance's own defaults. */
const PROGRAM = [
  'import sys, lance, pyarrow.ipc',
  'lance.write_dataset(pyarrow.ipc.open_stream(sys.stdin.buffer), sys.argv[1], data_storage_version="2.2")',
].join('; ');

/** A peer: the whole of Lance, from PyPI. */
export const pylance: WriterSpec = {
  name: 'pylance',
  about: "Lance datasets by the pylance package (PyPI), with Lance's own defaults",
  format: 'lance',
  implementation: 'lance-rs',
  extension: 'lance',
  variants: ['stream'],
  sources: ['prepared', 'generated'],
  holder: {
    kind: 'command',
    argv: ['python3', '-c', PROGRAM, '{target}'],
    stdin: 'arrow-stream',
    probe: ['python3', '-c', 'import lance, pyarrow'],
    install: 'pip install pylance==14.0.2',
  },
  options: {},
};
