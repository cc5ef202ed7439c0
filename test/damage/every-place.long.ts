/** Every bit and every cut where something begins or ends in a file of each format, and 10,000 damages anywhere in it. */

import { test } from 'node:test';
import { assertAllJudged } from './course.js';
import { SUBJECTS } from './formats.js';
import { damagesAnywhere } from './places.js';

const ANYWHERE = 10_000;

for (const [format, subjectOf] of Object.entries(SUBJECTS)) {
  test(`a ${format} file damaged at every boundary is corrupt, or its content is unchanged`, async (context) => {
    const { specimen, places, atPlaces } = await subjectOf();
    context.diagnostic(`${places} places where something begins or ends`);
    await assertAllJudged(context, specimen, atPlaces);
  });

  test(`a ${format} file damaged anywhere is corrupt, or its content is unchanged`, async (context) => {
    const seed = Number(process.env['WRITEPROOF_SEED'] ?? Date.now() % 2 ** 31);
    context.diagnostic(`WRITEPROOF_SEED=${seed}`);
    const { specimen, files } = await subjectOf();
    await assertAllJudged(context, specimen, damagesAnywhere(specimen, files, ANYWHERE, seed));
  });
}
