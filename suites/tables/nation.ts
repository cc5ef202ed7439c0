import { fields } from '../fields.js';
import type { TableSpec } from '../types.js';

export const nation: TableSpec = {
  name: 'nation',
  about: 'TPC-H: 25 nations at every scale',
  fields: fields({ n_nationkey: 'key', n_name: 'text', n_regionkey: 'key', n_comment: 'text' }),
  rows: () => 25,
  bytesPerRow: 110,
};
