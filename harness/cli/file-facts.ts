/** Facts that a file states about itself, read afresh: what `digest` prints and `verify --same-as` expects. */

import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, Misuse } from '../misuse.js';
import type { Facts } from '../types.js';
import { readByDuckdb } from '../verify/by-duckdb.js';
import { readFooter } from '../verify/footer.js';
import { fieldsOf } from '../verify/schema.js';

/** A file that is there and does not hold what it should. */
export class Damaged extends Misuse {}

/** Throws the sentence of a path at which no file can be read. */
export function requireFile(file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new Misuse(`${file} does not exist: expected a Parquet file.`);
  if (stat.isDirectory()) throw new Misuse(`${file} is a folder: expected a Parquet file, which is one file.`);
  if (!stat.isFile()) throw new Misuse(`${file} is a special file: expected a Parquet file.`);
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw new Misuse(`${file} may not be read: expected a Parquet file with permission to read it.`);
  }
}

export async function factsOfFile(file: string): Promise<Facts> {
  requireFile(file);
  const { footer, findings } = await readFooter(file);
  if (footer === null) {
    const why = findings
      .map(({ what, expected, actual }) => `${what}: expected ${expected}, found ${actual}`)
      .join('; ');
    throw new Damaged(`${file} cannot be read as Parquet: ${why}.`);
  }
  const { digest, rows } = await readByDuckdb(path.resolve(file), footer.groupRows).catch((error: unknown) => {
    if (error instanceof Misuse) throw error;
    throw new Damaged(`${file} cannot be read in full: ${messageOf(error)}`);
  });
  const arrowBytes = digest.columns.reduce((sum, column) => sum + column.bytes, 0);
  const schema = fieldsOf(footer.metadata);
  return { table: path.basename(file), scale: 0, part: { index: 1, count: 1 }, schema, rows, arrowBytes, digest };
}
