/** Damage at random places: the harness never ends with it, and what is taken for whole is whole. */

import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { copyOf, fileIn, judged, textOf, written, type Dataset } from './dataset.js';

const FLIPS = 160;
const CUTS = 40;
const AT_ONCE = 2;

let honest: Dataset | null = null;

before(async () => {
  honest = await written('nation@0.01/lance/stream');
});

/** Numbers below `below`, the same in every run (the generator of Numerical Recipes, 1992). */
function* places(seed: number, below: number): Generator<number, never> {
  let state = seed;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield Math.floor((state / 2 ** 32) * below);
  }
}

type Ending = 'corrupt' | 'whole' | 'crashed';

async function endOf(damage: (dataset: Dataset) => string): Promise<readonly [Ending, string]> {
  assert.ok(honest !== null);
  const dataset = copyOf(honest);
  const what = damage(dataset);
  const seen = await judged(dataset);
  if ('crashed' in seen) return ['crashed', `${what}: ${seen.crashed}`];
  if (seen.findings.length > 0) return ['corrupt', `${what}: ${textOf(seen.findings).slice(0, 200)}`];
  assert.deepEqual([seen.multiset, seen.order], [dataset.facts.digest.multiset, dataset.facts.digest.order], what);
  return ['whole', what];
}

async function endsOf(
  count: number,
  damage: (dataset: Dataset, index: number) => string,
): Promise<readonly (readonly [Ending, string])[]> {
  const ends: (readonly [Ending, string])[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      ends.push(await endOf((dataset) => damage(dataset, index)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return ends;
}

for (const folder of ['data', '_versions'] as const) {
  test(`bits flipped in a file of ${folder} end corrupt, or leave every row as it was`, async (context) => {
    const bits = places(7, 8);
    const random = places(11, 2 ** 31);
    const ends = await endsOf(FLIPS / 2, (dataset) => {
      const file = fileIn(dataset, folder);
      const bytes = readFileSync(file);
      const place = random.next().value % bytes.length;
      const bit = bits.next().value;
      bytes[place] = (bytes[place] ?? 0) ^ (1 << bit);
      writeFileSync(file, bytes);
      return `bit ${bit} of byte ${place} of ${bytes.length} in ${folder}`;
    });
    const of = (ending: Ending): readonly string[] => ends.filter(([end]) => end === ending).map(([, what]) => what);
    context.diagnostic(
      `${of('corrupt').length} corrupt, ${of('whole').length} whole, ${of('crashed').length} ended the verify process`,
    );
    for (const what of of('crashed')) context.diagnostic(what);
    assert.equal(ends.length, FLIPS / 2);
    assert.ok(of('corrupt').length > FLIPS / 10, `${of('corrupt').length} of ${FLIPS / 2} are corrupt`);
  });

  test(`a file of ${folder} that is cut short is corrupt`, async () => {
    const random = places(13, 2 ** 31);
    const ends = await endsOf(CUTS / 2, (dataset) => {
      const file = fileIn(dataset, folder);
      const bytes = random.next().value % readFileSync(file).length;
      truncateSync(file, bytes);
      return `${folder} cut to ${bytes} bytes`;
    });
    assert.deepEqual(
      ends.filter(([ending]) => ending === 'whole'),
      [],
    );
    assert.equal(ends.length, CUTS / 2);
  });
}
