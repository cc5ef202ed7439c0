import { fields, perScale } from '../fields.js';
import type { TableSpec } from '../types.js';

export const supplier: TableSpec = {
  name: 'supplier',
  about: 'TPC-H: suppliers, 10,000 a unit of scale',
  fields: fields({
    s_suppkey: 'key',
    s_name: 'text',
    s_address: 'text',
    s_nationkey: 'key',
    s_phone: 'text',
    s_acctbal: 'money',
    s_comment: 'text',
  }),
  rows: perScale(10_000),
  bytesPerRow: 169,
};
