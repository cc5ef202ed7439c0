/** Where something begins or ends in a Lance dataset: in a data file, and in the manifest. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Message, wireFields } from '../../harness/verify/protobuf.js';
import { sorted } from '../damage/places.js';

/** As harness/verify/lance-files.ts has it. */
const FOOTER_BYTES = 40;
const FOOTER_FIELDS = [0, 8, 16, 24, 28, 32, 34, 36, 40];
const ENTRY_BYTES = 16;
/** Fields of a column's metadata: its pages, and in these the places and sizes of their buffers. */
const [PAGES, BUFFER_PLACES, BUFFER_SIZES] = [2, 1, 2];

interface Table {
  readonly start: number;
  readonly entries: readonly (readonly [offset: number, bytes: number])[];
}

/** A table of offsets and lengths. */
function tableAt(bytes: Buffer, start: number, count: number): Table {
  const number = (place: number): number => Number(bytes.readBigUInt64LE(place));
  const entries = Array.from({ length: count }, (_, index) => {
    const place = start + index * ENTRY_BYTES;
    return [number(place), number(place + 8)] as const;
  });
  return { start, entries };
}

/** Ends of a table, of its entries, and of what they point to. */
const ofTable = ({ start, entries }: Table): readonly number[] => [
  start + entries.length * ENTRY_BYTES,
  ...entries.flatMap(([offset, length], index) => [start + index * ENTRY_BYTES, offset, offset + length]),
];

/** Pages' buffers, columns' metadata, both tables, global buffers, and each field of the footer. */
export function dataFilePlaces(file: string): readonly number[] {
  const bytes = readFileSync(file);
  const footer = bytes.length - FOOTER_BYTES;
  const at = (field: number): number => Number(bytes.readBigUInt64LE(footer + field));
  const columns = tableAt(bytes, at(8), bytes.readUInt32LE(footer + 28));
  const buffers = tableAt(bytes, at(16), bytes.readUInt32LE(footer + 24));
  const pages = columns.entries.flatMap(([offset, length]) =>
    new Message(bytes.subarray(offset, offset + length)).messages(PAGES).flatMap((page) => {
      const sizes = page.integers(BUFFER_SIZES);
      return page.integers(BUFFER_PLACES).flatMap((place, index) => [place, place + (sizes[index] ?? 0)]);
    }),
  );
  assert.ok(columns.entries.length > 0 && pages.length > 0);
  const own = FOOTER_FIELDS.map((field) => footer + field);
  return sorted([0, at(0), ...pages, ...ofTable(columns), ...ofTable(buffers), ...own], bytes.length);
}

/** Bytes in front of the values of a message's fields, and behind them, so far as they are messages or texts; two deep. */
function fieldPlaces(bytes: Buffer, message: Uint8Array, depth: number): readonly number[] {
  return wireFields(message).flatMap(({ value }) => {
    if (!(value instanceof Uint8Array)) return [];
    const start = value.byteOffset - bytes.byteOffset;
    const own = [start, start + value.length];
    if (depth === 0) return own;
    try {
      return [...own, ...fieldPlaces(bytes, value, depth - 1)];
    } catch {
      // A text, or packed numbers.
      return own;
    }
  });
}

/** The length in front of the message, its fields, and the fields at the file's end. */
export function manifestPlaces(file: string): readonly number[] {
  const bytes = readFileSync(file);
  const start = Number(bytes.readBigUInt64LE(bytes.length - 16));
  const length = bytes.readUInt32LE(start);
  const message = bytes.subarray(start + 4, start + 4 + length);
  const fields = fieldPlaces(bytes, message, 2);
  assert.ok(fields.length > 10);
  const tail = [0, 8, 10, 12, 16].map((field) => bytes.length - 16 + field);
  return sorted([0, start, start + 4, start + 4 + length, ...fields, ...tail], bytes.length);
}
