import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fittingTable, stacked, wrap } from '../../harness/cli/tables.js';
import { HEADINGS, LEFT_OUT, narrow } from '../../reports/rows.js';

const HEAD = ['case', 'rows/s'];
const ROWS = [
  ['lineitem@1/parquet/stream;threads=2', '1.23 M/s'],
  ['part@1/parquet/direct', '5.0 k/s'],
];
const widest = (text: string | null): number => Math.max(...(text ?? '').split('\n').map((line) => line.length));

test('a name is wrapped after a sign, or where the width ends', () => {
  assert.equal(wrap('lineitem@1/parquet/stream;threads=2', 20), 'lineitem@1/parquet/\nstream;threads=2');
  assert.equal(wrap('abcdefgh', 3), 'abc\ndef\ngh');
  assert.equal(wrap('abc', 3), 'abc');
});

test('a table is as wide as it needs, wraps its first column, or does not fit', () => {
  const whole = fittingTable(HEAD, ROWS, Infinity);
  const width = widest(whole);
  assert.equal(width, 50);
  assert.equal(fittingTable(HEAD, ROWS, width), whole);
  assert.equal(
    fittingTable(HEAD, ROWS, 35),
    [
      '┌─────────────────────┬──────────┐',
      '│ case                │   rows/s │',
      '├─────────────────────┼──────────┤',
      '│ lineitem@1/parquet/ │ 1.23 M/s │',
      '│ stream;threads=2    │          │',
      '│ part@1/parquet/     │  5.0 k/s │',
      '│ direct              │          │',
      '└─────────────────────┴──────────┘',
    ].join('\n'),
  );
  assert.equal(fittingTable(HEAD, ROWS, 30), null);
});

test('what does not fit is written row by row, with every cell', () => {
  assert.equal(stacked(HEAD, ROWS), [ROWS[0]?.[0], '  rows/s  1.23 M/s', ROWS[1]?.[0], '  rows/s  5.0 k/s'].join('\n'));
});

test('a narrow row is without what is named as left out', () => {
  assert.deepEqual(narrow(HEADINGS), ['case', 'rows/s', 'durable', 'peak RSS', 'on disk', 'n']);
  assert.deepEqual(
    LEFT_OUT.filter((heading) => !HEADINGS.some((known) => known === heading)),
    [],
  );
});
