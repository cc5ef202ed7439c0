/** Facts that a file states about itself, read afresh: what `digest` prints and `verify --same-as` expects. */

import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { messageOf, Misuse } from '../misuse.js';
import { readUnchanged, stampOf } from '../run/unchanged.js';
import type { Digest, Facts, Field, FileStamp, Finding } from '../types.js';
import { readLayout } from '../verify/arrow-layout.js';
import { readByApacheArrow } from '../verify/by-apache-arrow.js';
import { readFooter } from '../verify/footer.js';
import { formatOf, type ReadableFormat } from '../verify/format.js';
import { readContents } from '../verify/parquet-contents.js';

/** A file that is there and does not hold what it should. */
export class Damaged extends Misuse {}

const EXPECTED = 'expected a Parquet or Arrow file';

/** Throws the sentence of a path at which no file can be read. */
export function requireFile(file: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw new Misuse(`${file} does not exist: ${EXPECTED}.`);
  if (stat.isDirectory()) throw new Misuse(`${file} is a folder: ${EXPECTED}, which is one file.`);
  if (!stat.isFile()) throw new Misuse(`${file} is a special file: ${EXPECTED}.`);
  try {
    accessSync(file, constants.R_OK);
  } catch {
    throw new Misuse(`${file} may not be read: ${EXPECTED} with permission to read it.`);
  }
}

interface Contents {
  readonly schema: readonly Field[];
  readonly digest: Digest;
  readonly rows: number;
}

const why = (findings: readonly Finding[]): string =>
  findings.map(({ what, expected, actual }) => `${what}: expected ${expected}, found ${actual}`).join('; ');

async function parquetContents(file: string): Promise<Contents> {
  const { footer, findings } = await readFooter(file);
  if (footer === null) throw new Damaged(`${file} cannot be read as Parquet: ${why(findings)}.`);
  return readContents(path.resolve(file), footer);
}

async function arrowContents(file: string): Promise<Contents> {
  const { layout, findings } = await readLayout(file);
  if (layout === null || findings.length > 0) throw new Damaged(`${file} cannot be read as Arrow: ${why(findings)}.`);
  const { digest, rows } = await readByApacheArrow(file, layout);
  return { schema: layout.schema.fields, digest, rows };
}

async function contentsOf(file: string, format: ReadableFormat): Promise<Contents> {
  try {
    return await (format === 'arrow' ? arrowContents(file) : parquetContents(file));
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Damaged(`${file} cannot be read in full: ${messageOf(error)}`);
  }
}

export interface FileFacts {
  /** The file as it was when they were read. */
  readonly stamp: FileStamp;
  readonly facts: Facts;
  readonly format: ReadableFormat;
}

async function readFacts(file: string, stamp: FileStamp): Promise<FileFacts> {
  const format = await formatOf(file);
  if (format === null) {
    throw new Damaged(`${file} is of no known format: expected the first or last bytes of a Parquet or Arrow file.`);
  }
  const { schema, digest, rows } = await contentsOf(file, format);
  const arrowBytes = digest.columns.reduce((sum, column) => sum + column.bytes, 0);
  const facts = {
    table: path.basename(file),
    scale: 0,
    part: { index: 1, count: 1 },
    schema,
    rows,
    arrowBytes,
    digest,
  };
  return { facts, format, stamp };
}

/** Throws `Changed` for a file that changes meanwhile, `Damaged` for one that cannot be read. */
export async function factsOfFile(file: string): Promise<FileFacts> {
  requireFile(file);
  const stamp = await stampOf(file);
  return readUnchanged(file, stamp, async () => readFacts(file, stamp));
}
