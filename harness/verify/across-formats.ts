import type { Facts, Field } from '../types.js';
import { readLayout } from './arrow-layout.js';
import { readFooter } from './footer.js';
import { checkSchema, fieldsOf, plain } from './schema.js';

export interface AcrossFormats {
  readonly facts: Facts;
  readonly notes: readonly string[];
  /** What the Parquet file has to be read as for the digest of these facts; null where it was read so. */
  readonly readAs: readonly Field[] | null;
}

/**
 * Facts of a Parquet file for an Arrow file that is to hold the same. Parquet cannot say all that an Arrow schema says: where it is exactly
 * how the Arrow file's columns are stored, these are the expected ones, and notes name what Parquet leaves open. Digests are
 * compared whatever the layout; within one format schemas must be equal.
 */
export async function factsForArrow(facts: Facts, parquetFile: string, arrowFile: string): Promise<AcrossFormats> {
  const [{ footer }, { layout }] = [await readFooter(parquetFile), await readLayout(arrowFile)];
  const asItIs = { facts, notes: [], readAs: null };
  if (footer === null || layout === null) return asItIs;
  const { findings, notes } = checkSchema(layout.schema.fields, footer.metadata, false);
  if (findings.length > 0) return asItIs;
  const own = fieldsOf(footer.metadata);
  const { fields: schema } = layout.schema;
  const isReadSo = schema.every((field, index) => plain(field) === plain(own[index]));
  return {
    facts: { ...facts, schema },
    notes: notes.map((note) => `${facts.table}: ${note}`),
    readAs: isReadSo ? null : schema,
  };
}
