/** A format that only its writer's own library reads: the optional reader of writeproof.h, in this process. */

import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { messageOf } from '../misuse.js';
import { addon } from '../native.js';
import type { Field } from '../types.js';
import type { Reading } from './reading.js';

/** `PlugInReading` of native/engine/reader: what the library streamed, and how it declares it. */
export interface PlugInReading extends Reading {
  readonly schema: readonly Field[];
  readonly metadata: Readonly<{ [key: string]: string }>;
}

/** Its sentences name files within the target, and not where that lies. */
async function withoutFolder(message: string, target: string): Promise<string> {
  const real = await realpath(target).catch(() => target);
  return message.replaceAll(real, path.basename(target)).replaceAll(target, path.basename(target));
}

/** Reads and digests what `library` streams of `target`; `firstRow` is its first row's index in the table. Rejects with a sentence. */
export async function readByPlugIn(library: string, target: string, firstRow = 0): Promise<PlugInReading> {
  try {
    return JSON.parse(await addon().digestByPlugIn(JSON.stringify({ library, target, firstRow }))) as PlugInReading;
  } catch (error) {
    throw new Error(await withoutFolder(messageOf(error), target), { cause: error });
  }
}
