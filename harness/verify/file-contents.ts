/** What a file or dataset holds by its own word and in full, whatever its format. */

import { realpath } from 'node:fs/promises';
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
import { readContents, type ReadingOf } from './parquet-contents.js';

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

/** `file` is its name in sentences, `at` where it lies. */
type Read = (file: string, at: string, as: ReadingOf) => Promise<Contents>;

const parquetContents: Read = async (file, at, as) => {
  const { footer, findings } = await readFooter(at);
  if (footer === null) throw new Damaged(`${file} cannot be read as Parquet: ${why(findings)}.`);
  const { schema, digest, rows } = await readContents(at, footer, as);
  return { schema, digest, rows };
};

const arrowContents: Read = async (file, at) => {
  const { layout, findings } = await readLayout(at);
  if (layout === null || findings.length > 0) throw new Damaged(`${file} cannot be read as Arrow: ${why(findings)}.`);
  const { digest, rows } = await readByApacheArrow(at, layout);
  return { schema: layout.schema.fields, digest, rows };
};

const lanceContents: Read = async (dataset, at) => {
  const { manifest, findings: own } = await readManifest(at);
  const findings = manifest === null ? own : [...own, ...(await dataFindings(at, manifest, false))];
  if (manifest === null || findings.length > 0) {
    throw new Damaged(`${dataset} cannot be read as a Lance dataset: ${why(findings)}.`);
  }
  const { digest, rows } = await readByPlugIn(lanceLibrary(), at);
  return { schema: manifest.fields, digest, rows };
};

const READ: Readonly<{ [format in NamedFormat]: Read }> = {
  parquet: parquetContents,
  arrow: arrowContents,
  lance: lanceContents,
};

/** What is read, and as what where it is a Parquet file. */
export interface ContentsJob {
  readonly file: string;
  readonly as: ReadingOf;
}

/** Throws `Damaged` for a file that is not what its first or last bytes say. A link stands for what it leads to. */
export async function contentsOf({ file, as }: ContentsJob): Promise<FileContents> {
  const format = await formatOf(file);
  if (format === null) {
    throw new Damaged(
      `${file} is of no known format: expected the first or last bytes of a Parquet or Arrow file, or a Lance dataset.`,
    );
  }
  try {
    return { format, ...(await READ[format](file, await realpath(file), as)) };
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Damaged(`${file} cannot be read in full: ${messageOf(error)}`);
  }
}
