/** Verdicts on counters, and what crossed to the kernel. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTERS } from '../../harness/gate/counters.js';
import { decideCounter } from '../../harness/gate/decide-counter.js';
import { TOLERANCES } from '../../harness/gate/tolerances.js';
import { writtenOf } from '../../harness/gate/written.js';
import { MEASUREMENT } from '../run/fixtures.js';

const side = (...values: readonly number[]): readonly { readonly value: number }[] =>
  values.map((value) => ({ value }));

test('medians are compared: one odd repetition decides nothing', () => {
  const decided = decideCounter('size', side(1000, 1000, 9000), side(1000, 5000, 1000));
  assert.deepEqual([decided.verdict, decided.estimate, decided.pairs, decided.note], ['pass', 1, 3, '1,000 → 1,000']);
});

for (const metric of [...COUNTERS, 'instructions'] as const) {
  test(`${metric}: beyond its tolerance it is a regression, up to it and below it passes`, () => {
    const from = 100_000_000;
    const allowed = Math.max(TOLERANCES[metric].share * from, TOLERANCES[metric].least);
    const verdicts = [allowed, allowed + 1, -allowed - 1].map(
      (more) => decideCounter(metric, side(from), side(from + more)).verdict,
    );
    assert.deepEqual(verdicts, ['pass', 'regression', 'pass']);
    assert.equal(allowed > 0, true);
  });
}

test('of little, so much of its own unit is allowed', () => {
  const { least } = TOLERANCES['write calls'];
  const of = (more: number): string => decideCounter('write calls', side(3), side(3 + more)).verdict;
  assert.deepEqual([of(least), of(least + 1)], ['pass', 'regression']);
  const fromNothing = decideCounter('write calls', side(0), side(least + 1));
  assert.deepEqual([fromNothing.verdict, fromNothing.estimate, fromNothing.tolerance], ['regression', null, null]);
});

test('what one side does not know decides nothing, and the note says why', () => {
  const none = { why: 'nobody counted' };
  const decided = decideCounter('allocations', side(1, 2, 3), [{ value: 1 }, none]);
  assert.deepEqual([decided.verdict, decided.decides, decided.note], ['not detectable', false, 'head: nobody counted']);
  assert.equal(decideCounter('allocations', [none], [none]).note, 'base: nobody counted; head: nobody counted');
  assert.equal(decideCounter('size', [], side(1)).note, 'base: not measured');
});

const io = { readBytes: 0, writeBytes: 53_248, writeCalls: 2, writtenChars: 50_100 };
const through = (mode: string, operations: number): unknown => ({ io: { mode, operations } });

test('calls of write are counted by the kernel, operations of io_uring by the writer', () => {
  const buffered = writtenOf({ ...MEASUREMENT, io }, through('buffered', 7));
  assert.deepEqual(buffered, { 'written bytes': { value: 50_100 }, 'write calls': { value: 2 } });
  const ring = { ...io, writeCalls: 0, writtenChars: 0 };
  const direct = writtenOf({ ...MEASUREMENT, io: ring }, through('direct-io_uring', 7));
  assert.deepEqual(direct, { 'written bytes': { value: 53_248 }, 'write calls': { value: 7 } });
  const workers = [through('direct-io_uring', 7), through('direct-io_uring', 4)];
  assert.deepEqual(writtenOf({ ...MEASUREMENT, io: ring }, workers)['write calls'], { value: 11 });
});

test('bytes that nobody counted are not taken for few', () => {
  const unseen = writtenOf({ ...MEASUREMENT, io: { ...io, writtenChars: 40 } }, null);
  const why = '40 of 50000 bytes came by calls that the kernel counts; those of io_uring and mmap it does not';
  assert.deepEqual(unseen, { 'written bytes': { why }, 'write calls': { why } });
  const memory = writtenOf({ ...MEASUREMENT, io: { ...io, writeBytes: 0 } }, through('direct-io_uring', 7));
  assert.deepEqual(memory['written bytes'], {
    why: 'the kernel says that 0 bytes went towards storage, for files of 50000',
  });
  const unread = { why: 'the counters of /proc could not be read' };
  assert.deepEqual(writtenOf({ ...MEASUREMENT, io: null }, null), { 'written bytes': unread, 'write calls': unread });
});
