import type { Field } from '../types.js';
import { readLayout } from './arrow-layout.js';
import { readFooter } from './footer.js';
import { checkSchema } from './schema.js';

export interface AcrossFormats {
  readonly schema: readonly Field[];
  /** What Parquet leaves open. */
  readonly notes: readonly string[];
}

/**
 * As what a Parquet file is read for an Arrow file that is to hold the same. Parquet cannot say all that an Arrow schema says, and has no
 * seconds: where it is exactly how the Arrow file's columns are stored, these are the expected ones. Null where it is not: then the
 * schemas differ, as they do within one format.
 */
export async function fieldsForArrow(parquetFile: string, arrowFile: string): Promise<AcrossFormats | null> {
  const [{ footer }, { layout }] = [await readFooter(parquetFile), await readLayout(arrowFile)];
  if (footer === null || layout === null) return null;
  const { fields: schema } = layout.schema;
  const { findings, notes } = checkSchema(schema, footer.metadata, false);
  return findings.length > 0 ? null : { schema, notes };
}
