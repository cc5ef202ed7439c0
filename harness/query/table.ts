/** A table that `query` offers: its columns, what each means, and where it is taken from. */

/** As DuckDB names it. Counts and bytes are BIGINT, seconds and ratios DOUBLE. */
export type ColumnType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP';

export type Cell = string | number | boolean | null;

export interface Column<Row> {
  readonly name: string;
  readonly type: ColumnType;
  /** In a few words, with the unit. */
  readonly meaning: string;
  readonly of: (row: Row) => Cell;
}

export interface Table {
  readonly name: string;
  readonly about: string;
  readonly columns: readonly Omit<Column<never>, 'of'>[];
  readonly rows: readonly (readonly Cell[])[];
}

export type ColumnSpec<Row> = readonly [name: string, type: ColumnType, meaning: string, of: (row: Row) => Cell];

/** A table without its rows: what is documented. */
export interface TableSpec<Row> {
  readonly name: string;
  readonly about: string;
  readonly columns: readonly Column<Row>[];
}

export const tableSpec = <Row>(name: string, about: string, specs: readonly ColumnSpec<Row>[]): TableSpec<Row> => ({
  name,
  about,
  columns: specs.map(([column, type, meaning, of]) => ({ name: column, type, meaning, of })),
});

export function filled<Row>({ name, about, columns }: TableSpec<Row>, rows: readonly Row[]): Table {
  return { name, about, columns, rows: rows.map((row) => columns.map((column) => column.of(row))) };
}

const NS_PER_SECOND = 1e9;

export const seconds = (ns: number | null | undefined): number | null => (ns == null ? null : ns / NS_PER_SECOND);
