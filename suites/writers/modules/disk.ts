/** A new file that is written in order; a write that took less than it was given goes on with the rest. */

import { closeSync, openSync, writevSync } from 'node:fs';

export class TargetFile {
  writeNs = 0;
  private descriptor: number | null;

  constructor(target: string) {
    this.descriptor = openSync(target, 'wx');
  }

  write(chunks: readonly Uint8Array[]): void {
    const { descriptor } = this;
    if (descriptor === null) throw new Error('the target is closed');
    const begun = process.hrtime.bigint();
    let rest = chunks.filter((chunk) => chunk.byteLength > 0);
    while (rest.length > 0) {
      let written = writevSync(descriptor, rest);
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
