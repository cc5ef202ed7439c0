/** `write-file` and `read-and-validate` as a user runs them. */

import assert from 'node:assert/strict';
import {
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Validation, WrittenFile } from '../../harness/raw/types.js';
import { writeproof, type Ended } from '../cli/command.js';
import { freshFolder } from '../fixtures.js';
import { departures } from '../records/schemas.js';

const BUFFERED = ['--direct', 'off'];
const folder = freshFolder();

const run = async (...argv: readonly string[]): Promise<Ended> => writeproof(folder, argv);

async function written(name: string, ...more: readonly string[]): Promise<string> {
  const { code, stderr } = await run('write-file', name, '--size', '3000001', '--seed', '5', ...BUFFERED, ...more);
  assert.equal(code, 0, stderr);
  return path.join(folder, name);
}

test('a file is written, read back, and only then said to be fast', async () => {
  const { code, stdout } = await run('write-file', 'whole.bin', '--size', '3MiB', '--seed', '5', ...BUFFERED);
  assert.equal(code, 0);
  assert.match(stdout, /whole\.bin: 3,145,728 bytes from seed 5; pwrite through the page cache, 8 buffers of 8\.0 MiB/);
  assert.match(stdout, /verified: whole\.bin: every one of 3,145,728 bytes made from seed 5/);
  assert.match(stdout, /B\/s to durable/);
  assert.match(stdout, /peak RSS .* grown by .*; \d+\.\d\d CPU seconds a GiB/);
  assert.equal(statSync(path.join(folder, 'whole.bin')).size, 3 * 2 ** 20);
});

test('without reading back there is no speed', async () => {
  const { code, stdout } = await run(
    'write-file',
    'unread.bin',
    '--size',
    '1MiB',
    '--seed',
    '5',
    '--no-validate',
    ...BUFFERED,
  );
  assert.equal(code, 0);
  assert.match(
    stdout,
    /not proved, so without a speed: writeproof read-and-validate unread\.bin --seed 5 --size 1048576/,
  );
  assert.doesNotMatch(stdout, /B\/s/);
});

test('several files at once, each of its own seed, as a document', async () => {
  const { code, stdout } = await run(
    'write-file',
    'a.bin',
    'b.bin',
    '--size',
    '1000001',
    '--seed',
    '8',
    '--json',
    ...BUFFERED,
  );
  assert.equal(code, 0);
  const document = JSON.parse(stdout) as {
    readonly results: readonly { readonly path: string; readonly seed: number; readonly written: WrittenFile }[];
  };
  assert.deepEqual(departures('writeproof.write-file.v1', document), []);
  const found = document.results.map(({ path: file, seed, written: one }) => [file, seed, one.bytes]);
  assert.deepEqual(found, [
    ['a.bin', 8, 1_000_001],
    ['b.bin', 9, 1_000_001],
  ]);
  assert.notDeepEqual(readFileSync(path.join(folder, 'a.bin')), readFileSync(path.join(folder, 'b.bin')));
});

test('ratios are kept and found again', async () => {
  await written('ratios.bin', '--dedup-ratio', '2', '--compress-ratio', '4');
  const { code, stdout } = await run('read-and-validate', 'ratios.bin', '--json');
  assert.equal(code, 0);
  const document = JSON.parse(stdout) as { readonly results: readonly { readonly validation: Validation }[] };
  assert.deepEqual(departures('writeproof.read-and-validate.v1', document), []);
  const expected = { seed: 5, size: 3_000_001, dedupRatio: 2, compressRatio: 4 };
  assert.deepEqual(document.results[0]?.validation.expected, expected);
});

test('damage is named with its place, exit code 4', async () => {
  const file = await written('damaged.bin');
  const byte = readFileSync(file)[2_000_000] ?? 0;
  const opened = openSync(file, 'r+');
  writeSync(opened, Buffer.from([byte ^ 8]), 0, 1, 2_000_000);
  writeSync(opened, Buffer.alloc(8192), 0, 8192, 40_960);
  const { code, stdout } = await run('read-and-validate', 'damaged.bin');
  assert.equal(code, 4);
  assert.match(
    stdout,
    /^bytes 40960 to 49151 hold zeros; checksum expected [0-9a-f]{16}, found [0-9a-f]{16}; first at byte 40960/m,
  );
  assert.match(
    stdout,
    /^bytes 1998848 to 2002943 hold the right bytes but for 1 bit; .* first at byte 2000000: expected 0x/m,
  );
  assert.match(
    stdout,
    /^corrupt: damaged\.bin: not 3,000,001 bytes made from seed 5, as its own blocks say: 3 blocks of 4096 bytes wrong/m,
  );
  assert.doesNotMatch(stdout, /verified/);
});

test('truncated and grown, exit code 4', async () => {
  const file = await written('length.bin');
  truncateSync(file, 2_999_000);
  const short = await run('read-and-validate', 'length.bin');
  assert.match(short.stdout, /^truncated: 2999000 bytes, expected 3000001: the last 1001 are missing$/m);
  truncateSync(file, 3_000_005);
  const long = await run('read-and-validate', 'length.bin');
  assert.match(long.stdout, /^grown: 3000005 bytes, expected 3000001: 4 too many$/m);
  assert.deepEqual([short.code, long.code], [4, 4]);
});

test('an older run is recognised', async () => {
  const file = await written('stale.bin');
  const { code: other } = await run('write-file', 'older.bin', '--size', '3000001', '--seed', '4', ...BUFFERED);
  assert.equal(other, 0);
  const older = readFileSync(path.join(folder, 'older.bin'));
  writeSync(openSync(file, 'r+'), older, 819_200, 65_536, 819_200);
  const { code, stdout } = await run('read-and-validate', 'stale.bin');
  assert.equal(code, 4);
  assert.match(stdout, /^bytes 819200 to 884735 hold what a run with seed 4 and 3000001 bytes wrote at byte 819200;/m);
});

test('bad input: a sentence, exit code 1, and nothing left', async () => {
  mkdirSync(path.join(folder, 'directory'));
  writeFileSync(path.join(folder, 'text.bin'), 'words '.repeat(1000));
  const before = readdirSync(folder).sort();
  const bad: readonly (readonly [argv: readonly string[], said: RegExp])[] = [
    [['write-file', 'new.bin'], /needs --size/],
    [['write-file', 'new.bin', '--size', '0'], /--size "0" is not a size/],
    [['write-file', 'new.bin', '--size', 'much'], /--size "much" is not a size/],
    [['write-file', 'new.bin', '--size', '1MiB', '--buffer-size', '5000'], /multiple of 4096 bytes, not 5000.*8192/],
    [
      ['write-file', 'new.bin', '--size', '1MiB', '--buffer-size', '1GiB', '--buffer-count', '4000'],
      /pool of 4000 buffers .* needs/,
    ],
    [
      ['write-file', 'new.bin', '--size', '1MiB', '--compress-ratio', '0.5'],
      /--compress-ratio "0.5" is not a number from 1 to 1000/,
    ],
    [['write-file', 'directory', '--size', '1MiB'], /directory is a directory; expected the path of a file/],
    [['write-file', 'text.bin', '--size', '1MiB'], /text\.bin exists; choose another path/],
    [['write-file', 'none/new.bin', '--size', '1MiB'], /none is no directory that exists/],
    [['read-and-validate', 'missing.bin'], /missing\.bin: open failed: No such file/],
    [['read-and-validate', 'directory'], /directory is no ordinary file/],
    [['read-and-validate', 'text.bin'], /does not say what it should hold/],
  ];
  for (const [argv, said] of bad) {
    const { code, stderr } = await run(...argv, ...BUFFERED);
    assert.deepEqual([code, said.test(stderr)], [1, true], `${argv.join(' ')}: ${stderr}`);
  }
  assert.deepEqual(readdirSync(folder).sort(), before);
});

test('tmpfs under O_DIRECT is refused, and nothing is written there', async (context) => {
  const memory = '/dev/shm';
  if (statSync(memory, { throwIfNoEntry: false }) === undefined) {
    context.skip('there is no /dev/shm');
    return;
  }
  const there = freshFolder(memory);
  const { code, stderr } = await writeproof(there, ['write-file', 'x.bin', '--size', '1MiB']);
  assert.equal(code, 1);
  assert.match(stderr, /no direct I\/O on this file system \(tmpfs\)/);
  assert.deepEqual(readdirSync(there), []);
});

test('help has examples', async () => {
  for (const command of ['write-file', 'read-and-validate']) {
    const { code, stdout } = await run(command, '--help');
    assert.equal(code, 0);
    assert.match(stdout, new RegExp(`\\$ writeproof ${command} `));
  }
});
