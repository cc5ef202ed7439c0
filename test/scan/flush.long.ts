/** A minute under load: every snapshot gives equal files, and what was in it. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { workspace } from '../cli/command.js';
import { essence, flushUnderLoad } from './flush.js';

const { folder, remove } = workspace();
after(remove);

const DEFINITION = { rows: 200_000, columns: 20, encoding: 'compact', seed: 11 } as const;
const SECONDS = 60;

test('a minute of writers does not change what a snapshot gives', { timeout: 600_000 }, async (context) => {
  const load = { threads: 2, seed: 2, seconds: SECONDS };
  const { report, sha256, digests, expected } = await flushUnderLoad(folder, DEFINITION, { copies: 3, load });
  const { puts, deletes, overwrites } = report;
  context.diagnostic(
    `${puts} puts, ${deletes} deletes, ${overwrites} overwrites; ${report.rows} rows in each of 3 files`,
  );
  assert.equal(new Set(sha256).size, 1);
  assert.deepEqual(digests.map(essence), [expected, expected, expected].map(essence));
  assert.deepEqual([puts > 1000, deletes > 1000, overwrites > 1000], [true, true, true]);
  assert.notDeepEqual(essence(report.digestAfter), essence(expected));
});
