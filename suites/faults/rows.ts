/** Rows that are missing, twice there, or elsewhere. */
import type { FaultSpec } from './types.js';

const BOTH = ['library', 'module'] as const;

export const ROWS: readonly FaultSpec[] = [
  {
    name: 'ack-only',
    about: 'counts calls and rows, imports nothing and returns success',
    seenIn: 'tsafin/tpch-cpp',
    mustFire: 'NMZ',
    holders: BOTH,
  },
  {
    name: 'drop-everything',
    about: 'every call succeeds, and nothing is made',
    seenIn: 'pola-rs/polars#21754',
    mustFire: 'FNMZ',
  },
  {
    name: 'never-called',
    about: 'the writer is created and closed, the batches go to a file of another format under its name',
    seenIn: 'tsafin/tpch-cpp',
    mustFire: 'FX',
  },
  {
    name: 'drop-last-batch',
    about: 'rows are left in a buffer',
    seenIn: 'lance-format/lance-spark#642',
    mustFire: 'NM',
    holders: BOTH,
  },
  {
    name: 'stop-at-empty-batch',
    about: 'a batch of no rows is taken for the end',
    seenIn: 'AstroVela/vane#275',
    mustFire: 'NM',
    table: 'core-types@0.001',
  },
  {
    name: 'retry-tail',
    about: 'a retry reuses a consumed reader: only the last batch lands',
    seenIn: 'lance-format/lance-ray#5290',
    mustFire: 'NM',
  },
  {
    name: 'dup-batch',
    about: 'one batch is there twice',
    seenIn: 'apache/arrow#3605',
    mustFire: 'NM',
    holders: BOTH,
  },
  {
    name: 'dup-drop',
    about: 'one batch is there twice and another of as many rows is not (compound)',
    seenIn: 'apache/arrow#3605',
    mustFire: 'M',
    blind: 'N',
    table: 'lineitem@0.01',
    holders: BOTH,
  },
  {
    name: 'row-shuffle',
    about: 'rows in another order',
    seenIn: 'apache/arrow#26818',
    mustFire: 'O',
    blind: 'NMC',
    holders: BOTH,
  },
  {
    name: 'column-shift',
    about: 'one column is off by one row',
    seenIn: 'lance-format/lance-spark#305',
    mustFire: 'MO',
    blind: 'NC',
  },
  {
    name: 'shuffle-shift',
    about: 'rows in another order, and one column off by one row (compound)',
    seenIn: 'both of the above',
    mustFire: 'MO',
    blind: 'NC',
  },
  {
    name: 'row-replaced',
    about: 'one row is that of its neighbour, the count is right (compound)',
    seenIn: 'no public report',
    mustFire: 'M',
    blind: 'N',
  },
  {
    name: 'stale-file',
    about: 'a file of these very rows, of an older run',
    seenIn: 'dask/dask#6824',
    mustFire: 'M',
    blind: 'NOCS',
    holders: BOTH,
  },
];
