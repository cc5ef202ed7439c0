/** Each detector switched off: what passes then, and what must be justified. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { switchedOff, unjustified } from '../../harness/faults/detectors.js';
import { DETECTORS } from '../../harness/types.js';
import { detectorRows } from '../../reports/faults.js';
import type { Justified } from '../../suites/faults/index.js';
import { result } from './fixtures.js';

const RESULTS = [
  result({ fault: 'only-m', detectors: ['M'] }),
  result({ fault: 'only-m', variant: 'direct', detectors: ['M'] }),
  result({ fault: 'both', detectors: ['M', 'N'] }),
  result({ fault: 'not-run', detectors: [], caught: null }),
];

test('a fault passes without a detector where no other one fired', () => {
  const off = switchedOff(RESULTS, { N: 'counts' });
  assert.deepEqual(
    off.map(({ detector }) => detector),
    Object.keys(DETECTORS),
  );
  const of = (letter: string): (typeof off)[number] | undefined => off.find(({ detector }) => detector === letter);
  assert.deepEqual(of('M')?.passing, [{ fault: 'only-m', cases: ['parquet/stream', 'parquet/direct'] }]);
  assert.deepEqual([of('M')?.fired, of('N')?.fired, of('X')?.fired], [3, 1, 0]);
  assert.deepEqual([of('N')?.passing, of('N')?.justified, of('M')?.justified], [[], 'counts', null]);
});

test('a detector that no fault needs must say why it is there, and only such a one', () => {
  const reasonsBut = (...left: readonly string[]): Justified =>
    Object.fromEntries(
      Object.keys(DETECTORS).flatMap((letter) => (left.includes(letter) ? [] : [[letter, 'a reason']])),
    );
  const complaints = (reasons: Justified): readonly string[] => unjustified(switchedOff(RESULTS, reasons), reasons);
  assert.deepEqual(complaints(reasonsBut('M')), []);
  assert.deepEqual(complaints(reasonsBut('M', 'N')), [
    'Detector N: no fault passes without it, and nothing says why it is there.',
  ]);
  assert.deepEqual(complaints(reasonsBut()), [
    'Detector M: 1 faults pass without it, and yet it is said that none does.',
  ]);
});

test('the table names the faults that pass, or why a detector stays', () => {
  const rows = detectorRows(switchedOff(RESULTS, { N: 'counts' }));
  const last = (letter: string): string | undefined => rows.find(([name]) => name === letter)?.at(-1);
  assert.deepEqual([last('M'), last('N'), last('X')], ['only-m (2)', 'none: counts', 'none of these']);
});
