/** `scripted-loop.js BYTES SEED TARGET`: makes 8 MiB, writes 8 MiB, and so on, as a script does that has one native call for each. */

import { closeSync, constants, fsyncSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { addon } from '../../../harness/native.js';

const BUFFER_BYTES = 8 * 2 ** 20;
const BLOCK_BYTES = 4096;

const [size, seed] = process.argv.slice(2, 4).map(Number);
const target = process.argv[4];
if (size === undefined || seed === undefined || target === undefined) throw new Error('usage: BYTES SEED TARGET');

const native = addon();
const memory = new Uint8Array(BUFFER_BYTES + BLOCK_BYTES);
const buffer = memory.subarray(native.bytesToPage(memory)).subarray(0, BUFFER_BYTES);
const file = openSync(target, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_DIRECT);
for (let offset = 0; offset < size; offset += BUFFER_BYTES) {
  const length = Math.min(BUFFER_BYTES, size - offset);
  native.fillRaw(buffer.subarray(0, length), offset, seed, size);
  // O_DIRECT writes whole blocks; what is too much is cut off below.
  const whole = Math.ceil(length / BLOCK_BYTES) * BLOCK_BYTES;
  for (let done = 0; done < whole;) done += writeSync(file, buffer, done, whole - done, offset + done);
}
ftruncateSync(file, size);
fsyncSync(file);
closeSync(file);
