import type { FileHandle } from 'node:fs/promises';

/** Node ends the process over a read of 2 GiB or more. */
const TURN_BYTES = 2 ** 30;

/** Fills `into` from `position` on, however many reads that takes; returns how many bytes came before the file's end. */
export async function readWhole(
  file: Pick<FileHandle, 'read'>,
  into: Uint8Array,
  position: number,
  turnBytes = TURN_BYTES,
): Promise<number> {
  let filled = 0;
  while (filled < into.length) {
    const length = Math.min(turnBytes, into.length - filled);
    const { bytesRead } = await file.read(into, filled, length, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

/** The bytes there; fewer where the file ends before. */
export async function bytesAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, await readWhole(file, buffer, position));
}
