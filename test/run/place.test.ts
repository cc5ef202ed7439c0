/** Files must be new, their own, and in the directory that was made. */

import assert from 'node:assert/strict';
import { linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { lookAt, rememberDirectory } from '../../harness/run/stamps.js';

const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-place-'));
after(() => {
  rmSync(folder, { recursive: true });
});

/** What is found after `write` did something in, or to, a directory that was just made. */
async function found(name: string, write: (directory: string) => void): Promise<readonly string[]> {
  const directory = path.join(folder, name);
  mkdirSync(directory);
  const made = await rememberDirectory(directory);
  write(directory);
  const { findings } = await lookAt(made, path.join(directory, 'a.parquet'));
  return findings.map(({ detector, what }) => `${detector} ${what}`);
}

test('a new file in the directory is in its place', async () => {
  assert.deepEqual(
    await found('new', (directory) => {
      writeFileSync(path.join(directory, 'a.parquet'), 'PAR1');
    }),
    [],
  );
});

test('an older file that is linked or moved in is not new', async () => {
  const old = path.join(folder, 'old');
  const other = path.join(folder, 'other');
  writeFileSync(old, 'PAR1');
  writeFileSync(other, 'PAR1');
  await sleep(100);
  const linked = await found('linked', (directory) => {
    linkSync(old, path.join(directory, 'a.parquet'));
  });
  assert.deepEqual(linked, ['Z hard links to a.parquet', 'Z birth of a.parquet']);
  const moved = await found('moved', (directory) => {
    renameSync(other, path.join(directory, 'a.parquet'));
  });
  assert.deepEqual(moved, ['Z birth of a.parquet']);
});

test('a directory that was put in the place of the one made is seen', async () => {
  const swapped = await found('swapped', (directory) => {
    renameSync(directory, `${directory}.away`);
    mkdirSync(directory);
  });
  assert.deepEqual(swapped, ['Z directory of the target']);
  const parent = path.join(folder, 'parent');
  mkdirSync(parent);
  const through = await found('parent/case', () => {
    renameSync(parent, `${parent}.away`);
    symlinkSync(`${parent}.away`, parent);
  });
  assert.deepEqual(through, ['Z directory of the target']);
});

test('a directory that has gone, and a file that no name reaches, are findings and no errors', async () => {
  const gone = await found('gone', (directory) => {
    rmSync(directory, { recursive: true });
  });
  const nameless = await found('nameless', (directory) => {
    writeFileSync(Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0xff])]), 'PAR1');
  });
  const finding = 'Z looking at the directory of the target';
  assert.deepEqual([gone, nameless], [[finding], [finding]]);
});
