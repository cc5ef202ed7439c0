import type { Facts } from '../types.js';
import { readLayout } from './arrow-layout.js';
import { readFooter } from './footer.js';
import { checkSchema } from './schema.js';

/**
 * Facts of a Parquet file for an Arrow file that is to hold the same. Parquet cannot say all that an Arrow schema says: where it is exactly
 * how the Arrow file's columns are stored, these are the expected ones, and notes name what Parquet leaves open. Digests are
 * compared whatever the layout; within one format schemas must be equal.
 */
export async function factsForArrow(
  facts: Facts,
  parquetFile: string,
  arrowFile: string,
): Promise<{ readonly facts: Facts; readonly notes: readonly string[] }> {
  const [{ footer }, { layout }] = [await readFooter(parquetFile), await readLayout(arrowFile)];
  if (footer === null || layout === null) return { facts, notes: [] };
  const { findings, notes } = checkSchema(layout.schema.fields, footer.metadata, false);
  if (findings.length > 0) return { facts, notes: [] };
  return { facts: { ...facts, schema: layout.schema.fields }, notes: notes.map((note) => `${facts.table}: ${note}`) };
}
