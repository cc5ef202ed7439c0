/** Every fault over every writer and variant (`npm run test:long`). */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultResult } from '../../harness/faults/results.js';
import { writeproof } from '../cli/command.js';
import { freshFolder } from '../fixtures.js';

test('every fault is caught over every writer and variant, and every detector is needed or justified', async (context) => {
  const { code, stdout, stderr } = await writeproof(freshFolder(), ['faults', '--json', '--quiet'], {}, 3_600_000);
  const { score, results } = JSON.parse(stdout) as {
    readonly score: { readonly caught: number; readonly run: number; readonly skipped: number };
    readonly results: readonly FaultResult[];
  };
  context.diagnostic(JSON.stringify(score));
  const missed = results.filter(({ caught, silent, unexpected }) => {
    return caught === false || silent.length > 0 || unexpected.length > 0;
  });
  assert.deepEqual(missed, []);
  assert.equal(code, 0, stderr);
  assert.deepEqual([score.caught === score.run, score.run >= 600], [true, true]);
});
