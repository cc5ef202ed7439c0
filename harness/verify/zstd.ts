/** Zstandard by fzstd, with the bytes counted that came: its `decompress` hands the memory back whole, however much of it was filled. */

import { Decompress } from 'fzstd';

/** zstd itself refuses a larger window unless it is told not to: a damaged header must not ask for all memory. */
const LARGEST_WINDOW = 2 ** 27;

/** Bytes that a frame's header (RFC 8878) makes a decoder keep, where they are more than what it is to hold. */
function checkWindow(frame: Uint8Array, length: number): void {
  const [descriptor = 0, exponents = 0] = frame.subarray(4, 6);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  // Then the window is the content, whose length is said behind the id of a dictionary.
  const start = 5 + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  const bytes = 1 << (descriptor >> 6);
  const size = frame.subarray(start, start + bytes).reduceRight((sum, byte) => sum * 256 + byte, 0);
  const base = 2 ** (10 + (exponents >> 3));
  const window = isSingleSegment ? size + (bytes === 2 ? 256 : 0) : base + (base / 8) * (exponents & 7);
  if (isSingleSegment ? window > length : window > LARGEST_WINDOW) {
    throw new Error(`a zstd frame with a window of ${window} bytes for ${length}`);
  }
}

/** Fills `into` with what the frames hold; returns how many bytes that were. Throws where they hold more, or are cut. */
export function decodeZstd(frames: Uint8Array, into: Uint8Array): number {
  checkWindow(frames, into.length);
  let at = 0;
  const decoder = new Decompress((chunk) => {
    if (chunk.length > into.length - at) throw new Error(`zstd frames hold more than ${into.length} bytes`);
    into.set(chunk, at);
    at += chunk.length;
  });
  decoder.push(frames, true);
  return at;
}
