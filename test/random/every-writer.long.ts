/** Two hundred random tables through every writer (`npm run test:long`); WRITEPROOF_SEED draws the same ones again. */

import { test } from 'node:test';
import { assertAllArrive } from './every-writer.js';

test('two hundred random tables arrive through every writer', { timeout: 3_600_000 }, async (context) => {
  await assertAllArrive(200, context);
});
