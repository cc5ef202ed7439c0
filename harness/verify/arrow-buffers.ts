/** The buffers of a message's body, decompressed where they are compressed. */

import { CompressionType } from 'apache-arrow/fb/compression-type';
import type { Batch, Region } from './arrow-message.js';
import { decodeLz4Frame } from './lz4.js';
import { decodeZstd } from './zstd.js';

/** In front of a compressed buffer: its length when it is not, or −1 where it was left as it is. */
const LENGTH_BYTES = 8;
const LEFT_AS_IT_IS = -1;
/** Arrays of 128-bit values are read in place only at multiples of 16; Arrow recommends 64. */
const ALIGNMENT = 64;

export const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Memory that is used again for the next message. */
export class Scratch {
  #memory = new Uint8Array(0);

  /** At least so many bytes, aligned, with whatever is in them. */
  ofBytes(bytes: number): Uint8Array {
    if (this.#memory.length < bytes) this.#memory = new Uint8Array(new ArrayBuffer(aligned(bytes)));
    return this.#memory.subarray(0, bytes);
  }
}

interface Codec {
  /** Returns how many bytes came; throws where they have no room. */
  readonly decompress: (from: Uint8Array, into: Uint8Array) => number;
  /** Bytes that one byte can stand for at most: a damaged length must not ask for all memory. */
  readonly mostPerByte: number;
}

const CODECS: Readonly<{ [codec in CompressionType]: Codec }> = {
  [CompressionType.LZ4_FRAME]: { decompress: decodeLz4Frame, mostPerByte: 255 },
  // A block of 128 KiB in four bytes.
  [CompressionType.ZSTD]: { decompress: decodeZstd, mostPerByte: 32_768 },
};

function partOf(body: Uint8Array, { offset, length }: Region, index: number): Uint8Array {
  if (offset < 0 || length < 0 || offset + length > body.length) {
    throw new Error(`buffer ${index} is bytes ${offset} to ${offset + length} of a body of ${body.length}`);
  }
  return body.subarray(offset, offset + length);
}

/** Of a compressed buffer: its length when it is not, −1 where it was left as it is, 0 where there is none. */
function plainLength(part: Uint8Array, index: number, { mostPerByte }: Codec): number {
  if (part.length === 0) return 0;
  if (part.length < LENGTH_BYTES) {
    throw new Error(`compressed buffer ${index} has ${part.length} bytes: expected at least ${LENGTH_BYTES}`);
  }
  const length = Number(new DataView(part.buffer, part.byteOffset, LENGTH_BYTES).getBigInt64(0, true));
  const most = (part.length - LENGTH_BYTES) * mostPerByte;
  if (length < LEFT_AS_IT_IS || length > most) {
    throw new Error(
      `buffer ${index} of ${part.length} compressed bytes is to have ${length}: expected at most ${most}`,
    );
  }
  return length;
}

function decompressed(body: Uint8Array, { regions }: Batch, codec: Codec, scratch: Scratch): Uint8Array[] {
  const parts = regions.map((region, index) => partOf(body, region, index));
  const lengths = parts.map((part, index) => plainLength(part, index, codec));
  const memory = scratch.ofBytes(lengths.reduce((sum, length) => sum + aligned(Math.max(0, length)), 0));
  let start = 0;
  return parts.map((part, index) => {
    const length = lengths[index] ?? 0;
    const data = part.subarray(LENGTH_BYTES);
    if (length === LEFT_AS_IT_IS) return data;
    const into = memory.subarray(start, start + length);
    start += aligned(length);
    if (length === 0) return into;
    const actual = codec.decompress(data, into);
    if (actual !== length) throw new Error(`buffer ${index} decompresses to ${actual} bytes: expected ${length}`);
    return into;
  });
}

/** Views into the body, or into `scratch` until that is used again. Throws a sentence. */
export function buffersOf(body: Uint8Array, batch: Batch, scratch: Scratch): Uint8Array[] {
  const { compression, regions } = batch;
  if (compression === null) return regions.map((region, index) => partOf(body, region, index));
  return decompressed(body, batch, CODECS[compression], scratch);
}
