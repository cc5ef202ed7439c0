/** Tables as text that fits: as they are, else with a wrapped first column, else row by row. Pure. */

import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

/** The first column is not wrapped to fewer characters. */
const LEAST_WRAPPED = 16;

const widthOf = (text: string): number => Math.max(0, ...text.split('\n').map((line) => line.length));

/** Lines of at most `width`, ended after `/`, `;` or a space where there is one. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const head = rest.slice(0, width);
    const sign = Math.max(head.lastIndexOf('/'), head.lastIndexOf(';'), head.lastIndexOf(' '));
    const end = sign < 0 ? width : sign + 1;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return [...lines, rest].join('\n');
}

function drawn(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  emphasis: (text: string) => string,
): string {
  const alignments = head.map((_, column) =>
    rows.every((row) => /^-?[\d.,]+( [A-Za-z/]+)?$/.test(row[column] ?? '')) ? 'right' : 'left',
  );
  const table = new Table({
    head: head.map(emphasis),
    colAligns: alignments,
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString();
}

const drawnWidth = (text: string): number => widthOf(stripVTControlCharacters(text));

/** The table in at most `columns` characters, its first column wrapped where it must be; null when that is not enough. */
export function fittingTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
  emphasis: (text: string) => string = (text) => text,
): string | null {
  const whole = drawn(head, rows, emphasis);
  const tooWide = drawnWidth(whole) - columns;
  if (tooWide <= 0) return whole;
  const first = Math.max(0, ...[head, ...rows].map((row) => (row[0] ?? '').length));
  if (first - tooWide < LEAST_WRAPPED) return null;
  const wrapped = rows.map((row) => row.map((cell, column) => (column === 0 ? wrap(cell, first - tooWide) : cell)));
  return drawn(head, wrapped, emphasis);
}

/** Row by row: the first cell on a line of its own, each other below it with its heading. */
export function stacked(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const width = Math.max(0, ...head.slice(1).map((text) => text.length));
  return rows
    .flatMap((row) => [
      row[0] ?? '',
      ...head.slice(1).map((text, at) => `  ${text.padEnd(width)}  ${row[at + 1] ?? ''}`),
    ])
    .join('\n');
}
