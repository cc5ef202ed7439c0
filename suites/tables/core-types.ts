/** The table of edge values without the columns that some writer cannot hold: native/engine/TYPES.md. */
import type { TableSpec } from '../types.js';
import { types } from './types.js';

const LEFT_OUT: readonly string[] = [
  'interval_year_month',
  'interval_day_time',
  'dictionary_int8',
  'dictionary_uint8',
  'struct_three_deep',
];

export const coreTypes: TableSpec = {
  ...types,
  name: 'core-types',
  about: 'types without the columns that Lance does not hold',
  fields: types.fields.filter(({ name }) => !LEFT_OUT.includes(name)),
  bytesPerRow: types.bytesPerRow - 100,
};
