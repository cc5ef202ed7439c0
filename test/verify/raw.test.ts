/** The detectors of raw bytes, each seen to fire. */

import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { RAW_SEED } from '../../harness/defaults.js';
import { stampFiles } from '../../harness/run/stamps.js';
import { writeFile } from '../../harness/raw/files.js';
import { askWorker } from '../../harness/run/worker.js';
import type { Facts, Observation } from '../../harness/types.js';
import { observe } from '../../harness/verify/observe.js';
import { freshFolder } from '../fixtures.js';

const SIZE = 1_000_003;

async function factsOf(table: string, part = { index: 1, count: 1 }): Promise<Facts> {
  return (await askWorker('facts', { table, scale: SIZE, part, threads: 1 }, { timeoutSeconds: 60 })) as Facts;
}

/** What is seen of a file of the table's bytes, once they are changed. */
async function seen(change: (bytes: Buffer) => Buffer | null, table = 'raw'): Promise<Observation> {
  const directory = freshFolder();
  const target = path.join(directory, 'raw.bin');
  await writeFile(target, { size: SIZE, seed: RAW_SEED, direct: false });
  const changed = change(readFileSync(target));
  if (changed === null) rmSync(target);
  else writeFileSync(target, changed);
  const facts = await factsOf(table);
  const files = await stampFiles(directory);
  const job = {
    directory,
    target,
    format: 'raw',
    facts,
    nonce: null,
    files,
    secondReader: false,
    dropCache: false,
  } as const;
  return observe(job);
}

const letters = ({ findings }: Observation): string =>
  [...new Set(findings.map(({ detector }) => detector))].sort().join('');

test('the bytes of the table are right by two readings', async () => {
  const observation = await seen((bytes) => bytes);
  assert.deepEqual(observation.findings, []);
  assert.deepEqual([observation.rows, observation.readers[0]?.reader], [245, 'node:fs']);
  assert.ok(observation.ran.includes('B'));
});

test('each damage fires its detectors', async () => {
  const flip = (place: number) => (bytes: Buffer) => {
    bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
    return bytes;
  };
  const swap = (bytes: Buffer): Buffer => {
    const [one, other] = [Buffer.from(bytes.subarray(4096, 8192)), Buffer.from(bytes.subarray(8192, 12_288))];
    other.copy(bytes, 4096);
    one.copy(bytes, 8192);
    return bytes;
  };
  const fired = {
    flipped: letters(await seen(flip(500_000))),
    swapped: letters(await seen(swap)),
    cut: letters(await seen((bytes) => bytes.subarray(0, 999_424))),
    padded: letters(await seen((bytes) => Buffer.concat([bytes, Buffer.alloc(1000)]))),
    empty: letters(await seen(() => Buffer.alloc(0))),
    missing: letters(await seen(() => null)),
  };
  assert.deepEqual(fired, {
    flipped: 'BCMO',
    swapped: 'BO',
    cut: 'BCMNOZ',
    padded: 'BCMOZ',
    empty: 'BCMNOZ',
    missing: 'BCFMNOZ',
  });
});

test('where and what is said of the blocks', async () => {
  const observation = await seen((bytes) => {
    bytes.fill(0, 8192, 16_384);
    return bytes;
  });
  const block = observation.findings.find(({ detector }) => detector === 'B');
  assert.match(block?.actual ?? '', /^2: bytes 8192 to 16383 hold zeros; checksum expected [0-9a-f]{16}/);
});

test('bytes of another table are not these', async () => {
  const observation = await seen((bytes) => bytes, 'pattern');
  assert.equal(letters(observation), 'CMO');
});
