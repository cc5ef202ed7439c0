/** What a reader cannot carry exactly, and why the other evidence is taken there. A test counts the entries. */

import { isArrowType, parseArrowType, someType, type ArrowType } from './arrow-type.js';

export interface Allowance {
  readonly reader: string;
  readonly type: string;
  readonly reason: string;
  /** Whether a column of this type, or one with it inside, is not read by this reader; absent where no column is left out. */
  readonly leavesOut?: (type: ArrowType) => boolean;
}

const WIDEST_OF_DUCKDB = 38;

export const ALLOWANCES: readonly Allowance[] = [
  {
    reader: 'duckdb',
    type: 'nullability of every type',
    reason: 'returns every field as nullable; taken from the file metadata',
  },
  {
    reader: 'duckdb',
    type: 'decimal256 of more than 38 digits',
    reason: 'its decimals end at 38 digits, wider ones become doubles',
    leavesOut: (type) => type.kind === 'leaf' && type.base === 'decimal256' && Number(type.args[0]) > WIDEST_OF_DUCKDB,
  },
  {
    reader: 'duckdb',
    type: 'null',
    reason: 'names its columns of nothing int32 and hands them over without buffers',
    leavesOut: (type) => type.kind === 'leaf' && type.base === 'null',
  },
  {
    reader: 'duckdb',
    type: 'timestamp[ns] with a zone',
    reason: 'its timestamps with a zone have microseconds, so digits are cut off',
    leavesOut: (type) =>
      type.kind === 'leaf' && type.base === 'timestamp' && type.args.length > 1 && type.args[0] === 'ns',
  },
];

/** Why a reader leaves out a column of this type; null where it reads it. */
export function leftOutBy(reader: string, typeName: string): string | null {
  // Of what is no type of Arrow's the reader shows what it makes of it.
  if (!isArrowType(typeName)) return null;
  const type = parseArrowType(typeName);
  const entry = ALLOWANCES.find(
    (one) => one.reader === reader && one.leavesOut !== undefined && someType(type, one.leavesOut),
  );
  return entry?.reason ?? null;
}
