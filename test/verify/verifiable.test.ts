/** What may be written can be verified. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FORMATS } from '../../harness/types.js';
import { observe } from '../../harness/verify/observe.js';
import { REGISTRY } from '../../suites/index.js';
import { scene, write } from './fixture.js';

test('a file of each format is judged, and one of another format is found out', async () => {
  const found: [string, number][] = [];
  for (const format of FORMATS.filter((one) => one !== 'raw')) {
    const { findings } = await scene(async ({ target, job }) => {
      write(target);
      return observe(await job({ format }));
    });
    found.push([format, Math.min(1, findings.length)]);
  }
  assert.deepEqual(found, [
    ['parquet', 0],
    ['arrow', 1],
    ['lance', 1],
  ]);
});

test('every format has a registered writer', () => {
  const formats = new Set(REGISTRY.writers.map(({ format }) => format));
  assert.deepEqual([...formats].sort(), [...FORMATS].sort());
});
