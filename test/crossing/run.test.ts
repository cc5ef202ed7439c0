/** Crossings through the ordinary command: both loops, both ways, and a build in which neither proof can be skipped. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import type { CrossingRecord } from '../../harness/types.js';
import { workspace, writeproof } from '../cli/command.js';
import { departures } from '../records/schemas.js';

const { folder, remove } = workspace();
after(remove);

const ALL = ['pointer', 'copy'].flatMap((handover) =>
  ['native', 'javascript'].map(
    (loop) => `nation@0.01/crossing/${handover}${loop === 'native' ? '' : `;loop=${loop}`};batchRows=10`,
  ),
);

test('every loop and hand-over ends verified, with addresses that prove it', { timeout: 600_000 }, async () => {
  const environment = { WRITEPROOF_CACHE: path.join(folder, 'cache') };
  const words = ['run', '--json', ...ALL.flatMap((id) => ['--case', id])];
  const { code, stdout, stderr } = await writeproof(folder, words, environment);
  assert.equal(code, 0, stderr);
  const document = JSON.parse(stdout) as { readonly results: readonly CrossingRecord[] };
  assert.deepEqual(departures('writeproof.records.v1', document), []);
  const seen = document.results.map(({ case: one, verdict }) => {
    if (verdict.status !== 'verified') return [one.id, verdict.status];
    const { rows, batches, buffers, addressesEqual } = verdict.measurement;
    const equal = addressesEqual === buffers ? 'all' : addressesEqual === 0 ? 'none' : 'some';
    return [one.id, verdict.rows, rows, batches >= 64, buffers >= 64, equal];
  });
  assert.deepEqual(
    seen.sort(),
    ALL.map((id) => [id, 25, 10, true, true, id.includes('pointer') ? 'all' : 'none']).sort(),
  );
  const shown = await writeproof(folder, ['show', 'last']);
  assert.equal(shown.code, 0);
  assert.match(shown.stdout, /rows a batch/);
  assert.match(shown.stdout, /4 cases: 4 verified/);
});
