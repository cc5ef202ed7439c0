/** Quiet counters of real repetitions: each is there or says why not, and those of the same code agree within their tolerances. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COUNTERS, countedRepetition, type Counters } from '../../harness/gate/counters.js';
import { decideCounter } from '../../harness/gate/decide-counter.js';
import type { Bench } from '../../harness/run/repetition.js';
import { folderForDirect } from '../fixtures.js';
import { caseOf, honestBench, handicappedBench, measured } from './cases.js';

const { folder, noDirect } = await folderForDirect();

async function counted(id: string, bench: Bench): Promise<Counters> {
  const { record, counters, why } = await countedRepetition(caseOf(id), 1, bench);
  assert.equal(why, null);
  assert.ok(counters !== null && record?.verdict.status === 'verified');
  return counters;
}

const values = (counters: Counters): readonly (number | string)[] =>
  COUNTERS.map((name) => {
    const count = counters[name];
    return 'value' in count ? count.value : count.why;
  });

test('two repetitions of the same code pass on every counter', async () => {
  const bench = honestBench();
  const base = await counted('lineitem@0.01/parquet/stream', bench);
  const head = await counted('lineitem@0.01/parquet/stream', honestBench());
  assert.equal(values(base).filter((value) => typeof value === 'number' && value > 0).length, COUNTERS.length);
  const verdicts = COUNTERS.map((name) => decideCounter(name, [base[name]], [head[name]]).verdict);
  assert.deepEqual(
    verdicts,
    COUNTERS.map(() => 'pass'),
    `${values(base).join(' ')}, then ${values(head).join(' ')}`,
  );
});

test('8 MiB more are seen in what was allocated, and nowhere else', async () => {
  const id = 'lineitem@0.01/parquet/zero-copy';
  const base = await counted(id, honestBench());
  const head = await counted(id, handicappedBench('parquet', { kind: 'more-memory', bytes: 8 * 2 ** 20 }));
  const red = COUNTERS.filter((name) => decideCounter(name, [base[name]], [head[name]]).verdict === 'regression');
  // Their 2,048 pages are page faults too.
  assert.deepEqual(
    red,
    ['allocated bytes', 'page faults'],
    `${values(base).join(' ')}, then ${values(head).join(' ')}`,
  );
});

test(
  'writes through io_uring are counted by what the kernel sends to storage and the writer says',
  {
    skip: noDirect ?? false,
  },
  async () => {
    const counters = await counted('lineitem@0.01/parquet/direct', honestBench({ target: folder }));
    const { size, 'written bytes': bytes, 'write calls': calls } = counters;
    assert.ok('value' in size && 'value' in bytes && 'value' in calls, values(counters).join(' '));
    assert.equal(
      bytes.value >= size.value && bytes.value < size.value + 2 ** 16,
      true,
      `${bytes.value} of ${size.value}`,
    );
    assert.equal(calls.value > 0, true);
  },
);

test('a repetition that is timed counts no allocations, and JavaScript says that it has none', async () => {
  const bench = honestBench();
  assert.equal((await measured(caseOf('nation@0.01/parquet/stream'), bench)).allocations, null);
  const module = await counted('nation@0.01/apache-arrow/stream', honestBench());
  assert.deepEqual(module.allocations, { why: 'allocations of JavaScript are not those of malloc' });
});

test('a repetition that is not verified has no counters', async () => {
  const timeoutSeconds = (): number => 0.001;
  const { counters, why } = await countedRepetition(
    caseOf('nation@0.01/parquet/stream'),
    1,
    honestBench({ timeoutSeconds }),
  );
  assert.equal(counters, null);
  assert.match(why ?? '', /^timeout: /);
});
