/** Cases that are skipped for one reason share a line where they are many; every other problem has its own. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { summarise } from '../../harness/summary.js';
import type { Verdict, WriteCase } from '../../harness/types.js';
import { problemTexts } from '../../reports/rows.js';
import { CASE, record } from './fixtures.js';

const NOT_BUILT: Verdict = { status: 'skipped', reason: 'not built' };
const NO_DISK: Verdict = { status: 'skipped', reason: 'no disk' };
const CRASHED: Verdict = { status: 'crashed', signal: 'SIGSEGV', exitCode: null, reason: 'it crashed' };

const cases = (count: number): readonly WriteCase[] =>
  Array.from({ length: count }, (_, index) => ({ ...CASE, id: `case ${index + 1}` }));

function texts(verdicts: readonly Verdict[]): readonly string[] {
  const all = cases(verdicts.length);
  const records = verdicts.map((verdict, index) => record(1, verdict, all[index], index + 1));
  return problemTexts(summarise(all, records));
}

test('three skipped cases have a line each', () => {
  assert.deepEqual(texts([NOT_BUILT, NOT_BUILT, NOT_BUILT]), [
    'case 1 skipped: not built',
    'case 2 skipped: not built',
    'case 3 skipped: not built',
  ]);
});

test('four of one reason share a line; those of another, and a crash, do not', () => {
  assert.deepEqual(texts([NOT_BUILT, CRASHED, NOT_BUILT, NO_DISK, NOT_BUILT, NOT_BUILT]), [
    '4 cases skipped: not built (case 1 to case 6)',
    'case 2 crashed: it crashed',
    'case 4 skipped: no disk',
  ]);
});
