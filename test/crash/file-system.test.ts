/** Failing calls and power cuts, over the file system of test/fault-fs. Skipped where none can be mounted, as doctor says. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, test } from 'node:test';
import { whyNoFaultFileSystem } from '../../harness/crash/fault-file-system.js';
import { freshFolder, start, until } from '../fixtures.js';
import { nativePath } from '../native-path.js';
import { crash, outcomesOf, partOf, wrongOf, type Crashed } from './support.js';

const WRITERS = ['parquet', 'arrow', 'apache-arrow', 'parquet-wasm'];
const why = whyNoFaultFileSystem();
const skip = why === null ? false : `no FUSE: ${why}`;

describe('failing calls', { skip }, () => {
  let crashed: Crashed;

  before(async () => {
    crashed = await crash(['--writer', WRITERS.join(','), '--part', 'calls,power', '--calls', '2']);
  });

  test('no injected failure is verified, and nothing is left of it', () => {
    assert.deepEqual(wrongOf(crashed), []);
    assert.equal(crashed.code, 0, crashed.stderr);
  });

  for (const writer of WRITERS) {
    test(`${writer} fails with the errno of the call that failed`, () => {
      const calls = partOf(crashed, 'calls', writer);
      const of = (what: string): Readonly<{ [outcome: string]: number }> =>
        outcomesOf(calls.filter((result) => result.what === what));
      assert.deepEqual(of('ENOSPC at write'), { 'failed ENOSPC': 2 });
      assert.deepEqual(of('EIO at write'), { 'failed EIO': 2 });
      assert.deepEqual(of('EIO at fsync'), { 'failed EIO': 1 });
      assert.deepEqual(of('EIO at fsyncdir'), { 'failed EIO': 1 });
      assert.deepEqual(of('short write'), { verified: 2 });
      assert.deepEqual(of('slow disk, 20 ms a write'), { verified: 1 });
    });

    test(`what ${writer} says is durable is there after a power cut, and nothing before`, () => {
      const [early, late] = partOf(crashed, 'power', writer);
      assert.deepEqual(late?.outcomes, { 'new whole': 1 });
      assert.deepEqual(early?.outcomes, { 'no dataset': 2 });
    });
  }
});

test('a writer under which fsync does nothing is caught by the power cut', { skip }, async () => {
  const library = nativePath('libwriteproof_faults.so');
  const crashed = await crash([
    '--writer',
    library,
    '--part',
    'power',
    '--calls',
    '1',
    '--option',
    'fault=fsync-skipped',
  ]);
  const [, late, ...more] = crashed.results;
  assert.equal(more.length, 0);
  assert.deepEqual(late?.outcomes, { 'no dataset': 1 });
  assert.match(late.wrong[0] ?? '', /^detector K: durable, it said, and after a power cut there is: no dataset$/);
  assert.equal(crashed.code, 4);
});

test('a command that is killed leaves no mount and no process', { skip }, async () => {
  const folder = freshFolder();
  const started = start(folder, ['crash', '--writer', 'parquet', '--part', 'power']);
  await until('a mount', () => readFileSync('/proc/mounts', 'utf8').includes(folder));
  started.signal('SIGKILL');
  await started.ended;
  await until('its end', () => !readFileSync('/proc/mounts', 'utf8').includes(folder));
  await until('the end of its processes', () => started.processes().length === 0);
  assert.deepEqual(started.processes(), []);
});
