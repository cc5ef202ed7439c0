/**
 * Eight hundred clean cases of random tables and settings and no false alarm (`npm run test:long`); Lance has two hundred more in
 * test/lance. WRITEPROOF_SEED draws the same ones again.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAllArrive } from './every-writer.js';

test('two hundred and twenty random tables arrive through every writer', { timeout: 3_600_000 }, async (context) => {
  assert.ok((await assertAllArrive(220, context)) >= 800);
});
