/** Kills of Lance: versions that were committed outlive the writer. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crash, outcomesOf, partOf, wrongOf } from '../crash/support.js';

test('a dataset whose writer is killed has its previous version whole, or the new one', async () => {
  const crashed = await crash(['--writer', 'lance', '--part', 'kills', '--kills', '16']);
  assert.deepEqual(wrongOf(crashed), []);
  assert.equal(crashed.code, 0, crashed.stderr);
  const outcomes = outcomesOf(partOf(crashed, 'kills', 'lance'));
  assert.equal((outcomes['previous version whole'] ?? 0) > 0, true, JSON.stringify(outcomes));
  assert.equal(outcomes['half, refused'] ?? 0, 0);
});
