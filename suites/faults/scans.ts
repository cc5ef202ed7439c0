/** Scans of the entity store that go wrong: what stands between the rows that are stored and the batches that are returned. */

import { BASELINE } from '../scans/strategies.js';
import type { FaultSpec } from './types.js';

const ROWS = 20_000;
const on = (query: string): string => `entities@${ROWS}/scan/${query}`;
const noWriter = { holders: [] } as const;

export const SCAN_FAULTS: readonly FaultSpec[] = [
  {
    ...noWriter,
    name: 'limit-off-by-one',
    about: 'A scan with a limit returns one row more',
    seenIn: 'a limit that is compared after the row was added',
    mustFire: 'MNO',
    scan: on('limit-10'),
  },
  {
    ...noWriter,
    name: 'deleted-returned',
    about: 'Rows that are marked as deleted are returned',
    seenIn: 'a scan that was made faster by reading fewer fields',
    mustFire: 'MNO',
    scan: on('all'),
  },
  {
    ...noWriter,
    name: 'filter-after-limit',
    about: 'The first rows are taken, and then those of them that pass the filter',
    seenIn: 'a limit that was pushed below a filter',
    mustFire: 'MNO',
    scan: on('limit-of-filter'),
  },
  {
    ...noWriter,
    name: 'projection-by-wrong-index',
    about: 'A column of the same type is read in place of the one that was asked for',
    seenIn: 'indexes of a projected schema used on stored rows',
    mustFire: 'MO',
    blind: 'N',
    scan: on('one-column;columns=20'),
  },
  {
    ...noWriter,
    name: 'nulls-lost',
    about: 'A builder appends a default in place of a null',
    seenIn: 'a value that was unwrapped to its default',
    mustFire: 'MO',
    blind: 'N',
    scan: on('all'),
  },
  {
    ...noWriter,
    name: 'batch-edge-dropped',
    about: 'The row at the end of a full batch is dropped',
    seenIn: 'a batch that is given away before its last row is added',
    mustFire: 'MNO',
    scan: on('all'),
    notFor: { [BASELINE]: 'all rows are one batch' },
  },
];
