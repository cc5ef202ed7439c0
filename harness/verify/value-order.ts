/** How Parquet orders the values of a leaf, and what its statistics look like (ColumnOrder TYPE_ORDER of parquet.thrift). */

import type { SchemaElement } from 'hyparquet';
import { annotationOf } from './annotation.js';

export type OrderedValue = bigint | number | Buffer;

export type ValueOrder = 'signed' | 'unsigned' | 'decimal bytes' | 'float' | 'half' | 'bool' | 'text' | 'bytes';

/** Null where the order of the values is undefined: their minimum and maximum say nothing. */
export function orderOf(element: SchemaElement): ValueOrder | null {
  const annotation = annotationOf(element);
  const { type } = element;
  if (type === 'BOOLEAN') return 'bool';
  if (type === 'INT32' || type === 'INT64') return annotation.includes('unsigned') ? 'unsigned' : 'signed';
  if (type === 'FLOAT' || type === 'DOUBLE') return 'float';
  if ((type !== 'BYTE_ARRAY' && type !== 'FIXED_LEN_BYTE_ARRAY') || annotation === 'INTERVAL') return null;
  if (annotation.startsWith('DECIMAL')) return 'decimal bytes';
  if (annotation === 'FLOAT16') return 'half';
  return annotation === 'STRING' ? 'text' : 'bytes';
}

/** Bounds of these are exact unless a flag says otherwise; strings and binary without a flag may be cut short. */
export const isExactByDefault = (order: ValueOrder): boolean => order !== 'text' && order !== 'bytes';

const scratch = new DataView(new ArrayBuffer(8));

export function floatOfBits(bits: bigint | number): number {
  if (typeof bits === 'bigint') {
    scratch.setBigInt64(0, bits);
    return scratch.getFloat64(0);
  }
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

/** The number of a float of 16 bits. */
export function halfOfBits(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 0x1f, bits & 0x3ff];
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function bigEndian(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
}

const buffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A value as a page holds it; floats come as their bits. */
export function valueOfPage(value: unknown, order: ValueOrder): OrderedValue {
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (value instanceof Uint8Array) {
    const bytes = buffer(value);
    if (order === 'half') return halfOfBits(bytes.readUInt16LE());
    return order === 'decimal bytes' ? bigEndian(bytes) : bytes;
  }
  if (typeof value !== 'number' && typeof value !== 'bigint') throw new Error(`a page holds ${String(value)}`);
  if (order === 'float') return floatOfBits(value);
  if (order !== 'unsigned') return BigInt(value);
  return typeof value === 'bigint' ? BigInt.asUintN(64, value) : BigInt.asUintN(32, BigInt(value));
}

const WIDTHS: Readonly<{ [type: string]: number }> = { BOOLEAN: 1, INT32: 4, INT64: 8, FLOAT: 4, DOUBLE: 8 };

/** A bound as statistics hold it, in plain encoding; a text that equals nothing where it has the wrong width. */
export function valueOfBound(raw: Uint8Array, element: SchemaElement, order: ValueOrder): OrderedValue | string {
  const bytes = buffer(raw);
  const width = WIDTHS[element.type ?? ''] ?? (order === 'half' ? 2 : null);
  if (width !== null && bytes.length !== width) return `${bytes.length} bytes for a value of ${width}`;
  if (element.type === 'BOOLEAN') return valueOfPage(bytes[0] !== 0, order);
  if (width === 4) return valueOfPage(bytes.readInt32LE(), order);
  return valueOfPage(width === 8 ? bytes.readBigInt64LE() : bytes, order);
}

/** −1, 0 or 1; −0.0 is less than +0.0. NaN has no place. */
export function compareValues(one: OrderedValue, other: OrderedValue): number {
  if (Buffer.isBuffer(one) && Buffer.isBuffer(other)) return Buffer.compare(one, other);
  if (one === 0 && other === 0) return Number(Object.is(other, -0)) - Number(Object.is(one, -0));
  return one < other ? -1 : one > other ? 1 : 0;
}

export function valueText(value: OrderedValue | string, order: ValueOrder): string {
  if (!Buffer.isBuffer(value)) return Object.is(value, -0) ? '-0' : String(value);
  return order === 'text' ? JSON.stringify(value.toString()) : value.toString('hex');
}
