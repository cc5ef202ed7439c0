/** Facts that a file states about itself, read afresh: what `digest` prints and `verify --same-as` expects. */

import { existsSync } from 'node:fs';
import path from 'node:path';
import { Misuse } from '../misuse.js';
import type { Facts } from '../types.js';
import { readByDuckdb } from '../verify/by-duckdb.js';
import { readFooter } from '../verify/footer.js';
import { fieldsOf } from '../verify/schema.js';

export async function factsOfFile(file: string): Promise<Facts> {
  if (!existsSync(file)) throw new Misuse(`${file} does not exist: expected a Parquet file.`);
  const { footer, findings } = await readFooter(file);
  if (footer === null) {
    const why = findings
      .map(({ what, expected, actual }) => `${what}: expected ${expected}, found ${actual}`)
      .join('; ');
    throw new Misuse(`${file} cannot be read as Parquet: ${why}.`);
  }
  const { digest, rows } = await readByDuckdb(path.resolve(file), footer.groupRows);
  const arrowBytes = digest.columns.reduce((sum, column) => sum + column.bytes, 0);
  const schema = fieldsOf(footer.metadata);
  return { table: path.basename(file), scale: 0, part: { index: 1, count: 1 }, schema, rows, arrowBytes, digest };
}
