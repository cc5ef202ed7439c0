/** A wrong generator is contradicted by third parties, and those agree with the right one. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generatorHoles, wrongGenerators } from '../../harness/faults/generator.js';

test('facts of a wrong generator are contradicted by those who agree with the golden ones', async () => {
  const found = await wrongGenerators();
  assert.deepEqual(
    found.map(({ contradictedBy }) => contradictedBy),
    [['rows'], ['digest by the plain implementation']],
  );
  assert.deepEqual(found[0]?.agreedBy, ['rows', 'SHA-1 of the .tbl text']);
  assert.deepEqual(generatorHoles(found), []);
});

test('facts that nobody contradicts, or whose critics contradict the right ones too, are a hole', () => {
  const one = { what: 'x', agreedBy: ['rows'], contradictedBy: ['rows'] };
  assert.deepEqual(generatorHoles([one]), []);
  const holes = generatorHoles([
    { ...one, contradictedBy: [] },
    { ...one, agreedBy: [] },
  ]);
  assert.equal(holes.length, 2);
});
