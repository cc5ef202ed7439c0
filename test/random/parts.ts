/** A described table as parts and batches. */

import type { DescribedTable } from '../digest/described.js';
import type { Setting } from './settings.js';

export const rowsOf = ({ columns, skip = 0 }: DescribedTable): number => (columns[0]?.values.length ?? skip) - skip;

/** Rows of the table after which a batch ends, the last one left out. */
function edgesOf({ chunks = [] }: DescribedTable, batchRows: number, from: number, to: number): readonly number[] {
  if (batchRows > 0) {
    const count = Math.floor((to - from) / batchRows);
    return Array.from({ length: count }, (_, index) => from + (index + 1) * batchRows);
  }
  let end = 0;
  return chunks.map((rows) => (end += rows)).filter((edge) => edge >= from && edge <= to);
}

/** The table in parts of about as many rows, each with its batches; no part is empty. */
export function partsOf(table: DescribedTable, { parts, batchRows }: Setting): readonly DescribedTable[] {
  const rows = rowsOf(table);
  const count = Math.max(1, Math.min(parts, rows));
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [Math.floor((index * rows) / count), Math.floor(((index + 1) * rows) / count)];
    let last = from;
    const chunks = edgesOf(table, batchRows, from, to).map((edge) => {
      const length = edge - last;
      last = edge;
      return length;
    });
    const columns = table.columns.map((column) => ({ ...column, values: column.values.slice(from, to) }));
    return { columns, chunks, firstRow: (table.firstRow ?? 0) + from };
  });
}
