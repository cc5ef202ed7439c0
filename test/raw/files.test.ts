/** `writeFile` and `readAndValidate` as a program calls them. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { addon } from '../../harness/native.js';
import { readAndValidate, writeFile } from '../../harness/raw/files.js';
import { RawFailure } from '../../harness/raw/long-call.js';
import { isRight } from '../../harness/raw/types.js';
import { folderForDirect, freshFolder } from '../fixtures.js';

const SIZE = 5_000_003;
const SEED = 7;
const MIB = 2 ** 20;

function expectedBytes(): Buffer {
  const bytes = Buffer.alloc(SIZE);
  addon().fillRaw(bytes, 0, SEED, SIZE);
  return bytes;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

test('what is written is what belongs there, past the page cache where there is a disk', async () => {
  const { folder, noDirect } = await folderForDirect();
  const file = path.join(folder, 'x.bin');
  const written = await writeFile(file, { size: SIZE, seed: SEED, direct: noDirect === null, bufferSize: MIB });
  assert.equal(sha256(readFileSync(file)), sha256(expectedBytes()));
  assert.equal(written.bytes, SIZE);
  assert.equal(written.mode === 'buffered', noDirect !== null);
  assert.ok(written.durableNs >= written.returnNs && written.returnNs > 0);
  assert.ok(written.rss !== null && written.rss.growthBytes <= (8 + 16) * MIB, JSON.stringify(written.rss));
  const validation = await readAndValidate(file);
  assert.ok(isRight(validation) && validation.byItsOwnWord, JSON.stringify(validation));
  assert.deepEqual(validation.expected, { size: SIZE, seed: SEED, dedupRatio: 1, compressRatio: 1 });
  assert.deepEqual(readdirSync(folder), ['x.bin']);
});

test('progress comes at most ten times a second, rises, and ends at the size or below', async () => {
  const file = path.join(freshFolder(), 'x.bin');
  const seen: { readonly at: number; readonly bytes: number }[] = [];
  const started = performance.now();
  await writeFile(
    file,
    { size: 512 * MIB, seed: 1, direct: false, threads: 1 },
    { onProgress: (bytes) => seen.push({ at: performance.now(), bytes }) },
  );
  const seconds = (performance.now() - started) / 1000;
  const rising = seen.map(({ bytes }) => bytes);
  assert.ok(seen.length >= 1 && seen.length <= 10 * seconds + 1, `${seen.length} in ${seconds} s`);
  assert.deepEqual(
    rising,
    [...new Set(rising)].sort((one, other) => one - other),
  );
  assert.ok((rising.at(-1) ?? Infinity) <= 512 * MIB);
});

test('an abort ends it and leaves nothing; or what was written, where that is asked for', async () => {
  for (const keepPartial of [false, true]) {
    const folder = freshFolder();
    const file = path.join(folder, 'x.bin');
    const controller = new AbortController();
    const onProgress = (): void => {
      controller.abort(new Error('enough'));
    };
    const writing = writeFile(
      file,
      { size: 2 ** 40, seed: SEED, direct: false, preallocate: false, threads: 1, keepPartial },
      { signal: controller.signal, onProgress },
    );
    await assert.rejects(writing, /enough/);
    assert.deepEqual(readdirSync(folder), keepPartial ? ['x.bin'] : []);
    if (!keepPartial) continue;
    const partial = await readAndValidate(file, { direct: false });
    assert.ok(!isRight(partial) && partial.badBlocks === 0 && partial.size > 0 && partial.size < 2 ** 40);
  }
});

test('an abort beforehand starts nothing', async () => {
  const file = path.join(freshFolder(), 'x.bin');
  await assert.rejects(writeFile(file, { size: SIZE, seed: 1 }, { signal: AbortSignal.abort(new Error('no')) }), /no/);
  assert.ok(!existsSync(file));
});

test('a failure is a sentence with its kind', async () => {
  const folder = freshFolder();
  const file = path.join(folder, 'x.bin');
  writeFileSync(file, 'somebody else’s');
  const failure = await writeFile(file, { size: SIZE, seed: 1, direct: false }).catch((error: unknown) => error);
  assert.ok(failure instanceof RawFailure);
  assert.equal(failure.kind, 'misuse');
  assert.match(failure.message, /x\.bin exists; choose another path, or ask to overwrite it/);
  const missing = await readAndValidate(path.join(folder, 'none')).catch((error: unknown) => error);
  assert.ok(missing instanceof RawFailure);
  assert.deepEqual([missing.kind, missing.errno], ['system', 2]);
});

test('a disk that is too small is known before anything is written', async () => {
  const folder = freshFolder();
  const failure = await writeFile(path.join(folder, 'x.bin'), { size: 2 ** 50, seed: 1, direct: false }).catch(
    (error: unknown) => error,
  );
  assert.ok(failure instanceof RawFailure);
  assert.match(failure.message, /x\.bin: preallocate failed at byte \d+: (No space left on device|File too large)/);
  assert.deepEqual(readdirSync(folder), []);
});

test('what is wrong is returned: a flipped bit, a truncated file', async () => {
  const file = path.join(freshFolder(), 'x.bin');
  await writeFile(file, { size: SIZE, seed: SEED, direct: false });
  const bytes = expectedBytes();
  bytes.writeUInt8(bytes.readUInt8(1_000_000) ^ 1, 1_000_000);
  writeFileSync(file, bytes);
  const flipped = await readAndValidate(file);
  assert.ok(!isRight(flipped));
  assert.deepEqual([flipped.badBlocks, flipped.badExtents], [1, 1]);
  const [extent] = flipped.extents;
  assert.deepEqual([extent?.kind, extent?.offset, extent?.first.offset], ['bits', 999_424, 1_000_000]);
  truncateSync(file, 999_424);
  const short = await readAndValidate(file);
  assert.deepEqual([isRight(short), short.size, short.expected.size, short.badBlocks], [false, 999_424, SIZE, 0]);
});
