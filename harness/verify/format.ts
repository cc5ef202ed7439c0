/** What a file is, by its bytes and never by its name. */

import { open } from 'node:fs/promises';
import type { Format } from '../types.js';
import { ARROW_MAGIC } from './arrow-layout.js';
import { CONTINUATION } from './arrow-schema.js';
import { bytesAt } from './arrow-message.js';
import { PARQUET_MAGIC } from './footer.js';

export type ReadableFormat = Extract<Format, 'parquet' | 'arrow'>;

/** Null where the bytes at neither end are those of a format that can be read. */
export async function formatOf(path: string): Promise<ReadableFormat | null> {
  const file = await open(path, 'r');
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
