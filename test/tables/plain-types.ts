/**
 * The table `types` of native/engine/TYPES.md, written from its text alone: slow, cell by cell. It exists to disagree with the native one.
 */
import type { DescribedTable, DescribedValue } from '../digest/described.js';
import { isLong, plainBinary, plainEntry, plainKey, plainSixteen, plainText } from './plain-bytes-and-text.js';
import { Draws } from './plain-draws.js';
import { intervalField, plainNumber } from './plain-numbers.js';
import { described, entryOf, plainColumns, type PlainChild, type PlainColumn, type PlainType } from './plain-type.js';

const EDGES = [0, 7, 8, 63, 64, 65, 127, 128, 999];

function childValue(draws: Draws, child: PlainChild | undefined): DescribedValue {
  if (child === undefined) throw new RangeError('a child is missing');
  const hidden = child.nullable && draws.next() % 8n === 0n;
  const value = plainValue(draws, child.type, false);
  return hidden ? null : value;
}

function plainValue(draws: Draws, type: PlainType, atTop: boolean): DescribedValue {
  const { base, args, children, size } = type;
  const number = plainNumber(draws, type);
  if (number !== null) {
    if (!base.startsWith('float')) return number.toString();
    return number.toString(16).padStart(Number(base.slice('float'.length)) / 4, '0');
  }
  const long = atTop && isLong(draws.row);
  const several = (count: number): readonly DescribedValue[] =>
    Array.from({ length: count }, () => childValue(draws, children[0]));
  switch (base) {
    case 'bool':
      return draws.next() % 2n === 1n;
    case 'interval':
      return Array.from({ length: args === 'day_time' ? 2 : 1 }, () => intervalField(draws).toString());
    case 'utf8':
    case 'large_utf8':
    case 'utf8_view':
      return plainText(draws, long);
    case 'binary':
    case 'large_binary':
    case 'binary_view':
      return plainBinary(draws, long);
    case 'fixed_size_binary':
      return plainSixteen(draws);
    case 'dictionary':
      return plainEntry(draws.row, children[0]?.type.base ?? '', children[1]?.type.base ?? '');
    case 'list':
    case 'large_list':
      return several(draws.below(5));
    case 'fixed_size_list':
      return several(size);
    case 'struct':
      return children.map((child) => childValue(draws, child));
    case 'map':
      return Array.from({ length: draws.below(4) }, (_, place) => {
        const key = plainKey(draws, place);
        return [key, childValue(draws, entryOf(children)[1])];
      });
    default:
      throw new TypeError(`TYPES.md says nothing of ${base}`);
  }
}

function isHidden(nulls: string, row: number, draw: bigint): boolean {
  switch (nulls) {
    case 'required':
    case 'none':
      return false;
    case 'all':
      return true;
    case 'edges':
      return EDGES.includes(row % 1000);
    case 'but edges':
      return !EDGES.includes(row % 1000);
    case 'runs':
      return Math.floor(row / 64) % 2 === 1;
    case 'every second':
      return row % 2 === 1;
    case 'scattered':
      return draw % 8n === 0n && row % 1000 !== 500;
    default:
      throw new TypeError(`TYPES.md says nothing of nulls "${nulls}"`);
  }
}

function cell(column: PlainColumn, number: number, row: number): DescribedValue {
  const draws = new Draws(number, row);
  const hidden = isHidden(column.nulls, row, draws.next());
  if (column.name === 'row') return String(row);
  const value = plainValue(draws, column.type, true);
  return hidden ? null : value;
}

/** The first rows of the table, or those from `first` on. */
export function plainTypes(specification: string, rows: number, first = 0): DescribedTable {
  const columns = plainColumns(specification).map((column, number) => ({
    name: column.name,
    type: described(column.type),
    values: Array.from({ length: rows }, (_, index) => cell(column, number, first + index)),
  }));
  return { columns, firstRow: first };
}
