/** Reading of more bytes than one call gives. */

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { readWhole } from '../../harness/verify/read-whole.js';

const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-read-'));
after(() => {
  rmSync(folder, { recursive: true });
});

test('bytes come in turns, as many as the file has', async () => {
  const name = path.join(folder, 'bytes');
  const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index % 251);
  writeFileSync(name, bytes);
  const file = await open(name, 'r');
  try {
    const asked: number[] = [];
    const short: Parameters<typeof readWhole>[0] = {
      // Some calls give less than they were asked for.
      read: (async (into: Uint8Array, start: number, length: number, position: number) => {
        asked.push(length);
        return file.read(into, start, Math.min(length, 200), position);
      }) as unknown as typeof file.read,
    };
    const into = new Uint8Array(700);
    assert.equal(await readWhole(short, into, 100, 300), 700);
    assert.deepEqual(into, bytes.subarray(100, 800));
    assert.deepEqual(asked, [300, 300, 300, 100]);
    assert.equal(await readWhole(file, into, 900, 30), 100);
    assert.deepEqual(into.subarray(0, 100), bytes.subarray(900));
  } finally {
    await file.close();
  }
});
