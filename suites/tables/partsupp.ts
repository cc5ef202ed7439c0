import { fields, perScale } from '../fields.js';
import type { TableSpec } from '../types.js';

export const partsupp: TableSpec = {
  name: 'partsupp',
  about: 'TPC-H: suppliers of parts, four a part',
  fields: fields({
    ps_partkey: 'key',
    ps_suppkey: 'key',
    ps_availqty: 'integer',
    ps_supplycost: 'money',
    ps_comment: 'text',
  }),
  rows: (scale) => 4 * perScale(200_000)(scale),
  bytesPerRow: 164,
};
