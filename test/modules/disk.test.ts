/** A file takes what it is given in as many calls as that needs. */

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { firstBytes, TargetFile } from '../../suites/writers/modules/disk.js';

const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-disk-'));
after(() => {
  rmSync(folder, { recursive: true });
});

test('no call writes more than a turn, and every byte is written', () => {
  const chunks = [5, 0, 1, 9, 4].map((length, index) => new Uint8Array(length).fill(index + 1));
  const lengths = firstBytes(chunks, 8).map(({ length }) => length);
  assert.deepEqual(lengths, [5, 0, 1, 2]);
  const target = path.join(folder, 'chunks');
  const file = new TargetFile(target);
  file.write(chunks, 4);
  file.close();
  assert.deepEqual([...readFileSync(target)], [...Buffer.concat(chunks)]);
});
