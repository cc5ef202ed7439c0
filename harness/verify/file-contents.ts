/** What a file or dataset holds by its own word and in full, whatever its format. */

import path from 'node:path';
import { messageOf, Misuse } from '../misuse.js';
import type { Digest, Field, Finding } from '../types.js';
import { readLayout } from './arrow-layout.js';
import { readByApacheArrow } from './by-apache-arrow.js';
import { readByPlugIn } from './by-plug-in.js';
import { readFooter } from './footer.js';
import { formatOf, type NamedFormat } from './format.js';
import { lanceLibrary } from './lance.js';
import { dataFindings } from './lance-files.js';
import { readManifest } from './lance-manifest.js';
import { readContents } from './parquet-contents.js';

export interface FileContents {
  readonly format: NamedFormat;
  readonly schema: readonly Field[];
  readonly digest: Digest;
  readonly rows: number;
}

/** A file that is there and does not hold what it should. */
export class Damaged extends Misuse {}

const why = (findings: readonly Finding[]): string =>
  findings.map(({ what, expected, actual }) => `${what}: expected ${expected}, found ${actual}`).join('; ');

type Contents = Omit<FileContents, 'format'>;

async function parquetContents(file: string): Promise<Contents> {
  const { footer, findings } = await readFooter(file);
  if (footer === null) throw new Damaged(`${file} cannot be read as Parquet: ${why(findings)}.`);
  const { schema, digest, rows } = await readContents(path.resolve(file), footer);
  return { schema, digest, rows };
}

async function arrowContents(file: string): Promise<Contents> {
  const { layout, findings } = await readLayout(file);
  if (layout === null || findings.length > 0) throw new Damaged(`${file} cannot be read as Arrow: ${why(findings)}.`);
  const { digest, rows } = await readByApacheArrow(file, layout);
  return { schema: layout.schema.fields, digest, rows };
}

async function lanceContents(dataset: string): Promise<Contents> {
  const { manifest, findings: own } = await readManifest(dataset);
  const findings = manifest === null ? own : [...own, ...(await dataFindings(dataset, manifest, false))];
  if (manifest === null || findings.length > 0) {
    throw new Damaged(`${dataset} cannot be read as a Lance dataset: ${why(findings)}.`);
  }
  const { digest, rows } = await readByPlugIn(lanceLibrary(), path.resolve(dataset));
  return { schema: manifest.fields, digest, rows };
}

const READ: Readonly<{ [format in NamedFormat]: (file: string) => Promise<Contents> }> = {
  parquet: parquetContents,
  arrow: arrowContents,
  lance: lanceContents,
};

/** Throws `Damaged` for a file that is not what its first or last bytes say. */
export async function contentsOf(file: string): Promise<FileContents> {
  const format = await formatOf(file);
  if (format === null) {
    throw new Damaged(
      `${file} is of no known format: expected the first or last bytes of a Parquet or Arrow file, or a Lance dataset.`,
    );
  }
  try {
    return { format, ...(await READ[format](file)) };
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Damaged(`${file} cannot be read in full: ${messageOf(error)}`);
  }
}
