import type { Digest, Field } from '../types.js';
import { leftOutBy } from './allowances.js';
import { DUCKDB, readByDuckdb } from './by-duckdb.js';
import { HYPARQUET, readByHyparquet } from './by-hyparquet.js';
import type { Footer } from './footer.js';
import { fieldsOf } from './schema.js';

export interface ParquetContents {
  /** As the file declares them. */
  readonly schema: readonly Field[];
  readonly rows: number;
  readonly digest: Digest;
  readonly reader: string;
}

/** What a file holds by its own word and in full: read by DuckDB where it carries all columns, else by hyparquet. Rejects when it cannot be read. */
export async function readContents(file: string, footer: Footer): Promise<ParquetContents> {
  const { metadata, groupRows } = footer;
  const schema = fieldsOf(metadata);
  const isCarried = schema.every(({ type }) => leftOutBy(DUCKDB, type) === null);
  const reading = isCarried
    ? await readByDuckdb(file, groupRows, schema)
    : await readByHyparquet({ path: file, metadata, fields: schema, leftOut: new Set(), wantsRange: () => false });
  return { schema, rows: reading.rows, digest: reading.digest, reader: isCarried ? DUCKDB : HYPARQUET };
}
