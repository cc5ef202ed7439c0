/** Random tables through every writer; WRITEPROOF_SEED draws the same ones again. `npm run test:long` takes more of them. */

import { test } from 'node:test';
import { assertAllArrive } from './every-writer.js';

test('twenty random tables arrive through every writer', { timeout: 1_200_000 }, async (context) => {
  await assertAllArrive(20, context);
});
