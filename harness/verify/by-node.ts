/** Raw bytes by Node's own reading of files: blocks of 4096 bytes are rows of one column, digested natively. No file is held whole. */

import { open } from 'node:fs/promises';
import { addon } from '../native.js';
import type { Digest, Field } from '../types.js';
import type { Reading } from './reading.js';

export const NODE_FS = 'node:fs';

const BLOCK_BYTES = 4096;
const PIECE_BLOCKS = 2048;

/** Where blocks end, of as many bytes. */
function offsetsOf(bytes: number): Int32Array {
  const blocks = Math.ceil(bytes / BLOCK_BYTES);
  return Int32Array.from({ length: blocks + 1 }, (_, block) => Math.min(block * BLOCK_BYTES, bytes));
}

/** Reads a file from its first to its last byte; `firstRow` is the index in the table of its first block. */
export async function readByNode(path: string, schema: readonly Field[], firstRow = 0): Promise<Reading> {
  const started = process.hrtime.bigint();
  const digester = new (addon().ColumnDigester)(JSON.stringify(schema), firstRow);
  const pieces = [0, 1].map(() => Buffer.alloc(PIECE_BLOCKS * BLOCK_BYTES));
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const load = async (piece: Buffer, from: number): Promise<Buffer> => {
      const length = Math.min(piece.length, size - from);
      let read = 0;
      while (read < length) {
        const { bytesRead } = await file.read(piece, read, length - read, from + read);
        if (bytesRead === 0) throw new Error(`the file ends at byte ${from + read}: expected ${size}`);
        read += bytesRead;
      }
      return piece.subarray(0, length);
    };
    const [one = Buffer.alloc(0), other = Buffer.alloc(0)] = pieces;
    // The next piece is read while one is digested.
    let [loading, spare] = [load(one, 0), other];
    for (let from = 0; from < size; from += one.length) {
      const piece = await loading;
      const next = from + one.length;
      if (next < size) {
        loading = load(spare, next);
        spare = spare === one ? other : one;
      }
      digester.push([{ bytes: piece, offsets: offsetsOf(piece.length) }]);
    }
    const digest = JSON.parse(digester.finish()) as Digest;
    return { rows: digest.rows, digest, ns: Number(process.hrtime.bigint() - started) };
  } finally {
    await file.close();
  }
}
