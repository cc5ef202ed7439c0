/** Reading by apache-arrow takes the memory of a few batches, whatever the size of the file. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { GROUP_ROWS } from './fixture.js';
import { arrowBytes } from './arrow-fixture.js';

const folder = mkdtempSync(path.join(tmpdir(), 'writeproof-memory-'));
after(() => {
  rmSync(folder, { recursive: true });
});

const MIB = 1 << 20;
/** Two batches, and what Node does with their references until it collects them. */
const ALLOWED_BYTES = 64 * MIB;

/** A stream of the fixture's first batch so many times. */
function write(times: number): string {
  const [none, one] = [
    arrowBytes({ kind: 'stream', without: [0, 1, 2] }),
    arrowBytes({ kind: 'stream', without: [1, 2] }),
  ];
  const end = none.subarray(none.length - 8);
  const batch = one.subarray(none.length - 8, one.length - 8);
  const file = path.join(folder, `${times}.arrow`);
  const descriptor = openSync(file, 'w');
  writeSync(descriptor, none.subarray(0, none.length - 8));
  for (let index = 0; index < times; index += 1) writeSync(descriptor, batch);
  writeSync(descriptor, end);
  closeSync(descriptor);
  return file;
}

/** Rows read, and the peak of a process of its own: a child's ru_maxrss would be its parent's. */
function readInProcess(file: string): { readonly rows: number; readonly peakBytes: number } {
  const script = `
    import { readFileSync } from 'node:fs';
    import { readLayout } from ${JSON.stringify(new URL('../../harness/verify/arrow-layout.js', import.meta.url))};
    import { readByApacheArrow } from ${JSON.stringify(new URL('../../harness/verify/by-apache-arrow.js', import.meta.url))};
    const { layout } = await readLayout(${JSON.stringify(file)});
    const { rows } = await readByApacheArrow(${JSON.stringify(file)}, layout);
    const peak = /VmHWM:\\s+(\\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1];
    console.log(JSON.stringify({ rows, peakBytes: Number(peak) * 1024 }));`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout) as { rows: number; peakBytes: number };
}

test('a file ten times as large takes no more memory', () => {
  const [small, large] = [write(20), write(200)];
  const [one, ten] = [readInProcess(small), readInProcess(large)];
  assert.deepEqual([one.rows, ten.rows], [20 * GROUP_ROWS, 200 * GROUP_ROWS]);
  assert.ok(statSync(large).size > 3 * ALLOWED_BYTES, 'the file is larger than what it may take');
  assert.ok(ten.peakBytes - one.peakBytes < ALLOWED_BYTES, `${one.peakBytes} and ${ten.peakBytes} bytes`);
});
