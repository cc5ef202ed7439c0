/** Decompression of Parquet pages that counts what came: hyparquet's own codecs hand back memory of the announced length, filled or not. */

import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import type { Compressors } from 'hyparquet';
import { decompressLz4Raw } from 'hyparquet-compressors';
import { blockBytes, hadoopBlocks } from './lz4.js';
import { decodeZstd } from './zstd.js';

/** Throws where another number of bytes came than the page's header announces. */
function checked(codec: string, bytes: number, announced: number): void {
  if (bytes !== announced) {
    throw new Error(`a page decompresses by ${codec} to ${bytes} bytes: its header announces ${announced}`);
  }
}

type Decode = NonNullable<Compressors['ZSTD']>;

/** By zlib, which ends as soon as more comes than was announced. */
const byZlib =
  (codec: string, decode: (page: Uint8Array, limits: { readonly maxOutputLength: number }) => Uint8Array): Decode =>
  (page, length) => {
    const out = decode(page, { maxOutputLength: Math.max(1, length) });
    checked(codec, out.length, length);
    return out;
  };

function lz4Block(block: Uint8Array, length: number): Uint8Array {
  checked('LZ4', blockBytes(block), length);
  return decompressLz4Raw(block, length);
}

/** Older writers set a framing of Hadoop's around blocks, or leave it out. */
function lz4Page(page: Uint8Array, length: number): Uint8Array {
  const blocks = hadoopBlocks(page);
  if (blocks === null) return lz4Block(page, length);
  const parts = blocks.map((block) => decompressLz4Raw(block, blockBytes(block)));
  const out = Buffer.concat(parts);
  checked('LZ4', out.length, length);
  return out;
}

/** hyparquet's snappy is built in, and compares. */
export const PAGE_CODECS: Compressors = {
  GZIP: byZlib('GZIP', gunzipSync),
  BROTLI: byZlib('BROTLI', brotliDecompressSync),
  LZ4: lz4Page,
  LZ4_RAW: lz4Block,
  ZSTD: (page, length) => {
    const out = new Uint8Array(length);
    checked('ZSTD', decodeZstd(page, out), length);
    return out;
  },
};
