/** Canonical bytes of DIGEST.md. */
import type { DescribedType, DescribedValue } from './described.js';

const FIXED_BYTES: Readonly<{ [base: string]: number }> = {
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  decimal32: 16,
  decimal64: 16,
  decimal128: 16,
  decimal256: 32,
  date32: 4,
  date64: 8,
  time32: 4,
  time64: 8,
  timestamp: 8,
  duration: 8,
};

const FLOATS = ['float16', 'float32', 'float64'];

const INTERVAL_FIELD_BYTES: Readonly<{ [name: string]: readonly number[] }> = {
  'interval(year_month)': [4],
  'interval(day_time)': [4, 4],
  'interval(month_day_nano)': [4, 4, 8],
};

/** Name of a type without its arguments. */
export function baseName(type: string): string {
  return type.split('(')[0] ?? type;
}

/** Types whose hash is not that of "anything else"; decimal256 is something else. */
export function isFixedWidth(type: DescribedType): boolean {
  if (typeof type !== 'string' || baseName(type) === 'decimal256') {
    return false;
  }
  const base = baseName(type);
  return base in FIXED_BYTES || FLOATS.includes(base) || base === 'bool' || base === 'interval';
}

function integerBytes(value: bigint, width: number): number[] {
  const bits = BigInt.asUintN(8 * width, value);
  return Array.from({ length: width }, (_, index) => Number((bits >> BigInt(8 * index)) & 0xffn));
}

function items(value: DescribedValue): readonly DescribedValue[] {
  if (!Array.isArray(value)) {
    throw new TypeError(`array expected, not ${JSON.stringify(value)}`);
  }
  return value as readonly DescribedValue[];
}

function text(value: DescribedValue): string {
  if (typeof value !== 'string') {
    throw new TypeError(`text expected, not ${JSON.stringify(value)}`);
  }
  return value;
}

function tagged(type: DescribedType, value: DescribedValue): number[] {
  const bytes = canonicalBytes(type, value);
  if (bytes === null) {
    return [0];
  }
  const base = typeof type === 'string' ? baseName(type) : '';
  const variable = base === 'utf8' || base === 'binary' || base === 'fixed_size_binary';
  return [1, ...(variable ? integerBytes(BigInt(bytes.length), 8) : []), ...bytes];
}

function listBytes(element: DescribedType, values: readonly DescribedValue[]): number[] {
  return [...integerBytes(BigInt(values.length), 8), ...values.flatMap((value) => tagged(element, value))];
}

function nestedBytes(type: Exclude<DescribedType, string>, value: DescribedValue): number[] {
  if ('list' in type) {
    return listBytes(type.list, items(value));
  }
  if ('fixedSizeList' in type) {
    return listBytes(type.fixedSizeList, items(value));
  }
  if ('map' in type) {
    return listBytes({ struct: type.map }, items(value));
  }
  if ('struct' in type) {
    const members = items(value);
    return type.struct.flatMap((child, index) => tagged(child, members[index] ?? null));
  }
  const [id, member] = items(value);
  const child = type.union[Number(id)];
  if (child === undefined || member === undefined) {
    throw new RangeError(`no child ${String(id)} in ${JSON.stringify(type)}`);
  }
  return [...integerBytes(BigInt(Number(id)), 1), ...tagged(child, member)];
}

/** Canonical bytes of a value; null for null. */
export function canonicalBytes(type: DescribedType, value: DescribedValue): Uint8Array | null {
  if (value === null) {
    return null;
  }
  if (typeof type !== 'string') {
    return Uint8Array.from(nestedBytes(type, value));
  }
  const base = baseName(type);
  const width = FIXED_BYTES[base];
  if (width !== undefined) {
    return Uint8Array.from(integerBytes(BigInt(text(value)), width));
  }
  if (FLOATS.includes(base)) {
    return Uint8Array.from(Buffer.from(text(value), 'hex').reverse());
  }
  switch (base) {
    case 'bool':
      return Uint8Array.of(value === true ? 1 : 0);
    case 'utf8':
      return Uint8Array.from(Buffer.from(text(value), 'utf8'));
    case 'binary':
    case 'fixed_size_binary':
      return Uint8Array.from(Buffer.from(text(value), 'hex'));
    case 'interval': {
      const widths = INTERVAL_FIELD_BYTES[type] ?? [];
      const fields = Array.isArray(value) ? items(value) : [value];
      return Uint8Array.from(
        widths.flatMap((bytes, index) => integerBytes(BigInt(text(fields[index] ?? null)), bytes)),
      );
    }
    default:
      throw new TypeError(`type ${type} has no canonical bytes`);
  }
}
