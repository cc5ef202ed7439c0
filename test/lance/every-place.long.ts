/** Every bit and every cut where something begins or ends in a Lance dataset, and 10,000 damages anywhere in it. */

import { test } from 'node:test';
import { assertAllJudged } from '../damage/course.js';
import { damagesAnywhere } from '../damage/places.js';
import { lanceSubject } from './damaged-places.js';

const ANYWHERE = 10_000;

test('a Lance dataset damaged at every boundary is corrupt, or its content is unchanged', async (context) => {
  const { specimen, places, atPlaces } = await lanceSubject();
  context.diagnostic(`${places} places where something begins or ends`);
  await assertAllJudged(context, specimen, atPlaces);
});

test('a Lance dataset damaged anywhere is corrupt, or its content is unchanged', async (context) => {
  const seed = Number(process.env['WRITEPROOF_SEED'] ?? Date.now() % 2 ** 31);
  context.diagnostic(`WRITEPROOF_SEED=${seed}`);
  const { specimen, files } = await lanceSubject();
  await assertAllJudged(context, specimen, damagesAnywhere(specimen, files, ANYWHERE, seed));
});
