/** Messages of Arrow IPC: what stands in front of their bodies. Decoded by the code that apache-arrow generates from Arrow's own definitions. */

import type { FileHandle } from 'node:fs/promises';
import { ByteBuffer } from 'flatbuffers';
import type { CompressionType } from 'apache-arrow/fb/compression-type';
import { DictionaryBatch } from 'apache-arrow/fb/dictionary-batch';
import { Message } from 'apache-arrow/fb/message';
import { MessageHeader } from 'apache-arrow/fb/message-header';
import { MetadataVersion } from 'apache-arrow/fb/metadata-version';
import { RecordBatch } from 'apache-arrow/fb/record-batch';
import { Schema } from 'apache-arrow/fb/schema';
import { CONTINUATION, schemaOf, type ArrowSchema } from './arrow-schema.js';
import { bytesAt } from './read-whole.js';

/** Where a message lies: its metadata with the eight bytes in front, and its body. */
export interface Place {
  readonly offset: number;
  readonly metadataBytes: number;
  readonly bodyBytes: number;
}

export interface Region {
  readonly offset: number;
  readonly length: number;
}

/** What a message says of the arrays in its body. */
export interface Batch {
  readonly rows: number;
  /** Length and null count of each array of the flattened schema, one after the other. */
  readonly nodes: readonly number[];
  readonly regions: readonly Region[];
  readonly variadic: readonly number[];
  readonly compression: CompressionType | null;
}

export type Content =
  | { readonly kind: 'schema'; readonly schema: ArrowSchema }
  | { readonly kind: 'batch'; readonly batch: Batch }
  | { readonly kind: 'dictionary'; readonly id: number; readonly isDelta: boolean; readonly batch: Batch };

export interface ArrowMessage {
  readonly bodyBytes: number;
  readonly content: Content;
}

/** Bytes in front of a message's metadata: the continuation marker and the length. */
export const PREFIX_BYTES = 8;
/** Of a stream that ends where a message ends. */
export const NO_END = 'no end-of-stream marker before byte';
/** Of a node, and of a buffer's place, in a message. */
const STRUCT_BYTES = 16;

function numberOf(value: bigint | null, what: string): number {
  const number = Number(value ?? 0n);
  if (!Number.isSafeInteger(number)) throw new Error(`${what} is ${String(value)}: expected an integer below 2^53`);
  return number;
}

/** A damaged count must not make anybody go through millions of entries that are not there. */
function checkCount(what: string, count: number, bytes: number, room: number): void {
  if (count * bytes > room) throw new Error(`${count} ${what} in a message of ${room} bytes`);
}

function batchOf(batch: RecordBatch, room: number): Batch {
  checkCount('arrays', batch.nodesLength(), STRUCT_BYTES, room);
  checkCount('buffers', batch.buffersLength(), STRUCT_BYTES, room);
  checkCount('counts of view buffers', batch.variadicBufferCountsLength(), 8, room);
  const nodes: number[] = [];
  for (let index = 0; index < batch.nodesLength(); index += 1) {
    const node = batch.nodes(index);
    nodes.push(numberOf(node?.length() ?? null, 'length of an array'));
    nodes.push(numberOf(node?.nullCount() ?? null, 'null count of an array'));
  }
  return {
    rows: numberOf(batch.length(), 'number of rows'),
    nodes,
    regions: Array.from({ length: batch.buffersLength() }, (_, index) => {
      const buffer = batch.buffers(index);
      const offset = numberOf(buffer?.offset() ?? null, 'offset of a buffer');
      return { offset, length: numberOf(buffer?.length() ?? null, 'length of a buffer') };
    }),
    variadic: Array.from({ length: batch.variadicBufferCountsLength() }, (_, index) =>
      numberOf(batch.variadicBufferCounts(index), 'number of view buffers'),
    ),
    compression: batch.compression()?.codec() ?? null,
  };
}

/** The generated accessors hand back the object that they are given, filled, or null. */
function headerOf<T>(message: Message, into: T): T {
  const header = message.header(into) as T | null;
  if (header === null) throw new Error('a message without a header');
  return header;
}

function contentOf(message: Message, room: number): Content {
  const type = message.headerType();
  if (type === MessageHeader.Schema) return { kind: 'schema', schema: schemaOf(headerOf(message, new Schema())) };
  if (type === MessageHeader.RecordBatch) {
    return { kind: 'batch', batch: batchOf(headerOf(message, new RecordBatch()), room) };
  }
  if (type !== MessageHeader.DictionaryBatch) {
    throw new Error(`a message of type ${type}: expected a schema, a dictionary or a batch`);
  }
  const dictionary = headerOf(message, new DictionaryBatch());
  const data = dictionary.data();
  if (data === null) throw new Error('a dictionary without values');
  return {
    kind: 'dictionary',
    id: numberOf(dictionary.id(), 'id of a dictionary'),
    isDelta: dictionary.isDelta(),
    batch: batchOf(data, room),
  };
}

/** The message of these bytes, which have no prefix any more. Throws a sentence. */
export function decodeMessage(bytes: Uint8Array): ArrowMessage {
  const message = Message.getRootAsMessage(new ByteBuffer(bytes));
  const version = message.version();
  // Before V5 unions had a validity, and other buffers another order.
  if (version !== MetadataVersion.V5) throw new Error(`metadata of version ${version + 1}: expected version 5`);
  const bodyBytes = numberOf(message.bodyLength(), 'length of a body');
  if (bodyBytes < 0) throw new Error(`a body of ${bodyBytes} bytes`);
  return { bodyBytes, content: contentOf(message, bytes.length) };
}

/** A message and its place; null at the end-of-stream marker. Throws a sentence. */
export async function messageAt(
  file: FileHandle,
  offset: number,
  end: number,
): Promise<{ readonly place: Place; readonly message: ArrowMessage } | null> {
  if (offset + PREFIX_BYTES > end) throw new Error(`${NO_END} ${end}`);
  const prefix = await bytesAt(file, offset, PREFIX_BYTES);
  const [marker, length] = [prefix.readUInt32LE(0), prefix.readInt32LE(4)];
  if (marker !== CONTINUATION) {
    throw new Error(`bytes ${prefix.subarray(0, 4).toString('hex')}: expected the continuation marker ffffffff`);
  }
  if (length === 0) return null;
  if (length < 0 || offset + PREFIX_BYTES + length > end) {
    throw new Error(`metadata of ${length} bytes: ${end - offset - PREFIX_BYTES} are left`);
  }
  const message = decodeMessage(await bytesAt(file, offset + PREFIX_BYTES, length));
  const place = { offset, metadataBytes: PREFIX_BYTES + length, bodyBytes: message.bodyBytes };
  const after = offset + place.metadataBytes + place.bodyBytes;
  if (after > end)
    throw new Error(`a body of ${message.bodyBytes} bytes: ${end - offset - place.metadataBytes} are left`);
  return { place, message };
}
