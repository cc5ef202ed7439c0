/** Damage to what a correct writer made. */
import type { FaultSpec } from './types.js';

const GROUPS = { parquet: 'rowGroupRows=4096', lance: 'rowsPerFile=4096' };
const OF_PARQUET = 'it has no such statistics or places';

export const FILES: readonly FaultSpec[] = [
  {
    name: 'empty-valid',
    about: 'all data are on disk, and no row is visible',
    seenIn: 'facebookincubator/velox#4091',
    mustFire: 'NM',
    blind: 'ZS',
  },
  {
    name: 'partial-commit',
    about: 'the last row group, record batch or fragment is not in what was committed',
    seenIn: 'lance-format/lance#6653',
    mustFire: 'NM',
    options: GROUPS,
  },
  {
    name: 'count-lie',
    about: 'the metadata count one row more than can be read',
    seenIn: 'lance-format/lance#1531',
    mustFire: 'N',
  },
  {
    name: 'count-lie-less',
    about: 'the metadata count one row less than can be read',
    seenIn: 'lance-format/lance#1531',
    mustFire: 'N',
  },
  {
    name: 'wrong-format',
    about: 'a file of another format, or one within the directory of a dataset',
    seenIn: 'tsafin/tpch-cpp',
    mustFire: 'F',
    holders: ['library', 'module'],
  },
  {
    name: 'no-footer',
    about: 'close is not called or not awaited: the file has no end',
    seenIn: 'apache/arrow-rs#4526',
    mustFire: 'FX',
    holders: ['library', 'module'],
  },
  {
    name: 'late-write',
    about: 'the file still changes after close',
    seenIn: 'no public report',
    mustFire: 'Z',
    // Before the fastest verifier ends: what happens later nobody sees.
    options: 'lateMs=40',
  },
  {
    name: 'stray-file',
    about: 'a temporary file is left beside the target',
    seenIn: 'no public report',
    mustFire: 'Z',
    blind: 'NMOCSXP',
  },
  {
    name: 'no-manifest',
    about: 'the data files are all there, and no manifest names them',
    seenIn: 'lance-format/lance#6653',
    mustFire: 'FNM',
    notFor: { parquet: 'it has no manifest', arrow: 'it has no manifest' },
  },
  {
    name: 'direct-tail-padded',
    about: 'the tail stays padded to a block',
    seenIn: 'rapidsai/cucim#1107',
    mustFire: 'F',
  },
  {
    name: 'direct-tail-cut',
    about: 'the tail beyond the last whole block is lost',
    seenIn: 'rapidsai/cucim#1107',
    mustFire: 'F',
  },
  {
    name: 'direct-tail-misplaced',
    about: 'the last block lies at another offset',
    seenIn: 'rapidsai/cucim#1107',
    mustFire: 'F',
  },
  {
    name: 'short-write',
    about: 'a completion shorter than asked is taken for all of it',
    seenIn: 'ai-dynamo/nixl#1696',
    mustFire: 'M',
  },
  {
    name: 'slot-reuse',
    about: 'a buffer is filled again while its write is in flight',
    seenIn: 'kvcache-ai/Mooncake#3066',
    mustFire: 'M',
  },
  {
    name: 'middle-hole',
    about: 'a page or record batch in the middle is all zeros',
    seenIn: 'no public report',
    mustFire: 'M',
    options: GROUPS,
  },
  {
    name: 'bit-flip',
    about: 'one bit of the data flips after close',
    seenIn: 'Lychee-Technology/forma#347',
    mustFire: 'M',
  },
  {
    name: 'multi-batch-offset',
    about: 'the count is right, the data of the second batch are looked for at another place',
    seenIn: 'lance-format/lance#7538',
    mustFire: 'M',
    options: GROUPS,
  },
  {
    name: 'page-offset-lie',
    about: 'the offset of a data page is wrong, lenient readers cope',
    seenIn: 'duckdb/duckdb#10829',
    mustFire: 'X',
    blind: 'NMOCS',
    notFor: { arrow: OF_PARQUET, lance: OF_PARQUET },
  },
  {
    name: 'stats-lie',
    about: 'the largest value of a column chunk is said to be smaller',
    seenIn: 'pola-rs/polars#29321',
    mustFire: 'P',
    blind: 'NMOCSX',
    notFor: { arrow: OF_PARQUET, lance: OF_PARQUET },
  },
  {
    name: 'stats-min-lie',
    about: 'the smallest value of a column chunk is said to be larger',
    seenIn: 'pola-rs/polars#29321',
    mustFire: 'P',
    blind: 'NMOCSX',
    notFor: { arrow: OF_PARQUET, lance: OF_PARQUET },
  },
  {
    name: 'stats-null-count-lie',
    about: 'the nulls of a column chunk are said to be others',
    seenIn: 'pola-rs/polars#29321',
    mustFire: 'P',
    blind: 'NMOCSX',
    notFor: { arrow: OF_PARQUET, lance: OF_PARQUET },
  },
];
