/** Files that others made, good and bad: each gives what expected.json says, by two readers where there are two, and none is left out. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { PACKAGE_ROOT } from '../../harness/paths.js';
import { seenOf, type Readable, type Unreadable } from './judge-file.js';

const FOLDER = path.join(PACKAGE_ROOT, 'test', 'third-party');
const FILES = path.join(FOLDER, 'files');
/** Beside the folders of samples. */
const TEXTS = ['LICENSE-Apache-2.0.txt', 'LICENSE-awkward.txt', 'SOURCES.md'];

interface Named {
  readonly file: string;
  /** Why not two readers agree and nothing is found; absent where that is so. */
  readonly why?: string;
}

type Expected = Named & (Readable | Unreadable);

const EXPECTED = JSON.parse(readFileSync(path.join(FOLDER, 'expected.json'), 'utf8')) as readonly Expected[];

/** A file that needs no explanation. */
const isPlain = (one: Expected): boolean =>
  'readers' in one && one.readers.split(' ').length === 2 && one.findings === '';

test('every file is listed, comes from where SOURCES.md says, and is explained where it is odd', () => {
  const entries = readdirSync(FILES, { recursive: true, withFileTypes: true });
  const there = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(FILES, path.join(entry.parentPath, entry.name)));
  const listed = EXPECTED.map(({ file }) => file);
  assert.deepEqual(there.sort(), [...listed, ...TEXTS].sort());
  const sources = readFileSync(path.join(FILES, 'SOURCES.md'), 'utf8');
  const sums = listed.map((file) => {
    const sum = createHash('sha256').update(readFileSync(path.join(FILES, file)));
    return `${sum.digest('hex')}  ${file}`;
  });
  assert.deepEqual(
    sums.filter((line) => !sources.includes(`${line}\n`)),
    [],
  );
  assert.deepEqual(
    EXPECTED.filter((one) => isPlain(one) === (one.why !== undefined)),
    [],
  );
});

test('each file holds what two readers find in it, or is refused with a sentence and found corrupt', async (context) => {
  const seen: Expected[] = [];
  for (const { file, why } of EXPECTED) {
    seen.push({ file, ...(await seenOf(path.join(FILES, file))), ...(why === undefined ? {} : { why }) });
  }
  assert.deepEqual(seen, EXPECTED);
  const bad = seen.filter((one) => 'sentence' in one);
  assert.deepEqual(
    bad.filter(({ sentence, findings }) => sentence.includes('\n') || !findings.includes('X')),
    [],
  );
  const count = (what: readonly unknown[]): number => what.length;
  const plain = count(EXPECTED.filter(isPlain));
  context.diagnostic(
    `${EXPECTED.length} files: ${plain} by two readers, ${count(seen) - count(bad) - plain} odd, ${count(bad)} refused`,
  );
  assert.deepEqual([plain, count(bad)], [45, 5]);
});
