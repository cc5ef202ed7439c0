import type { DecodedArray } from 'hyparquet';
import type { ColumnBuffers } from '../native.js';
import type { Field } from '../types.js';

/** Decimals of more digits do not fit in 64 bits. */
const MOST_DIGITS = 18;

/** An integer of a file: a number, a bigint, or big-endian bytes of a decimal. */
function integer(value: unknown, field: Field): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isInteger(value)) return BigInt(value);
  if (value instanceof Uint8Array && value.length > 0) {
    const wide = BigInt.asIntN(value.length * 8, BigInt(`0x${Buffer.from(value).toString('hex')}`));
    if (BigInt.asIntN(64, wide) === wide) return wide;
  }
  throw new Error(`column ${field.name}: expected an integer of at most 64 bits, got ${typeof value}`);
}

/** One byte a row, 0 for null; undefined when there is no null. */
function validityOf(chunks: readonly DecodedArray[], rows: number): Uint8Array | undefined {
  const validity = new Uint8Array(rows).fill(1);
  let nulls = 0;
  let row = 0;
  for (const chunk of chunks) {
    if (!Array.isArray(chunk)) {
      row += chunk.length;
      continue;
    }
    for (const value of chunk as readonly unknown[]) {
      if (value === null || value === undefined) {
        validity[row] = 0;
        nulls += 1;
      }
      row += 1;
    }
  }
  return nulls === 0 ? undefined : validity;
}

function longs(field: Field, chunks: readonly DecodedArray[], rows: number): BigInt64Array {
  const all = new BigInt64Array(rows);
  let row = 0;
  for (const chunk of chunks) {
    if (chunk instanceof BigInt64Array) {
      all.set(chunk, row);
      row += chunk.length;
      continue;
    }
    for (const value of chunk as Iterable<unknown>) {
      if (value !== null && value !== undefined) all[row] = integer(value, field);
      row += 1;
    }
  }
  return all;
}

function ints(field: Field, chunks: readonly DecodedArray[], rows: number): Int32Array {
  const all = new Int32Array(rows);
  let row = 0;
  for (const chunk of chunks) {
    for (const value of chunk as Iterable<unknown>) {
      if (value !== null && value !== undefined) {
        if (typeof value !== 'number' || (value | 0) !== value) {
          throw new Error(`column ${field.name}: expected an integer of 32 bits, got ${typeof value}`);
        }
        all[row] = value;
      }
      row += 1;
    }
  }
  return all;
}

function strings(
  field: Field,
  chunks: readonly DecodedArray[],
  rows: number,
): Required<Pick<ColumnBuffers, 'bytes' | 'offsets'>> {
  const offsets = new Int32Array(rows + 1);
  const values: Uint8Array[] = [];
  let [row, end] = [0, 0];
  for (const chunk of chunks) {
    for (const value of chunk as Iterable<unknown>) {
      if (value instanceof Uint8Array) {
        values.push(value);
        end += value.length;
      } else if (value !== null && value !== undefined) {
        throw new Error(`column ${field.name}: expected bytes of a string, got ${typeof value}`);
      }
      row += 1;
      offsets[row] = end;
    }
  }
  if (end > 0x7fffffff)
    throw new Error(`column ${field.name}: ${end} bytes of strings in one row group, at most 2147483647`);
  const bytes = new Uint8Array(end);
  let start = 0;
  for (const value of values) {
    bytes.set(value, start);
    start += value.length;
  }
  return { bytes, offsets };
}

/** The chunks of one column of one row group as plain buffers of the field's type. */
export function columnBuffers(field: Field, chunks: readonly DecodedArray[]): ColumnBuffers {
  const rows = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  const validity = validityOf(chunks, rows);
  const nulls = validity === undefined ? {} : { validity };
  const digits = /^decimal128\((\d+), /.exec(field.type)?.[1];
  if (field.type === 'int64') return { longs: longs(field, chunks, rows), ...nulls };
  if (field.type === 'int32' || field.type === 'date32') return { ints: ints(field, chunks, rows), ...nulls };
  if (field.type === 'utf8') return { ...strings(field, chunks, rows), ...nulls };
  if (digits !== undefined && Number(digits) <= MOST_DIGITS) return { longs: longs(field, chunks, rows), ...nulls };
  throw new Error(`column ${field.name}: hyparquet is not used as a second reader of ${field.type}`);
}
