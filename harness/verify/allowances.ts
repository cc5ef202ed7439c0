/** What a reader cannot carry exactly, and why the other evidence is taken there. A test counts the entries. */

export interface Allowance {
  readonly reader: string;
  readonly type: string;
  readonly reason: string;
}

/** Values of the TPC-H types need none; these are about what is around the values. */
export const ALLOWANCES: readonly Allowance[] = [
  {
    reader: 'duckdb',
    type: 'nullability of every type',
    reason: 'returns every field as nullable; taken from the file metadata',
  },
  {
    reader: 'hyparquet',
    type: 'decimal128 of more than 18 digits',
    reason: 'handed over in 64 bits; the reader refuses wider ones, so DuckDB judges them alone',
  },
];
