import type { Digest, Field } from '../types.js';
import { leftOutBy } from './allowances.js';
import { DUCKDB, readByDuckdb } from './by-duckdb.js';
import { HYPARQUET, readByHyparquet } from './by-hyparquet.js';
import type { Footer } from './footer.js';
import { declaredFields, fieldsOf, readAs } from './schema.js';

/**
 * What a Parquet file's columns are read as: by its own word, `ARROW:schema` included; by Parquet's declaration alone; or as these fields,
 * where it stores them so.
 */
export type ReadingOf = 'own' | 'declared' | readonly Field[];

function columnsOf({ metadata }: Footer, as: ReadingOf): readonly Field[] {
  if (as === 'own') return fieldsOf(metadata);
  return as === 'declared' ? declaredFields(metadata) : readAs(as, metadata);
}

export interface ParquetContents {
  /** As it was read. */
  readonly schema: readonly Field[];
  readonly rows: number;
  readonly digest: Digest;
  readonly reader: string;
}

/** What a file holds in full: read by DuckDB where it carries all columns, else by hyparquet. Rejects when it cannot be read. */
export async function readContents(file: string, footer: Footer, as: ReadingOf = 'own'): Promise<ParquetContents> {
  const { metadata, groupRows } = footer;
  const schema = columnsOf(footer, as);
  const isCarried = schema.every(({ type }) => leftOutBy(DUCKDB, type) === null);
  const reading = isCarried
    ? await readByDuckdb(file, groupRows, schema)
    : await readByHyparquet({ path: file, metadata, fields: schema, leftOut: new Set(), wantsRange: () => false });
  return { schema, rows: reading.rows, digest: reading.digest, reader: isCarried ? DUCKDB : HYPARQUET };
}
