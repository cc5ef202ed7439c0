/**
 * Arrow IPC by apache-arrow in JavaScript, message by message: two of them are held whole, and no file. Only its decoding of messages is used; what
 * its values would be is not asked (it reads Decimal256 and timestamps wrong): their buffers are digested natively.
 */

import { open, type FileHandle } from 'node:fs/promises';
import { messageOf } from '../misuse.js';
import { addon, type MessageBody } from '../native.js';
import type { Digest } from '../types.js';
import { aligned, buffersOf, Scratch } from './arrow-buffers.js';
import type { ArrowLayout } from './arrow-layout.js';
import { decodeMessage, PREFIX_BYTES, type Batch, type Content, type Place } from './arrow-message.js';
import { readWhole } from './read-whole.js';
import type { Reading } from './reading.js';

export const APACHE_ARROW = 'apache-arrow';

interface Loaded {
  readonly content: Content;
  readonly body: Uint8Array;
}

/** Reads a whole message so that its body is aligned in memory. */
async function load(file: FileHandle, place: Place, scratch: Scratch): Promise<Loaded> {
  const { offset, metadataBytes, bodyBytes } = place;
  const padding = aligned(metadataBytes) - metadataBytes;
  const bytes = metadataBytes + bodyBytes;
  const memory = scratch.ofBytes(padding + bytes).subarray(padding);
  const read = await readWhole(file, memory.subarray(0, bytes), offset);
  if (read < bytes) throw new Error(`the file ends at byte ${offset + read}: expected ${offset + bytes}`);
  const message = decodeMessage(memory.subarray(PREFIX_BYTES, metadataBytes));
  if (message.bodyBytes !== bodyBytes) {
    throw new Error(`a body of ${message.bodyBytes} bytes: expected ${bodyBytes}`);
  }
  return { content: message.content, body: memory.subarray(metadataBytes) };
}

const bodyOf = (batch: Batch, body: Uint8Array, scratch: Scratch): MessageBody => {
  const { rows: length, nodes, variadic } = batch;
  return { length, nodes, variadic, buffers: buffersOf(body, batch, scratch) };
};

/** Reads a file from its first to its last message; `firstRow` is its first row's index in the table. Rejects when it cannot be read. */
export async function readByApacheArrow(path: string, layout: ArrowLayout, firstRow = 0): Promise<Reading> {
  const started = process.hrtime.bigint();
  const { schema, messages } = layout;
  const digester = new (addon().ArrowDigester)(JSON.stringify(schema.fields), [...schema.dictionaryIds], firstRow);
  const file = await open(path, 'r');
  // The next message is read while one is digested.
  const memory = [new Scratch(), new Scratch()] as const;
  const decompressed = new Scratch();
  const start = async (index: number): Promise<Loaded | null> => {
    const place = messages[index];
    return place === undefined ? null : load(file, place, memory[index % 2 === 0 ? 0 : 1]);
  };
  let next = start(0);
  try {
    for (let index = 0; index < messages.length; index += 1) {
      try {
        const loaded = await next;
        next = start(index + 1);
        // A failure of the message after this one is reported in its turn.
        next.catch(() => null);
        if (loaded === null || loaded.content.kind === 'schema') throw new Error('expected a dictionary or a batch');
        const { content, body } = loaded;
        const given = bodyOf(content.batch, body, decompressed);
        if (content.kind === 'batch') digester.batch(given);
        else digester.dictionary(content.id, content.isDelta, given);
      } catch (error) {
        throw new Error(`message ${index} at byte ${messages[index]?.offset ?? 0}: ${messageOf(error)}`, {
          cause: error,
        });
      }
    }
    const digest = JSON.parse(digester.finish()) as Digest;
    return { rows: digest.rows, digest, ns: Number(process.hrtime.bigint() - started) };
  } finally {
    await next.catch(() => null);
    await file.close();
  }
}
