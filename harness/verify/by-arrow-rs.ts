/** Arrow IPC by arrow-rs, natively: another implementation where JavaScript wrote. */

import { addon } from '../native.js';
import type { ArrowLayout } from './arrow-layout.js';
import type { Reading } from './reading.js';

export const ARROW_RS = 'arrow-rs';

/** Reads and digests the file on threads of its own; `firstRow` is its first row's index in the table. Rejects when arrow-rs cannot read it. */
export async function readByArrowRs(path: string, layout: ArrowLayout, firstRow = 0): Promise<Reading> {
  if (layout.outside !== null) throw new Error(`not tried, for what lies outside of the file: ${layout.outside}`);
  // `ArrowJob` and `ArrowReading` of native/engine/reader.
  const job = { path, isStream: layout.kind === 'stream', firstRow };
  return JSON.parse(await addon().digestArrowByArrowRs(JSON.stringify(job))) as Reading;
}
