import { fields, perScale } from '../fields.js';
import type { TableSpec } from '../types.js';

export const customer: TableSpec = {
  name: 'customer',
  about: 'TPC-H: customers, 150,000 a unit of scale',
  fields: fields({
    c_custkey: 'key',
    c_name: 'text',
    c_address: 'text',
    c_nationkey: 'key',
    c_phone: 'text',
    c_acctbal: 'money',
    c_mktsegment: 'text',
    c_comment: 'text',
  }),
  rows: perScale(150_000),
  bytesPerRow: 192,
};
