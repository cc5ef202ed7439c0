/** Each fault of the stream of batches ends corrupt by exactly the detectors that can see it, over Parquet and over Arrow. */

import assert from 'node:assert/strict';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { complaints, casesOf, fired, freshFolder, recordOf, runCases } from './fixtures.js';
import { LIES_OF_BATCHES, TABLE_OF_BATCHES } from './lies-of-batches.js';
import { nativePath } from './native-path.js';

const folder = freshFolder();

for (const [over, cases] of [
  ['parquet', 29],
  ['arrow', 7],
] as const) {
  test(`faults of the stream of batches over ${over} are found by the expected detectors, and without one all is verified`, async () => {
    // Under this name the library says of itself what the writer of that format does.
    const writer = `writeproof_faults_${over}`;
    const library = path.join(folder, `lib${writer}.so`);
    symlinkSync(nativePath('libwriteproof_faults.so'), library);
    const honest = `${TABLE_OF_BATCHES}/${writer}/stream`;
    const lies = Object.entries(LIES_OF_BATCHES).flatMap(([fault, { options = '', fired: letters, overArrow }]) => {
      const expected = over === 'arrow' ? overArrow : letters;
      return expected === undefined ? [] : [{ fault, id: `${honest};${options}fault=${fault}`, expected }];
    });
    const ids = [honest, ...lies.map(({ id }) => id)];
    const { code, records } = await runCases(['--writer', library, ...casesOf(ids)], folder);
    const endings = (of: (lie: (typeof lies)[number]) => string) =>
      Object.fromEntries(lies.map((lie) => [lie.fault, of(lie)]));
    const seen = endings(({ id }) => {
      const record = recordOf(records, id);
      return `${record.verdict.status} ${fired(record).join('')}`;
    });
    assert.deepEqual(
      seen,
      endings(({ expected }) => `corrupt ${expected}`),
      complaints(records),
    );
    assert.deepEqual([code, recordOf(records, honest).verdict.status, records.length], [4, 'verified', cases]);
  });
}
