import { fields, perScale } from '../fields.js';
import type { TableSpec } from '../types.js';

export const part: TableSpec = {
  name: 'part',
  about: 'TPC-H: parts, 200,000 a unit of scale',
  fields: fields({
    p_partkey: 'key',
    p_name: 'text',
    p_mfgr: 'text',
    p_brand: 'text',
    p_type: 'text',
    p_size: 'integer',
    p_container: 'text',
    p_retailprice: 'money',
    p_comment: 'text',
  }),
  rows: perScale(200_000),
  bytesPerRow: 148,
};
