/** What may be written and what can be verified are one list. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { verifiable } from '../../harness/config/own-writer.js';
import { Misuse } from '../../harness/misuse.js';
import { FORMATS } from '../../harness/types.js';
import { observe } from '../../harness/verify/observe.js';
import { VERIFIABLE_FORMATS } from '../../harness/verify/verifiable.js';
import { REGISTRY } from '../../suites/index.js';
import { scene, write } from './fixture.js';

test('a format is taken from a writer exactly where a file of it can be judged', async () => {
  const taken = FORMATS.filter((format) => {
    try {
      return verifiable('it', format) === format;
    } catch (error) {
      assert.match(
        String(error),
        /^Misuse: it writes \w+, which cannot be verified yet: expected parquet, arrow or lance\.$/,
      );
      return false;
    }
  });
  const judged: string[] = [];
  for (const format of FORMATS) {
    const observation = await scene(async ({ target, job }) => {
      write(target);
      return observe(await job({ format })).catch((error: unknown) => error);
    });
    if (!(observation instanceof Misuse)) judged.push(format);
  }
  assert.deepEqual([taken, judged], [[...VERIFIABLE_FORMATS], [...VERIFIABLE_FORMATS]]);
});

test('every registered writer writes what can be verified', () => {
  const formats = new Set(REGISTRY.writers.map(({ format }) => format));
  assert.deepEqual([...formats].sort(), [...VERIFIABLE_FORMATS].sort());
});
