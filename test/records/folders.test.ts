import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { Misuse } from '../../harness/misuse.js';
import { checkFolder, makeFolder, makeFolders } from '../../harness/run/target.js';

const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-folders-'));
after(() => {
  rmSync(folder, { recursive: true });
});

test('folders are made level by level, and are no error where they are there', async () => {
  const deep = path.join(folder, 'a', 'b', 'c');
  await makeFolders(deep);
  await makeFolders(deep);
  assert.equal(existsSync(deep), true);
});

test('where nothing can be made there is a sentence, not an endless attempt', async () => {
  await assert.rejects(
    makeFolders('/proc/x/y'),
    (error) => error instanceof Misuse && error.message.startsWith('Folder /proc/x/y cannot be made: '),
  );
  assert.throws(() => {
    checkFolder('--out', '/proc/x/y', false);
  }, /^Misuse: --out \/proc\/x\/y is not writable: /);
});

test('checking leaves nothing behind, and what was made is removed when it is empty', async () => {
  const own = path.join(folder, 'own');
  checkFolder('--target', own, false);
  assert.deepEqual(readdirSync(folder).includes('own'), false);
  const remove = await makeFolder(own);
  checkFolder('--target', own, false);
  assert.deepEqual(readdirSync(own), []);
  await remove();
  assert.equal(existsSync(own), false);
});
