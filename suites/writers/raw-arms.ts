/** The ways in which others have filled a file with raw bytes, each a program that makes the bytes itself, and the native one. */
import { fileURLToPath } from 'node:url';
import { RAW_SEED, RAW_TABLE } from '../../harness/defaults.js';
import type { WriterSpec } from '../types.js';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const PROGRAM = file('../../../native/build/writeproof-raw');

const common = {
  format: 'raw',
  extension: 'bin',
  variants: ['direct'],
  sources: ['generated'],
  options: {},
} as const;

const NATIVE = {
  native: 'raw bytes by write-file: made by threads of their own while others are written',
  single: 'raw bytes all made in one buffer, then written',
  pregenerated: 'raw bytes all made in a pool, then written with io_uring',
  threads: 'raw bytes made by one thread, written by eight that share a queue',
  'in-loop': 'raw bytes made and given to io_uring by one thread in turn',
} as const;

const arms = Object.entries(NATIVE).map(([arm, about]): WriterSpec => ({
  ...common,
  name: `raw-${arm}`,
  about,
  implementation: 'writeproof-sink',
  tables: [RAW_TABLE],
  holder: {
    kind: 'command',
    argv: [PROGRAM, arm, '{scale}', String(RAW_SEED), '{target}'],
    stdin: 'none',
    install: 'npm run setup builds it',
  },
}));

const scripted: WriterSpec = {
  ...common,
  name: 'raw-scripted',
  about: 'raw bytes by a loop in JavaScript: one native call makes a buffer, one call writes it',
  implementation: 'node:fs',
  tables: [RAW_TABLE],
  holder: {
    kind: 'command',
    argv: [process.execPath, file('./scripts/scripted-loop.js'), '{scale}', String(RAW_SEED), '{target}'],
    stdin: 'none',
    install: 'npm run setup builds what it calls',
  },
};

/** What the disk gives to whoever makes nothing: the same 16 bytes over and over, as the table `pattern` has them. */
const fio = (writer: Pick<WriterSpec, 'name' | 'about' | 'variants'>, io: readonly string[]): WriterSpec => ({
  ...common,
  ...writer,
  implementation: 'fio',
  tables: ['pattern'],
  holder: {
    kind: 'command',
    argv: [
      'fio',
      '--name=limit',
      '--filename={target}',
      '--size={scale}',
      '--rw=write',
      ...io,
      '--end_fsync=1',
      '--buffer_pattern="writeproof-block"',
      '--scramble_buffers=0',
      '--output-format=terse',
    ],
    stdin: 'none',
    install: "the system's package fio",
  },
});

/** Each is the limit of writers whose bytes reach the disk in the same way. */
const FIO: readonly WriterSpec[] = [
  fio(
    {
      name: 'fio',
      about: 'the device limit: fio writes one pattern with io_uring, 8 MiB at a time, depth 8',
      variants: ['direct'],
    },
    ['--bs=8m', '--ioengine=io_uring', '--iodepth=8', '--direct=1'],
  ),
  fio(
    {
      name: 'fio-buffered',
      about: 'the limit of the page cache: fio writes one pattern, 1 MiB a call, and fsyncs',
      variants: ['stream'],
    },
    ['--bs=1m', '--ioengine=psync', '--direct=0'],
  ),
];

export const RAW_ARMS: readonly WriterSpec[] = [...arms, scripted, ...FIO];
