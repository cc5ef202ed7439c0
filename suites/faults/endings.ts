/** How a writer ends, and what was asked of the system and not done. */
import type { FaultSpec } from './types.js';

export const ENDINGS: readonly FaultSpec[] = [
  {
    name: 'close-error-ignored',
    about: 'all is written, close fails, and whoever calls must not go on',
    seenIn: 'tsafin/tpch-cpp',
    mustFire: 'E',
    raw: 'E',
  },
  {
    name: 'close-error-swallowed',
    about: 'close fails half-way, and the writer says that all is well',
    seenIn: 'tsafin/tpch-cpp',
    mustFire: 'FX',
    holders: ['module'],
  },
  {
    name: 'failed-but-timed',
    about: 'the process ends with exit code 0 before all is written, and is timed',
    seenIn: 'the logs of tpchgen-rs’ benchmarks',
    mustFire: 'E',
    raw: 'E',
  },
  {
    name: 'fsync-skipped',
    about: 'fsync returns and has written nothing',
    seenIn: 'apache/arrow-rs-object-store#643',
    mustFire: 'R',
    raw: 'R',
    blind: 'NMOCSXFE',
    variants: ['accumulate', 'stream', 'zero-copy'],
    needs: { figure: 'unwrittenPages', from: 'cachestat (Linux 6.5 or later, files on a disk)' },
    notFor: { direct: 'O_DIRECT leaves no pages to be written' },
  },
  {
    name: 'direct-downgraded',
    about: 'O_DIRECT was asked for, the page cache is used',
    seenIn: 'dgen-py on tmpfs',
    mustFire: 'R',
    raw: 'R',
    blind: 'NMOCSXFE',
    variants: ['direct'],
  },
];
