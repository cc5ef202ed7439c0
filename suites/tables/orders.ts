import { fields, perScale } from '../fields.js';
import type { TableSpec } from '../types.js';

export const orders: TableSpec = {
  name: 'orders',
  about: 'TPC-H: orders, 1,500,000 a unit of scale',
  fields: fields({
    o_orderkey: 'key',
    o_custkey: 'key',
    o_orderstatus: 'text',
    o_totalprice: 'money',
    o_orderdate: 'date',
    o_orderpriority: 'text',
    o_clerk: 'text',
    o_shippriority: 'integer',
    o_comment: 'text',
  }),
  rows: perScale(1_500_000),
  bytesPerRow: 129,
};
