/** Faults of the stream of batches over the Lance writer, one of each kind: exactly the detectors that can see it fire. */

import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { casesOf, complaints, fired, freshFolder, recordOf, runCases } from '../fixtures.js';
import { nativePath } from '../native-path.js';

/** Under this name the library says of itself what the Lance writer does. */
const WRITER = 'writeproof_faults_lance';
const HONEST = `core-types@0.001/${WRITER}/stream`;

/** Options of the case, the fault among them, and how it ends. */
const LIES: Readonly<{ [options: string]: string }> = {
  'fault=stop-at-empty-batch': 'corrupt CMNO',
  'fault=dup-drop': 'corrupt CMO',
  'fault=row-shuffle': 'corrupt O',
  'fault=column-shift': 'corrupt MO',
  'fault=dict-first-only': 'corrupt CMO',
  'fault=nan-normalised': 'corrupt CMO',
  'fault=null-count-unknown': 'corrupt CMOS',
  'fault=tz-dropped': 'corrupt S',
  'flushEvery=1;commit=append;fault=encoder-state': 'corrupt CMO',
  'fault=failed-but-timed': 'crashed ',
  // Lance is not given dictionaries with keys of 8 bits: the fault says that it changed nothing.
  'fault=dict-key-width': 'failed ',
};

test('faults of the stream of batches over Lance are found by the expected detectors, and without one all is verified', async () => {
  const folder = freshFolder();
  const library = path.join(folder, `lib${WRITER}.so`);
  symlinkSync(nativePath('libwriteproof_faults.so'), library);
  const idOf = (options: string): string => `${HONEST};${options}`;
  const ids = [HONEST, ...Object.keys(LIES).map(idOf)];
  const { code, records } = await runCases(['--writer', library, ...casesOf(ids)], folder);
  const seen = Object.keys(LIES).map((options) => {
    const record = recordOf(records, idOf(options));
    return [options, `${record.verdict.status} ${fired(record).join('')}`];
  });
  assert.deepEqual(Object.fromEntries(seen), LIES, complaints(records));
  assert.deepEqual([code, recordOf(records, HONEST).verdict.status, records.length], [4, 'verified', 12]);
});
