/** Data files that come and go between two looks at the open descriptors are known to be direct all the same. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { casesOf, complaints, folderForDirect, freshFolder, runCases, statuses } from '../fixtures.js';

test('a direct case of many short-lived files is verified', async (context) => {
  const { folder, noDirect } = await folderForDirect();
  if (noDirect !== null) context.diagnostic(`skipped: ${noDirect}`);
  const cases = casesOf(['orders@0.01/lance/direct;rowsPerFile=1000']);
  const { records } = await runCases([...cases, '--target', path.join(freshFolder(folder), 'data')], folder);
  assert.deepEqual(statuses(records), [noDirect === null ? 'verified' : 'skipped'], complaints(records));
});
