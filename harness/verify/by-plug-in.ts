/** A format that only its writer's own library reads: the optional reader of writeproof.h, in this process. */

import { addon } from '../native.js';
import type { Field } from '../types.js';
import type { Reading } from './reading.js';

/** `PlugInReading` of native/engine/reader: what the library streamed, and how it declares it. */
export interface PlugInReading extends Reading {
  readonly schema: readonly Field[];
  readonly metadata: Readonly<{ [key: string]: string }>;
}

/** Reads and digests what `library` streams of `target`; `firstRow` is its first row's index in the table. Rejects with a sentence. */
export async function readByPlugIn(library: string, target: string, firstRow = 0): Promise<PlugInReading> {
  const job = { library, target, firstRow };
  return JSON.parse(await addon().digestByPlugIn(JSON.stringify(job))) as PlugInReading;
}
