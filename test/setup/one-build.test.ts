/** Checkouts that share Cargo's outputs build one after the other. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { PACKAGE_ROOT } from '../../harness/paths.js';
import { freshFolder } from '../fixtures.js';

const LOCK = pathToFileURL(path.join(PACKAGE_ROOT, 'harness', 'setup', 'lock.mjs')).href;

/** Appends `name` to the log when its work begins and ends, `milliseconds` later. */
function worker(folder: string, name: string, milliseconds: number): ReturnType<typeof spawn> {
  const source = `
    import { appendFileSync } from 'node:fs';
    import { locked } from ${JSON.stringify(LOCK)};
    locked('build.lock', () => {
      appendFileSync('log', '${name} ');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ${milliseconds});
      appendFileSync('log', '${name} ');
    });`;
  return spawn(process.execPath, ['--input-type=module', '-e', source], { cwd: folder, stdio: 'ignore' });
}

test('two builds never overlap, and the lock goes with its owner', async () => {
  const folder = freshFolder();
  const children = ['a', 'b', 'c'].map((name) => worker(folder, name, 300));
  await Promise.all(children.map(async (child) => once(child, 'exit')));
  const log = readFileSync(path.join(folder, 'log'), 'utf8');
  assert.match(log, /^(?:(\w) \1 ){3}$/);
  assert.equal(existsSync(path.join(folder, 'build.lock')), false);
});

test('the lock of a process that was killed holds nobody up', async () => {
  const folder = freshFolder();
  const killed = worker(folder, 'k', 600_000);
  while (!existsSync(path.join(folder, 'log'))) await sleep(20);
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  assert.equal(readFileSync(path.join(folder, 'build.lock'), 'utf8'), String(killed.pid));
  writeFileSync(path.join(folder, 'log'), '');
  await once(worker(folder, 'n', 1), 'exit');
  assert.equal(readFileSync(path.join(folder, 'log'), 'utf8'), 'n n ');
});
