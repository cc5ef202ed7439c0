/** Values of a leaf as they are stored in Parquet, made into buffers of the Arrow type that they stand for. */

import type { DecodedArray } from 'hyparquet';
import type { ColumnBuffers } from '../native.js';
import type { ArrowLeaf } from './arrow-type.js';
import type { Rendition } from './renditions.js';

/** Values without nulls; row `r` has the value of index `r` less the nulls before it. */
export interface Slots {
  readonly rows: number;
  /** One byte a row, 0 for null; null where there are none. */
  readonly validity: Uint8Array | null;
  readonly values: readonly DecodedArray[];
}

type Store = (row: number, value: unknown) => void;

/** Calls `store` with every value and its row. */
function eachValue({ validity, values, rows }: Slots, store: Store): void {
  let row = 0;
  for (const chunk of values) {
    for (const value of chunk as Iterable<unknown>) {
      if (validity !== null) while (row < rows && validity[row] === 0) row += 1;
      store(row, value);
      row += 1;
    }
  }
}

const wrong = (wanted: string, value: unknown): never => {
  throw new Error(`expected ${wanted}, got ${value instanceof Uint8Array ? `${value.length} bytes` : String(value)}`);
};

const whole = (value: unknown): bigint => {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : wrong('an integer', value);
};

/** A decimal: an integer, or its bytes, the highest first. */
function unscaled(value: unknown): bigint {
  if (!(value instanceof Uint8Array)) return whole(value);
  if (value.length === 0) return wrong('bytes of a decimal', value);
  return BigInt.asIntN(
    value.length * 8,
    BigInt(`0x${Buffer.from(value.buffer, value.byteOffset, value.length).toString('hex')}`),
  );
}

/** The Arrow value of a stored one; throws where it is no whole number of the type's units. */
function converter(rendition: Rendition): ((value: bigint) => bigint) | null {
  const { times, dividedBy } = rendition;
  if (times !== undefined) return (value) => value * times;
  if (dividedBy === undefined) return null;
  return (value) => (value % dividedBy === 0n ? value / dividedBy : wrong(`a multiple of ${dividedBy}`, value));
}

function longs(slots: Slots, convert: ((value: bigint) => bigint) | null): BigInt64Array {
  const all = new BigInt64Array(slots.rows);
  const [only] = slots.values;
  if (slots.validity === null && convert === null && slots.values.every((chunk) => chunk instanceof BigInt64Array)) {
    let row = 0;
    for (const chunk of slots.values as readonly BigInt64Array[]) {
      all.set(chunk, row);
      row += chunk.length;
    }
    return only === undefined ? new BigInt64Array(0) : all;
  }
  eachValue(slots, (row, value) => {
    const stored = unscaled(value);
    const one = convert === null ? stored : convert(stored);
    if (BigInt.asIntN(64, one) !== one) wrong('an integer of 64 bits', one);
    all[row] = one;
  });
  return all;
}

function ints(slots: Slots, convert: ((value: bigint) => bigint) | null): Int32Array {
  const all = new Int32Array(slots.rows);
  eachValue(slots, (row, value) => {
    const one = convert === null ? value : Number(convert(whole(value)));
    if (typeof one !== 'number' || (one | 0) !== one) wrong('an integer of 32 bits', one);
    all[row] = one as number;
  });
  return all;
}

/** Integers of 8 and 16 bits, which Parquet stores in 32. */
function narrow(slots: Slots, bits: number, isSigned: boolean): Uint8Array {
  const width = bits / 8;
  const all = Buffer.alloc(slots.rows * width);
  const [least, most] = isSigned ? [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1] : [0, 2 ** bits - 1];
  eachValue(slots, (row, value) => {
    if (typeof value !== 'number' || value < least || value > most) wrong(`an integer of ${bits} bits`, value);
    if (isSigned) all.writeIntLE(value as number, row * width, width);
    else all.writeUIntLE(value as number, row * width, width);
  });
  return all;
}

/** Values of `width` bytes by `write`. */
function fixed(slots: Slots, width: number, write: (into: Buffer, start: number, value: unknown) => void): Uint8Array {
  const all = Buffer.alloc(slots.rows * width);
  eachValue(slots, (row, value) => {
    write(all, row * width, value);
  });
  return all;
}

function writeWide(width: number): (into: Buffer, start: number, value: unknown) => void {
  return (into, start, value) => {
    let rest = unscaled(value);
    if (BigInt.asIntN(width * 8, rest) !== rest) wrong(`a decimal of ${width} bytes`, rest);
    for (let word = 0; word < width; word += 8) {
      into.writeBigInt64LE(BigInt.asIntN(64, rest), start + word);
      rest >>= 64n;
    }
  };
}

function writeBytes(into: Buffer, start: number, value: unknown): void {
  into.set(value as Uint8Array, start);
}

/** Months, days and milliseconds of Parquet's intervals. */
function writeInterval(unit: string): (into: Buffer, start: number, value: unknown) => void {
  return (into, start, value) => {
    const bytes = value instanceof Uint8Array && value.length === 12 ? value : wrong('an interval of 12 bytes', value);
    const [months, rest] = [bytes.subarray(0, 4), bytes.subarray(4)];
    const unused = unit === 'year_month' ? rest : months;
    if (unused.some((byte) => byte !== 0)) wrong(`an interval that is one of ${unit} only`, value);
    into.set(unit === 'year_month' ? months : rest, start);
  };
}

function strings(slots: Slots): Pick<ColumnBuffers, 'bytes' | 'offsets'> {
  const offsets = new Int32Array(slots.rows + 1);
  const values: Uint8Array[] = [];
  let end = 0;
  let next = 0;
  eachValue(slots, (row, value) => {
    if (!(value instanceof Uint8Array)) wrong('bytes', value);
    // Nulls before it are empty.
    while (next <= row) {
      offsets[next] = end;
      next += 1;
    }
    values.push(value as Uint8Array);
    end += (value as Uint8Array).length;
  });
  while (next <= slots.rows) {
    offsets[next] = end;
    next += 1;
  }
  if (end > 0x7fffffff) throw new Error(`${end} bytes of strings in one row group, at most 2147483647`);
  const bytes = new Uint8Array(end);
  let start = 0;
  for (const value of values) {
    bytes.set(value, start);
    start += value.length;
  }
  return { bytes, offsets };
}

const DECIMAL_BYTES: Readonly<{ [base: string]: number }> = { decimal128: 16, decimal256: 32 };
/** Decimals of so many digits fit in 64 bits. */
const MOST_DIGITS_OF_LONGS = 18;

function valuesOf({ base, args }: ArrowLeaf, rendition: Rendition, slots: Slots): ColumnBuffers {
  const convert = converter(rendition);
  const unit = args[0] ?? '';
  const narrower = /^(u?)int(8|16)$/.exec(base);
  if (narrower !== null) return { fixed: narrow(slots, Number(narrower[2]), narrower[1] === '') };
  if (base.startsWith('decimal')) {
    const width = DECIMAL_BYTES[base];
    const isShort = base !== 'decimal256' && Number(unit) <= MOST_DIGITS_OF_LONGS;
    return width === undefined || isShort
      ? { longs: longs(slots, convert) }
      : { fixed: fixed(slots, width, writeWide(width)) };
  }
  switch (base) {
    case 'null':
      return { nullRows: slots.rows };
    case 'bool':
      return { fixed: fixed(slots, 1, (into, start, value) => into.writeUInt8(value === true ? 1 : 0, start)) };
    case 'int32':
    case 'uint32':
    case 'float32':
    case 'date32':
    case 'time32':
      return { ints: ints(slots, convert) };
    case 'int64':
    case 'uint64':
    case 'float64':
    case 'date64':
    case 'time64':
    case 'timestamp':
    case 'duration':
      return { longs: longs(slots, convert) };
    case 'float16':
      return { fixed: fixed(slots, 2, writeBytes) };
    case 'interval':
      return { fixed: fixed(slots, unit === 'year_month' ? 4 : 8, writeInterval(unit)) };
    default:
      return strings(slots);
  }
}

/** Buffers of a leaf's values. */
export function leafBuffers(type: ArrowLeaf, rendition: Rendition, slots: Slots): ColumnBuffers {
  const nulls = slots.validity === null ? {} : { validity: slots.validity };
  return { ...valuesOf(type, rendition, slots), ...nulls };
}
