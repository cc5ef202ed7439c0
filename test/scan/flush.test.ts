import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { workspace } from '../cli/command.js';
import { essence, flushUnderLoad } from './flush.js';

const { folder, remove } = workspace();
after(remove);

const DEFINITION = { rows: 20_000, columns: 10, encoding: 'json', seed: 7 } as const;
const LOAD = { threads: 2, seed: 1, seconds: 1 } as const;

test('the same snapshot gives the same bytes while others write, and they are what was there', async () => {
  const { report, sha256, digests, expected } = await flushUnderLoad(`${folder}/held`, DEFINITION, {
    copies: 2,
    load: LOAD,
  });
  assert.equal(sha256.length, 2);
  assert.deepEqual(
    sha256,
    report.files.map((file) => file.sha256),
  );
  assert.equal(sha256[0], sha256[1]);
  assert.deepEqual(digests.map(essence), [essence(expected), essence(expected)]);
  assert.deepEqual(essence(report.digestOfSnapshot), essence(expected));
  // Otherwise nothing was shown.
  assert.deepEqual([report.puts > 0, report.deletes > 0, report.overwrites > 0], [true, true, true]);
  assert.notDeepEqual(essence(report.digestAfter), essence(expected));
});

test('a flush that does not hold its snapshot is found by the digest of its file', async () => {
  const { digests, expected } = await flushUnderLoad(`${folder}/lost`, DEFINITION, {
    load: LOAD,
    fault: 'snapshot-not-held',
  });
  assert.equal(digests.length, 1);
  assert.notDeepEqual(digests.map(essence), [essence(expected)]);
});
