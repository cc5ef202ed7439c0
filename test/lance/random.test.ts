/** Random tables through the Lance writer; WRITEPROOF_SEED draws the same ones again. `npm run test:long` takes more of them. */

import { test } from 'node:test';
import { lance } from '../../suites/writers/lance.js';
import { assertAllArrive } from '../random/every-writer.js';
import { NOT_OF_LANCE } from './not-of-lance.js';

test('thirty random tables arrive through the Lance writer', { timeout: 1_200_000 }, async (context) => {
  await assertAllArrive(30, context, [lance], NOT_OF_LANCE);
});
