/** What a file is, by its bytes and never by its name; what a directory is, by what lies in it. */

import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { ARROW_MAGIC } from './arrow-layout.js';
import { CONTINUATION } from './arrow-schema.js';
import { PARQUET_MAGIC } from './footer.js';
import { VERSIONS } from './lance-manifest.js';
import { bytesAt } from './read-whole.js';
import type { Format } from '../types.js';

/** Formats that files say they are of. */
export type NamedFormat = Exclude<Format, 'raw'>;

/** Whether it is a directory with the manifests of a Lance dataset. */
export async function isDataset(target: string): Promise<boolean> {
  return stat(path.join(target, VERSIONS)).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Null where the bytes at neither end are those of a format that can be read, and for a directory that is no dataset. */
export async function formatOf(target: string): Promise<NamedFormat | null> {
  if ((await stat(target)).isDirectory()) return (await isDataset(target)) ? 'lance' : null;
  const file = await open(target, 'r');
  try {
    const { size } = await file.stat();
    const head = await bytesAt(file, 0, ARROW_MAGIC.length);
    const tail = await bytesAt(file, Math.max(0, size - ARROW_MAGIC.length), ARROW_MAGIC.length);
    const [start, end] = [head.toString('latin1'), tail.toString('latin1')];
    if (start.startsWith(PARQUET_MAGIC) || end.endsWith(PARQUET_MAGIC)) return 'parquet';
    if (start === ARROW_MAGIC || end === ARROW_MAGIC) return 'arrow';
    return head.length >= 4 && head.readUInt32LE(0) === CONTINUATION ? 'arrow' : null;
  } finally {
    await file.close();
  }
}
