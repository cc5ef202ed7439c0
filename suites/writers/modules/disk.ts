/** A new file that is written in order; a write that took less than it was given goes on with the rest. */

import { closeSync, openSync, writevSync } from 'node:fs';

/** Node and the kernel refuse 2 GiB in one call. */
const TURN_BYTES = 2 ** 30;

/** The first of the chunks, and a part of the last of them: so many bytes at most. */
export function firstBytes(chunks: readonly Uint8Array[], most: number): readonly Uint8Array[] {
  const first: Uint8Array[] = [];
  let room = most;
  for (const chunk of chunks) {
    if (room === 0) break;
    first.push(chunk.subarray(0, room));
    room -= Math.min(room, chunk.byteLength);
  }
  return first;
}

export class TargetFile {
  writeNs = 0;
  private descriptor: number | null;

  constructor(target: string) {
    this.descriptor = openSync(target, 'wx');
  }

  write(chunks: readonly Uint8Array[], turnBytes = TURN_BYTES): void {
    const { descriptor } = this;
    if (descriptor === null) throw new Error('the target is closed');
    const begun = process.hrtime.bigint();
    let rest = chunks.filter((chunk) => chunk.byteLength > 0);
    while (rest.length > 0) {
      let written = writevSync(descriptor, firstBytes(rest, turnBytes));
      const whole = rest.findIndex((chunk) => {
        if (chunk.byteLength > written) return true;
        written -= chunk.byteLength;
        return false;
      });
      rest = whole === -1 ? [] : rest.slice(whole);
      if (written > 0 && rest[0] !== undefined) rest[0] = rest[0].subarray(written);
    }
    this.writeNs += Number(process.hrtime.bigint() - begun);
  }

  close(): void {
    const { descriptor } = this;
    this.descriptor = null;
    if (descriptor !== null) closeSync(descriptor);
  }
}
