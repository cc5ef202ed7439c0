import type { Field } from '../harness/types.js';

/** Types of TPC-H, as the batches carry them; no column is nullable. */
const TYPES = {
  key: 'int64',
  integer: 'int32',
  money: 'decimal128(15, 2)',
  date: 'date32',
  text: 'utf8',
} as const;

/** Columns from `name: kind` pairs, in order. */
export function fields(columns: Readonly<{ [name: string]: keyof typeof TYPES }>): readonly Field[] {
  return Object.entries(columns).map(([name, kind]) => ({ name, type: TYPES[kind], nullable: false }));
}

/** Rows of a table that grows with the scale, cut to a whole number as dbgen does. */
export function perScale(rows: number): (scale: number) => number {
  return (scale) => Math.floor(rows * scale);
}
