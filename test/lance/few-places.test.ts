/** A hundred damages of a dataset, the same ones every time. `npm run test:long` judges all places and 10,000 more. */

import { test } from 'node:test';
import { assertAllJudged } from '../damage/course.js';
import { damagesAnywhere, someOf } from '../damage/places.js';
import { lanceSubject } from './damaged-places.js';

const SEED = 20_261_121;

test('a damaged Lance dataset is corrupt, or its content is unchanged', async (context) => {
  const { specimen, files, places, atPlaces } = await lanceSubject();
  context.diagnostic(`${places} places where something begins or ends`);
  const damages = [...someOf(atPlaces, 60, SEED), ...damagesAnywhere(specimen, files, 40, SEED)];
  await assertAllJudged(context, specimen, damages);
});
