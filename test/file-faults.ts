/** Faults of the finished file over our Parquet and Arrow writers, with the detectors that must see each. */

import type { Lie } from './lie.js';

/** Two batches of unequal length: 8,192 and 6,808 rows; four row groups. */
const ORDERS = { table: 'orders@0.01' } as const;
const GROUPS = { ...ORDERS, options: 'rowGroupRows=4096' } as const;
/** A file that is read page by page as it lies there: no codec notices what is wrong. */
const PLAIN = { ...ORDERS, options: 'compression=none;dictionary=off' } as const;
/** TPC-H has no nulls. */
const TYPES = { table: 'types@0.001' } as const;

const NO_PARQUET_END = ['F', /^last four bytes, expected "PAR1", found "/] as const;
const NO_ARROW_END = ['F', /^last six bytes, expected "ARROW1", found "/] as const;
const DIGEST = ['M', /^digest of whole rows, unequal in 1 blocks: rows 0 to 14999, /] as const;
const FAILS = ['X', /^reading in full by [\w-]+, expected a digest, found failed: /] as const;

export const OVER_PARQUET: readonly Lie[] = [
  { fault: 'partial-commit', ...GROUPS, fired: 'CMNOX', what: ['N', /, expected 15000, found 12288$/] },
  { fault: 'count-lie-less', ...GROUPS, fired: 'CMNOP', what: ['N', /^rows in the file metadata, .* found 14999$/] },
  { fault: 'no-footer', ...ORDERS, fired: 'CFMNOPSX', what: NO_PARQUET_END },
  { fault: 'stray-file', ...ORDERS, fired: 'Z', what: ['Z', /^files beside the target /] },
  { fault: 'direct-tail-padded', ...ORDERS, fired: 'CFMNOPSX', what: ['F', /^last .* found "(\\u0000){4}"$/] },
  { fault: 'direct-tail-cut', ...ORDERS, fired: 'CFMNOPSX', what: NO_PARQUET_END },
  { fault: 'direct-tail-misplaced', ...ORDERS, fired: 'CFMNOPSX', what: NO_PARQUET_END },
  { fault: 'short-write', ...GROUPS, fired: 'CMNOPX', what: FAILS },
  { fault: 'slot-reuse', ...GROUPS, fired: 'CMNOPX', what: FAILS },
  { fault: 'middle-hole', ...GROUPS, fired: 'CMNOPX', what: FAILS },
  { fault: 'middle-hole', ...PLAIN, fired: 'CMOPX', what: DIGEST },
  { fault: 'bit-flip', ...GROUPS, fired: 'CMNOPX', what: FAILS },
  { fault: 'bit-flip', ...PLAIN, fired: 'CMOX', what: DIGEST },
  {
    fault: 'multi-batch-offset',
    ...GROUPS,
    fired: 'CFMNOPX',
    what: ['F', /^start of row group 1, column o_custkey, .*, inside row group 1, column o_orderkey$/],
  },
  {
    fault: 'page-offset-lie',
    ...GROUPS,
    fired: 'X',
    what: ['X', /^first data page of row group 0, .*, where it was read/],
  },
  {
    fault: 'stats-min-lie',
    ...ORDERS,
    fired: 'P',
    what: ['P', /^min of row group 0, column o_orderkey, expected 1, /],
  },
  {
    fault: 'stats-null-count-lie',
    ...ORDERS,
    fired: 'P',
    what: ['P', /^null count of row group 0, column o_orderkey, expected 0, found 1$/],
  },
  {
    fault: 'required-with-nulls',
    ...TYPES,
    fired: 'CMNOPSX',
    what: ['S', /^column 3, expected nulls_all int32 nullable, found nulls_all int32 not null$/],
  },
];

export const OVER_ARROW: readonly Lie[] = [
  { fault: 'empty-valid', ...ORDERS, fired: 'CFMNOX', what: ['N', /, expected 15000, found 0$/] },
  {
    fault: 'partial-commit',
    ...ORDERS,
    fired: 'CFMNOX',
    what: ['F', /^batch 1 of the file, expected listed in the footer/],
  },
  { fault: 'count-lie', ...ORDERS, fired: 'CMNOX', what: ['X', /6808 values in a message of 6809/] },
  { fault: 'count-lie-less', ...ORDERS, fired: 'CMNOX', what: ['X', /6808 values in a message of 6807/] },
  { fault: 'no-footer', ...ORDERS, fired: 'CFMNOSX', what: NO_ARROW_END },
  {
    fault: 'wrong-format',
    ...ORDERS,
    fired: 'CFMNOSX',
    what: ['F', /^first six bytes, expected "ARROW1" .* found "PAR1/],
  },
  { fault: 'late-write', ...ORDERS, fired: 'Z', orMore: true, what: ['Z', /^files unchanged /] },
  { fault: 'stray-file', ...ORDERS, fired: 'Z', what: ['Z', /^files beside the target /] },
  { fault: 'direct-tail-padded', ...ORDERS, fired: 'CFMNOSX', what: ['F', /^last .* found "(\\u0000){6}"$/] },
  { fault: 'direct-tail-cut', ...ORDERS, fired: 'CFMNOSX', what: NO_ARROW_END },
  { fault: 'direct-tail-misplaced', ...ORDERS, fired: 'CFMNOSX', what: NO_ARROW_END },
  { fault: 'short-write', ...ORDERS, fired: 'CMOX', what: DIGEST },
  { fault: 'slot-reuse', ...ORDERS, fired: 'CMNOX', what: FAILS },
  { fault: 'middle-hole', ...ORDERS, fired: 'CMOX', what: DIGEST },
  { fault: 'bit-flip', ...ORDERS, fired: 'CMOX', what: DIGEST },
  {
    fault: 'multi-batch-offset',
    ...ORDERS,
    fired: 'CFMNOX',
    what: ['F', /^batch 1 in the footer, .* found byte \d+, /],
  },
  { fault: 'required-with-nulls', ...TYPES, fired: 'SX', what: ['S', /^column 3, .* found nulls_all int32 not null$/] },
  { fault: 'stale-file', ...ORDERS, fired: 'M', what: ['M', /^nonce of the run .* found older run$/] },
];
