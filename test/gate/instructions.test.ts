/** Instructions under callgrind, where valgrind is installed. */

import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { countInstructions, parseTotal, smallCase } from '../../harness/gate/instructions.js';
import { onPath } from '../../harness/paths.js';
import { freshFolder } from '../fixtures.js';
import { caseOf, honestBench } from './cases.js';

test('a case is made small, with an id that says so', () => {
  const small = smallCase(caseOf('lineitem@1/parquet/stream;compression=none'));
  assert.deepEqual([small.scale, small.id], [0.01, 'lineitem@0.01/parquet/stream;compression=none']);
  const smaller = caseOf('types@0.001/parquet/stream');
  assert.equal(smallCase(smaller), smaller);
});

test('the total is that of callgrind, not that of a line of it', () => {
  assert.equal(parseTotal('events: Ir\nfn=(1) main\n12 345\nsummary: 458197843\ntotals: 458197843\n'), 458_197_843);
  assert.equal(parseTotal('events: Ir\n12 345\n'), null);
});

test('without valgrind, with one that fails, and for JavaScript there are none, and it is said why', async () => {
  const one = caseOf('nation@0.01/parquet/stream');
  const bench = honestBench();
  assert.deepEqual(await countInstructions(one, 1, bench, null), { why: 'valgrind is not on PATH' });
  const failing = path.join(freshFolder(), 'valgrind');
  writeFileSync(failing, '#!/bin/sh\necho "unhandled instruction" >&2\nexit 3\n');
  chmodSync(failing, 0o755);
  const failed = await countInstructions(one, 2, bench, failing);
  assert.match('why' in failed ? failed.why : '', /^under valgrind (crashed|failed): /);
  const silent = path.join(freshFolder(), 'valgrind');
  writeFileSync(silent, '#!/bin/sh\nshift 3\nexec "$@"\n');
  chmodSync(silent, 0o755);
  assert.deepEqual(await countInstructions(one, 3, bench, silent), { why: 'callgrind wrote no total' });
  const module = await countInstructions(caseOf('nation@0.01/apache-arrow/stream'), 4, bench, silent);
  assert.deepEqual(module, { why: 'instructions are those of the native worker, which holds libraries' });
});

test(
  'the same code takes the same instructions twice, within its tolerance',
  {
    skip: onPath('valgrind') === null ? 'valgrind is not on PATH' : false,
  },
  async () => {
    const one = caseOf('nation@0.01/parquet/stream');
    const bench = honestBench();
    const [first, second] = [await countInstructions(one, 1, bench), await countInstructions(one, 2, bench)];
    assert.ok('value' in first && 'value' in second, JSON.stringify([first, second]));
    assert.equal(first.value > 100_000, true);
    assert.equal(Math.abs(second.value / first.value - 1) < 0.01, true, `${first.value} and ${second.value}`);
  },
);
