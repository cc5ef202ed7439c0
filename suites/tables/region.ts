import { fields } from '../fields.js';
import type { TableSpec } from '../types.js';

export const region: TableSpec = {
  name: 'region',
  about: 'TPC-H: five regions at every scale',
  fields: fields({ r_regionkey: 'key', r_name: 'text', r_comment: 'text' }),
  rows: () => 5,
  bytesPerRow: 100,
};
