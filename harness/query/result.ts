/** Chunks of DuckDB's answer → values of JSON. Exact: what a number of JavaScript cannot hold comes as text. */

import type { DataChunk, LogicalType, Result, Vector } from '@duckdb/node-bindings';
import { Misuse } from '../misuse.js';
import type { QueryColumn } from './database.js';
import type { Cell } from './table.js';

type Duckdb = typeof import('@duckdb/node-bindings');

/** Bytes of a value, and what they say at an offset. */
interface Reading {
  readonly name: string;
  readonly bytes: number;
  readonly at: (view: DataView, offset: number) => Cell;
}

const exact = (value: bigint): number | string =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : String(value);

/** JSON has no word for these. */
const finite = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

const wide = (view: DataView, offset: number, signed: boolean): bigint => {
  const high = signed ? view.getBigInt64(offset + 8, true) : view.getBigUint64(offset + 8, true);
  return (high << 64n) + view.getBigUint64(offset, true);
};

/** `2026-01-31T12:30:45.000Z` of microseconds since 1970. */
function timeText(micros: bigint): string {
  const date = new Date(Number(micros / 1000n));
  return Number.isNaN(date.getTime()) ? `${String(micros)} µs since 1970` : date.toISOString();
}

function decimalText(digits: bigint, scale: number): string {
  const text = String(digits < 0n ? -digits : digits).padStart(scale + 1, '0');
  const whole = text.slice(0, text.length - scale);
  return `${digits < 0n ? '-' : ''}${whole}${scale === 0 ? '' : `.${text.slice(-scale)}`}`;
}

/** A number where it is the very same, else its text. */
function decimal(digits: bigint, scale: number): number | string {
  const text = decimalText(digits, scale);
  return text.replace(/[-.]/g, '').replace(/^0+/, '').length <= 15 ? Number(text) : text;
}

function readings(duckdb: Duckdb): ReadonlyMap<number, Reading> {
  const { Type } = duckdb;
  const time = (view: DataView, offset: number): string => timeText(view.getBigInt64(offset, true));
  return new Map<number, Reading>([
    [Type.BOOLEAN, { name: 'BOOLEAN', bytes: 1, at: (view, offset) => view.getUint8(offset) !== 0 }],
    [Type.TINYINT, { name: 'TINYINT', bytes: 1, at: (view, offset) => view.getInt8(offset) }],
    [Type.SMALLINT, { name: 'SMALLINT', bytes: 2, at: (view, offset) => view.getInt16(offset, true) }],
    [Type.INTEGER, { name: 'INTEGER', bytes: 4, at: (view, offset) => view.getInt32(offset, true) }],
    [Type.BIGINT, { name: 'BIGINT', bytes: 8, at: (view, offset) => exact(view.getBigInt64(offset, true)) }],
    [Type.UTINYINT, { name: 'UTINYINT', bytes: 1, at: (view, offset) => view.getUint8(offset) }],
    [Type.USMALLINT, { name: 'USMALLINT', bytes: 2, at: (view, offset) => view.getUint16(offset, true) }],
    [Type.UINTEGER, { name: 'UINTEGER', bytes: 4, at: (view, offset) => view.getUint32(offset, true) }],
    [Type.UBIGINT, { name: 'UBIGINT', bytes: 8, at: (view, offset) => exact(view.getBigUint64(offset, true)) }],
    [Type.HUGEINT, { name: 'HUGEINT', bytes: 16, at: (view, offset) => exact(wide(view, offset, true)) }],
    [Type.UHUGEINT, { name: 'UHUGEINT', bytes: 16, at: (view, offset) => exact(wide(view, offset, false)) }],
    [Type.FLOAT, { name: 'FLOAT', bytes: 4, at: (view, offset) => finite(view.getFloat32(offset, true)) }],
    [Type.DOUBLE, { name: 'DOUBLE', bytes: 8, at: (view, offset) => finite(view.getFloat64(offset, true)) }],
    [
      Type.DATE,
      {
        name: 'DATE',
        bytes: 4,
        at: (view, offset) => timeText(BigInt(view.getInt32(offset, true)) * 86_400_000_000n).slice(0, 10),
      },
    ],
    [Type.TIMESTAMP, { name: 'TIMESTAMP', bytes: 8, at: time }],
    [Type.TIMESTAMP_TZ, { name: 'TIMESTAMP WITH TIME ZONE', bytes: 8, at: time }],
  ]);
}

function decimalReading(duckdb: Duckdb, type: LogicalType): Reading {
  const [width, scale] = [duckdb.decimal_width(type), duckdb.decimal_scale(type)];
  const name = `DECIMAL(${width},${scale})`;
  const { Type } = duckdb;
  const internal = duckdb.decimal_internal_type(type);
  const of = (bytes: number, digits: (view: DataView, offset: number) => bigint): Reading => ({
    name,
    bytes,
    at: (view, offset) => decimal(digits(view, offset), scale),
  });
  if (internal === Type.SMALLINT) return of(2, (view, offset) => BigInt(view.getInt16(offset, true)));
  if (internal === Type.INTEGER) return of(4, (view, offset) => BigInt(view.getInt32(offset, true)));
  if (internal === Type.BIGINT) return of(8, (view, offset) => view.getBigInt64(offset, true));
  return of(16, (view, offset) => wide(view, offset, true));
}

/** A string of up to 12 bytes stands in the vector itself; of a longer one its address does, 8 bytes on. */
const STRING = { bytes: 16, inlined: 12, text: 4, pointer: 8 } as const;

const DECODER = new TextDecoder();

function stringAt(duckdb: Duckdb, view: DataView, offset: number): string {
  const length = view.getUint32(offset, true);
  const buffer = view.buffer as ArrayBuffer;
  const place = view.byteOffset + offset;
  return DECODER.decode(
    length <= STRING.inlined
      ? new Uint8Array(buffer, place + STRING.text, length)
      : duckdb.get_data_from_pointer(buffer, place + STRING.pointer, length),
  );
}

/** How values of a column are read; what has no plain value is refused, with what to do. */
function readingOf(duckdb: Duckdb, result: Result, index: number): Reading {
  const { Type } = duckdb;
  const type = duckdb.column_type(result, index);
  if (type === Type.DECIMAL) return decimalReading(duckdb, duckdb.column_logical_type(result, index));
  if (type === Type.VARCHAR) {
    return { name: 'VARCHAR', bytes: STRING.bytes, at: (view, offset) => stringAt(duckdb, view, offset) };
  }
  const known = readings(duckdb).get(type);
  if (known !== undefined) return known;
  const [name, text] = [duckdb.column_name(result, index), Type[type]];
  throw new Misuse(
    `Column "${name}" is of type ${text}, expected a number, text, time or boolean: write it as (…)::varchar.`,
  );
}

function cellsOf(duckdb: Duckdb, vector: Vector, { bytes, at }: Reading, count: number): readonly Cell[] {
  const data = duckdb.vector_get_data(vector, count * bytes);
  // Absent where no value is null; else a bit a row, the first in the lowest.
  const validity = duckdb.vector_get_validity(vector, Math.ceil(count / 64) * 8) as Uint8Array | null;
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const isValid = (row: number): boolean => validity === null || (((validity[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
  return Array.from({ length: count }, (_, row) => (isValid(row) ? at(view, row * bytes) : null));
}

export interface ResultReader {
  readonly columns: readonly QueryColumn[];
  readonly rows: (chunk: DataChunk) => readonly (readonly Cell[])[];
}

export function resultReader(duckdb: Duckdb, result: Result): ResultReader {
  const of = Array.from({ length: duckdb.column_count(result) }, (_, index) => readingOf(duckdb, result, index));
  const columns = of.map(({ name }, index) => ({ name: duckdb.column_name(result, index), type: name }));
  const rows = (chunk: DataChunk): readonly (readonly Cell[])[] => {
    const count = duckdb.data_chunk_get_size(chunk);
    const cells = of.map((reading, index) =>
      cellsOf(duckdb, duckdb.data_chunk_get_vector(chunk, index), reading, count),
    );
    return Array.from({ length: count }, (_, row) => cells.map((column) => column[row] ?? null));
  };
  return { columns, rows };
}
