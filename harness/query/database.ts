/** DuckDB in this process and in memory, which reads no file, no network and no extension: it knows the tables that it is given. */

import type { Appender, Connection } from '@duckdb/node-bindings';
import { messageOf, Misuse } from '../misuse.js';
import { resultReader } from './result.js';
import type { Cell, Column, Table } from './table.js';

export interface QueryColumn {
  readonly name: string;
  /** As DuckDB names it. */
  readonly type: string;
}

export interface QueryResult {
  readonly columns: readonly QueryColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

type Duckdb = typeof import('@duckdb/node-bindings');

/** Before anything is loaded. Extensions would come from the network or from the user's folder. */
const SETTINGS: Readonly<{ [name: string]: string }> = {
  memory_limit: '1GB',
  temp_directory: '',
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  enable_external_access: 'false',
  lock_configuration: 'true',
};

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function append(duckdb: Duckdb, appender: Appender, value: Cell, type: Column<never>['type']): void {
  if (value === null) duckdb.append_null(appender);
  else if (type === 'DOUBLE') duckdb.append_double(appender, Number(value));
  else if (type === 'BIGINT') duckdb.append_int64(appender, BigInt(Math.round(Number(value))));
  else if (type === 'BOOLEAN') duckdb.append_bool(appender, value === true);
  else if (type === 'TIMESTAMP') {
    duckdb.append_timestamp(appender, { micros: BigInt(Date.parse(String(value))) * 1000n });
  } else duckdb.append_varchar(appender, String(value));
}

async function addTable(duckdb: Duckdb, connection: Connection, table: Table): Promise<void> {
  const columns = table.columns.map(({ name, type }) => `${quoted(name)} ${type}`);
  await duckdb.query(connection, `create table ${quoted(table.name)} (${columns.join(', ')})`);
  const appender = duckdb.appender_create(connection, null, table.name);
  for (const row of table.rows) {
    for (const [index, { type }] of table.columns.entries()) append(duckdb, appender, row[index] ?? null, type);
    duckdb.appender_end_row(appender);
  }
  duckdb.appender_close_sync(appender);
}

/** The answer to one or more statements of SQL: that of the last one. What DuckDB refuses is a Misuse, in its words. */
export async function ask(tables: readonly Table[], sql: string): Promise<QueryResult> {
  const { default: duckdb } = await import('@duckdb/node-bindings');
  const config = duckdb.create_config();
  for (const [name, value] of Object.entries(SETTINGS)) duckdb.set_config(config, name, value);
  const database = await duckdb.open(':memory:', config);
  const connection = await duckdb.connect(database);
  try {
    for (const table of tables) await addTable(duckdb, connection, table);
    const result = await duckdb.query(connection, sql).catch((error: unknown) => {
      throw new Misuse(`${messageOf(error)}\n${tablesSentence(tables)}`);
    });
    const read = resultReader(duckdb, result);
    const rows: (readonly Cell[])[] = [];
    for (;;) {
      const chunk = await duckdb.fetch_chunk(result);
      if (chunk === null || duckdb.data_chunk_get_size(chunk) === 0) break;
      rows.push(...read.rows(chunk));
    }
    return { columns: read.columns, rows };
  } finally {
    duckdb.disconnect_sync(connection);
    duckdb.close_sync(database);
  }
}

export function tablesSentence(tables: readonly Pick<Table, 'name'>[]): string {
  return `Tables: ${tables.map(({ name }) => name).join(', ')}; "writeproof query --tables" has their columns.`;
}
