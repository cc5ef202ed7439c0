/** Two hundred clean cases of random tables and settings and no false alarm; WRITEPROOF_SEED draws the same ones again. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lance } from '../../suites/writers/lance.js';
import { assertAllArrive } from '../random/every-writer.js';
import { NOT_OF_LANCE } from './not-of-lance.js';

test('two hundred and fifty random tables arrive through the Lance writer', { timeout: 3_600_000 }, async (context) => {
  assert.ok((await assertAllArrive(250, context, [lance], NOT_OF_LANCE)) >= 200);
});
