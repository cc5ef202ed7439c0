/** Random tables through the Lance writer; WRITEPROOF_SEED draws the same ones again. */

import { test } from 'node:test';
import { lance } from '../../suites/writers/lance.js';
import { assertAllArrive } from '../random/every-writer.js';

/** Of no logical type of Lance. */
const MISSING = ['interval', 'decimal32', 'decimal64', 'list_view', 'large_list_view', 'run_end_encoded'];

test('twenty random tables arrive through the Lance writer', { timeout: 1_200_000 }, async (context) => {
  await assertAllArrive(20, context, [lance], MISSING);
});
