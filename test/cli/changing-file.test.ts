/** A file that changes while a command reads it is named in a sentence, by every command that reads; nothing is made of it. */

import assert from 'node:assert/strict';
import { copyFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { WriteRecord } from '../../harness/types.js';
import { write } from '../verify/fixture.js';
import type { Change } from './change-on-read.js';
import { workspace, writeproof, type Ended } from './command.js';

const { folder, remove } = workspace();
after(remove);
const good = path.join(folder, 'good.parquet');
write(good, { nonce: null });
const HOOK = pathToFileURL(path.join(import.meta.dirname, 'change-on-read.js')).href;

/** A fresh copy that nothing has changed yet. */
function copy(name: string): string {
  const file = path.join(folder, name);
  copyFileSync(good, file);
  return file;
}

async function whileChanging(change: Change, argv: readonly string[]): Promise<Ended> {
  const environment = { NODE_OPTIONS: `--import ${HOOK}`, WRITEPROOF_TEST_CHANGE: JSON.stringify(change) };
  return writeproof(folder, argv, { ...environment, WRITEPROOF_CACHE: path.join(folder, 'cache') });
}

const sentence = (name: string): RegExp =>
  new RegExp(
    `^${name} changed while it was read: expected \\d+ bytes, mtime .*, found \\d+ bytes, mtime .*; let whoever writes it finish, then run again\\.$`,
    'm',
  );

test('digest names it, reads the others, and prints nothing of it', async () => {
  const seen = [];
  for (const what of ['bytes', 'times'] as const) {
    const file = copy(`digest-${what}.parquet`);
    const change: Change = { file, script: 'contents-process.js', when: 'open', what };
    const { code, stdout, stderr } = await whileChanging(change, ['digest', path.basename(file), 'good.parquet']);
    seen.push([code, sentence(path.basename(file)).test(stderr), stderr.trim().split('\n').length]);
    assert.match(stdout, /^good\.parquet: 70,000 rows, digest wp1\n/);
  }
  assert.deepEqual(seen, [
    [4, true, 1],
    [4, true, 1],
  ]);
});

test('verify: the file that is judged, before and while the verify process reads it', async () => {
  const found = [];
  for (const [script, between] of [
    ['writeproof.mjs', 'between the job and reading'],
    ['process.js', 'while they were read'],
  ] as const) {
    const file = copy(`judged-${script}.parquet`);
    const change: Change = { file, script, when: 'open', what: 'times' };
    const words = ['verify', path.basename(file), '--same-as', 'good.parquet'];
    const { code, stdout } = await whileChanging(change, words);
    const named = `Z files unchanged ${between}: expected ${path.basename(file)} of `;
    found.push([code, stdout.includes(named), stdout.trim().split('\n').at(-1)]);
  }
  assert.deepEqual(found, [
    [4, true, 'corrupt: judged-writeproof.mjs.parquet'],
    [4, true, 'corrupt: judged-process.js.parquet'],
  ]);
});

test('verify --same-as: the reference, before its facts are known and after', async () => {
  const seen = [];
  for (const [script, when] of [
    ['contents-process.js', 'open'],
    ['process.js', 'start'],
  ] as const) {
    const file = copy(`reference-${script}.parquet`);
    const change: Change = { file, script, when, what: 'times' };
    const words = ['verify', 'good.parquet', '--same-as', path.basename(file)];
    const { code, stdout, stderr } = await whileChanging(change, words);
    seen.push([code, stdout, sentence(path.basename(file)).test(stderr)]);
  }
  assert.deepEqual(seen, [
    [1, '', true],
    [1, '', true],
  ]);
});

test('run --table file: while facts are read nothing is planned, while batches are made the other cases are unharmed', async () => {
  const seen = [];
  for (const [script, when, what] of [
    ['contents-process.js', 'open', 'bytes'],
    ['contents-process.js', 'open', 'times'],
    ['prepare-process.js', 'start', 'times'],
    ['prepare-process.js', 'start', 'bytes'],
  ] as const) {
    const file = copy(`table-${what}-${script}.parquet`);
    const words = ['run', '--table', `file:${path.basename(file)},nation`, '--writer', 'parquet'];
    const ended = await whileChanging({ file, script, when, what }, [...words, '--variant', 'stream', '--json']);
    const records = ended.stdout === '' ? [] : (JSON.parse(ended.stdout) as { results: WriteRecord[] }).results;
    const verdicts = records.map(({ verdict }) => verdict);
    const said = [ended.stderr, ...verdicts.map((verdict) => ('reason' in verdict ? verdict.reason : ''))];
    const named = said.some((text) => sentence(path.basename(file)).test(text));
    seen.push([
      ended.code,
      named,
      verdicts
        .map(({ status }) => status)
        .sort()
        .join(),
    ]);
  }
  const prepared = readdirSync(path.join(folder, 'cache'), { recursive: true, encoding: 'utf8' });
  assert.deepEqual(seen, [
    [1, true, ''],
    [1, true, ''],
    [4, true, 'failed,verified'],
    [4, true, 'failed,verified'],
  ]);
  assert.deepEqual(
    prepared.filter((name) => name.includes('file-')),
    [],
  );
});
