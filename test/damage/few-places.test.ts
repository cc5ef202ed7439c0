/** A hundred damages of a file of each format, the same ones every time. `npm run test:long` judges all places and 10,000 more. */

import { test } from 'node:test';
import { assertAllJudged } from './course.js';
import { SUBJECTS } from './formats.js';
import { damagesAnywhere, someOf } from './places.js';

const SEED = 20_261_121;

for (const [format, subjectOf] of Object.entries(SUBJECTS)) {
  test(`a damaged ${format} file is corrupt, or its content is unchanged`, async (context) => {
    const { specimen, files, places, atPlaces } = await subjectOf();
    context.diagnostic(`${places} places where something begins or ends`);
    const damages = [...someOf(atPlaces, 60, SEED), ...damagesAnywhere(specimen, files, 40, SEED)];
    await assertAllJudged(context, specimen, damages);
  });
}
