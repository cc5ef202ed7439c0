/** Ten thousand gates of each kind (`npm run test:long`). */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proveSynthetic } from '../../harness/gate/prove/rows.js';
import { readTrace } from '../../harness/gate/prove/trace.js';
import { proveCells } from '../../reports/prove.js';

test('every mark is met, and the intervals of the rates lie within them', async (context) => {
  const trace = await readTrace();
  const onRow = (row: Parameters<typeof proveCells>[0]): void => {
    context.diagnostic(proveCells(row).join(' · '));
  };
  const rows = proveSynthetic({ trace, tolerance: 0.05, gates: 10_000, seed: 1, onRow });
  const marked = rows.filter(({ mark }) => mark !== null);
  assert.deepEqual(
    marked.filter(({ mark }) => mark?.met !== true),
    [],
  );
  const times = marked.filter(({ metric }) => metric === 'time');
  const [unchanged, five, ten] = times;
  assert.deepEqual(
    times.map(({ change, gates }) => [change, gates]),
    ['unchanged', '5 % slower', '10 % slower'].map((change) => [change, 10_000]),
  );
  assert.equal((unchanged?.green.interval[0] ?? 0) >= 0.95, true);
  assert.equal((unchanged?.red.interval[1] ?? 1) <= 0.01, true);
  assert.equal((five?.red.interval[0] ?? 0) >= 0.9, true);
  assert.equal((ten?.red.interval[0] ?? 0) >= 0.99, true);
});
