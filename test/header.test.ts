/** native/include/writeproof.h stands on its own in C and C++, agrees with the Rust crate, and can be implemented in plain C. */

import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import {
  buildProgram,
  buildWriter,
  compile,
  freshDirectory,
  headerDirectory,
  LANGUAGES,
  type Language,
} from './writers/build.js';

const languages = Object.keys(LANGUAGES) as Language[];
const header = readFileSync(join(headerDirectory, 'writeproof.h'), 'utf8');

/** Functions that a library must have; `open_reader` is optional. */
const REQUIRED = [
  'writeproof_abi_version',
  'writeproof_capabilities',
  'writeproof_create',
  'writeproof_write_batch',
  'writeproof_flush',
  'writeproof_close',
  'writeproof_abort',
  'writeproof_destroy',
  'writeproof_last_error',
];

for (const language of languages) {
  test(`the header alone compiles as ${language}`, () => {
    const source = join(freshDirectory(), 'alone.c');
    writeFileSync(source, '#include "writeproof.h"\n#include "writeproof.h"\nint main(void) { return 0; }\n');
    compile(language, ['-Wpedantic', '-fsyntax-only', source]);
    const misused = source.replace('alone', 'misused');
    writeFileSync(misused, '#include "writeproof.h"\nint main(void) { return writeproof_flush(1, 2); }\n');
    assert.throws(() => {
      compile(language, ['-Wpedantic', '-fsyntax-only', misused]);
    }, /writeproof_flush/);
  });

  test(`a C writer compiled as ${language} exports exactly what the header asks for`, () => {
    const declared = [...header.matchAll(/^WRITEPROOF_EXPORT .*?\b(writeproof_\w+)\(/gm)].map(([, name]) => name);
    assert.deepEqual(declared, [...REQUIRED, 'writeproof_open_reader']);
    for (const name of ['counting_writer', 'wrong_abi']) {
      assert.deepEqual(exportsOf(buildWriter(name, language)), [...REQUIRED].sort(), name);
    }
    assert.deepEqual(exportsOf(buildWriter('no_symbols', language)), []);
  });

  test(`the layout that ${language} sees is the one that the Rust crate is held to`, () => {
    const expected = readFileSync(join(headerDirectory, 'layout.txt'), 'utf8');
    assert.equal(expected.split('\n').length, 31);
    assert.equal(execFileSync(buildProgram('layout', language), { encoding: 'utf8' }), expected);
  });

  test(`a C writer compiled as ${language} works behind the header`, () => {
    const target = join(freshDirectory(), 'target.txt');
    const answer = drive(buildWriter('counting_writer', language), target, 'normal', 3);
    const calls = ['write_batch 0', 'flush 0'];
    assert.deepEqual(answer.lines, [
      'create 0',
      ...calls,
      ...calls,
      ...calls,
      'close 0',
      'report {"rows": 9, "bytes": 64}',
      'released 3 arrays, 4 schemas, 0 on another thread',
    ]);
    assert.equal(readFileSync(target, 'utf8'), 'writeproof.nonce=nonce-of-the-driver\ncolumns=1\nbatches=3\nrows=9\n');
  });
}

test('the version in the header is the one in the Rust crate', () => {
  const rust = readFileSync(join(headerDirectory, 'src/lib.rs'), 'utf8');
  const inHeader = /#define WRITEPROOF_ABI_VERSION (\d+)u/.exec(header)?.[1];
  const inRust = /pub const ABI_VERSION: u32 = (\d+);/.exec(rust)?.[1];
  assert.equal(inHeader, '1');
  assert.equal(inRust, inHeader);
});

/** What the driver prints from `create` on when the writer misbehaves in each way, given two batches. */
const MISBEHAVIOURS: Readonly<{ [mode: string]: readonly string[] }> = {
  'fail-create': ['create 13', 'last_error counting writer: create fails as asked: TARGET'],
  'fail-write': [
    'create 0',
    'write_batch 28',
    'last_error counting writer: write fails as asked: TARGET',
    'abort 0',
    'released 1 arrays, 2 schemas, 0 on another thread',
  ],
  'fail-close': [
    'create 0',
    ...['write_batch 0', 'flush 0', 'write_batch 0', 'flush 0'],
    'close 5',
    'last_error counting writer: close fails as asked: TARGET',
    'abort 0',
    'released 2 arrays, 3 schemas, 0 on another thread',
  ],
  silent: [
    'create 0',
    ...['write_batch 0', 'flush 0', 'write_batch 0', 'flush 0'],
    'close 0',
    'report {"rows": 6, "bytes": 0}',
    'released 2 arrays, 3 schemas, 0 on another thread',
  ],
  unheard: ['create 22', 'last_error counting writer: unknown mode: unheard'],
};

for (const [mode, expected] of Object.entries(MISBEHAVIOURS)) {
  test(`mode ${mode} leaves no file and releases every batch`, () => {
    const target = join(freshDirectory(), 'target.txt');
    const { lines } = drive(buildWriter('counting_writer'), target, mode, 2);
    assert.deepEqual(
      lines.map((line) => line.replace(target, 'TARGET')),
      expected,
    );
    assert.equal(existsSync(target), false);
  });
}

test('mode release-elsewhere releases every batch once, on another thread, before destroy returns', () => {
  const target = join(freshDirectory(), 'target.txt');
  const { lines } = drive(buildWriter('counting_writer'), target, 'release-elsewhere', 20);
  assert.equal(lines.at(-1), 'released 20 arrays, 21 schemas, 20 on another thread');
  assert.match(readFileSync(target, 'utf8'), /^rows=60$/m);
});

test('modes exit, abort and print do to their process what they say', () => {
  const library = buildWriter('counting_writer');
  const target = join(freshDirectory(), 'target.txt');
  const exited = drive(library, target, 'exit', 1);
  assert.deepEqual([exited.status, exited.signal], [3, null]);
  const aborted = drive(library, target, 'abort', 1);
  assert.deepEqual([aborted.status, aborted.signal], [null, 'SIGABRT']);
  const printed = drive(library, target, 'print', 1);
  assert.equal(printed.status, 0);
  assert.equal(printed.errorBytes, 4 << 20);
  assert.ok(printed.outputBytes > 4 << 20, `${printed.outputBytes} bytes on stdout`);
});

test('mode hang never returns from write_batch', async () => {
  const target = join(freshDirectory(), 'target.txt');
  const driver = spawn(buildProgram('driver'), [buildWriter('counting_writer'), target, options('hang'), '1'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  driver.stdout.setEncoding('utf8');
  let output = '';
  // The driver flushes what it has printed before it calls write_batch.
  for await (const text of driver.stdout) {
    output += String(text);
    if (output.includes('create 0\n')) break;
  }
  await setTimeout(500);
  assert.deepEqual([driver.exitCode, driver.signalCode], [null, null]);
  const ended = once(driver, 'exit');
  driver.kill('SIGKILL');
  assert.deepEqual(await ended, [null, 'SIGKILL']);
  assert.match(output, /create 0\n$/);
  assert.equal(existsSync(target), false);
});

test('an option that the writer does not know fails create', () => {
  const target = join(freshDirectory(), 'target.txt');
  const output = execFileSync(
    buildProgram('driver'),
    [buildWriter('counting_writer'), target, '{"io": "buffered", "threads": 2, "compression": "zstd"}', '1'],
    { encoding: 'utf8' },
  );
  assert.match(output, /^create 22\nlast_error counting writer: unknown option: compression$/m);
});

test('the capabilities are JSON and name every mode', () => {
  const { output } = drive(buildWriter('counting_writer'), join(freshDirectory(), 'target.txt'), 'silent', 0);
  const line = output.split('\n').find((text) => text.startsWith('capabilities '));
  const capabilities = JSON.parse(line?.slice('capabilities '.length) ?? '') as {
    name: string;
    options: { mode: { values: string[] } };
  };
  assert.equal(capabilities.name, 'counting');
  const source = readFileSync(new URL('../../test/writers/counting_writer.c', import.meta.url), 'utf8');
  const modes = /MODES\[MODE_COUNT\] = \{(.*?)\};/s.exec(source)?.[1] ?? '';
  assert.deepEqual(
    capabilities.options.mode.values,
    [...modes.matchAll(/"([a-z-]+)"/g)].map(([, name]) => name),
  );
  assert.equal(capabilities.options.mode.values.length, 10);
});

interface Driven {
  readonly status: number | null;
  readonly signal: string | null;
  readonly output: string;
  /** Of the output, from `create` on. */
  readonly lines: readonly string[];
  readonly outputBytes: number;
  readonly errorBytes: number;
}

function options(mode: string): string {
  return JSON.stringify({ variant: 'stream', batching: 'per_batch', io: 'buffered', threads: 1, mode });
}

/** Runs the C caller on a library. */
function drive(library: string, target: string, mode: string, batches: number): Driven {
  const { status, signal, stdout, stderr } = spawnSync(
    buildProgram('driver'),
    [library, target, options(mode), String(batches)],
    { encoding: 'utf8', maxBuffer: 64 << 20 },
  );
  const all = stdout.trimEnd().split('\n');
  const lines = all.slice(all.findIndex((line) => line.startsWith('create ')));
  return { status, signal, output: stdout, lines, outputBytes: stdout.length, errorBytes: stderr.length };
}

/** Names of the functions that a library exports with C linkage. */
function exportsOf(library: string): string[] {
  const table = execFileSync('nm', ['-D', '--defined-only', library], { encoding: 'utf8' });
  return [...table.matchAll(/ T (writeproof_\w+)$/gm)].map(([, name]) => name ?? '').sort();
}
