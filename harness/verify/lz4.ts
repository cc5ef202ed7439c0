/**
 * LZ4 blocks and frames (https://github.com/lz4/lz4/tree/dev/doc), checked before anybody decodes them: the decoders read zeros
 * behind the end of a block that is cut, and count them.
 */

import { decompressBlock } from 'lz4js';

const SHORTEST_MATCH = 4;

/** A length goes on in the next byte while that is 255. */
function lengthAt(block: Uint8Array, at: number, first: number): readonly [length: number, next: number] {
  let [length, next] = [first, at];
  if (first < 15) return [length, next];
  for (;;) {
    const byte = block[next];
    if (byte === undefined) throw new Error(`an LZ4 block of ${block.length} bytes ends within a length`);
    next += 1;
    length += byte;
    if (byte < 255) return [length, next];
  }
}

/** How many bytes a block stands for, where it may copy from `before` bytes in front of them. Throws where it is cut or copies from elsewhere. */
export function blockBytes(block: Uint8Array, before = 0): number {
  let [at, bytes] = [0, 0];
  while (at < block.length) {
    const token = block[at] ?? 0;
    const [literals, start] = lengthAt(block, at + 1, token >> 4);
    at = start + literals;
    bytes += literals;
    if (at > block.length) throw new Error(`an LZ4 block of ${block.length} bytes announces ${at}`);
    // The last sequence has literals only.
    if (at === block.length) return bytes;
    if (at + 2 > block.length) throw new Error(`an LZ4 block of ${block.length} bytes ends within an offset`);
    const offset = (block[at] ?? 0) | ((block[at + 1] ?? 0) << 8);
    if (offset === 0 || offset > before + bytes) throw new Error(`an LZ4 block copies from ${offset} bytes back`);
    const [match, next] = lengthAt(block, at + 2, token & 15);
    at = next;
    bytes += match + SHORTEST_MATCH;
  }
  throw new Error('an LZ4 block ends without its last literals');
}

const MAGIC = 0x184d2204;
const IS_PLAIN = 2 ** 31;

/** What the descriptor of a frame says of its blocks. */
interface Frame {
  readonly start: number;
  /** Blocks copy from nothing in front of them. */
  readonly isApart: boolean;
  readonly checksumBytes: number;
}

function frameOf(view: DataView): Frame {
  const flags = view.getUint8(4);
  if (view.getUint32(0, true) !== MAGIC || flags >> 6 !== 1) throw new Error('an LZ4 frame of another kind');
  if ((flags & 1) !== 0) throw new Error('an LZ4 frame that needs a dictionary');
  const sizeBytes = (flags & 8) === 0 ? 0 : 8;
  return { start: 7 + sizeBytes, isApart: (flags & 0x20) !== 0, checksumBytes: (flags & 0x10) === 0 ? 0 : 4 };
}

/** Fills `into` with what the frame holds; returns how many bytes that were. Throws where it holds more, or is cut. */
export function decodeLz4Frame(from: Uint8Array, into: Uint8Array): number {
  const view = new DataView(from.buffer, from.byteOffset, from.byteLength);
  const { start, isApart, checksumBytes } = frameOf(view);
  let filled = 0;
  for (let at = start; ;) {
    const word = view.getUint32(at, true);
    if (word === 0) return filled;
    const isPlain = word >= IS_PLAIN;
    const bytes = word % IS_PLAIN;
    at += 4;
    if (at + bytes > from.length) throw new Error(`an LZ4 frame of ${from.length} bytes announces ${at + bytes}`);
    const block = from.subarray(at, at + bytes);
    const length = isPlain ? bytes : blockBytes(block, isApart ? 0 : filled);
    if (length > into.length - filled) throw new Error(`an LZ4 frame holds more than ${into.length} bytes`);
    if (isPlain) into.set(block, filled);
    else decompressBlock(block, into, 0, bytes, filled);
    filled += length;
    at += bytes + checksumBytes;
  }
}

/** The blocks of Hadoop's framing: in front of each its two lengths, decoded and encoded; null where it is none. */
export function hadoopBlocks(page: Uint8Array): readonly Uint8Array[] | null {
  const view = new DataView(page.buffer, page.byteOffset, page.byteLength);
  const blocks: Uint8Array[] = [];
  let at = 0;
  while (at + 8 < page.length) {
    const end = at + 8 + view.getUint32(at + 4);
    if (end > page.length) return null;
    blocks.push(page.subarray(at + 8, end));
    at = end;
  }
  return at === page.length ? blocks : null;
}
