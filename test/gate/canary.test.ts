/** The fixed piece of work, as the gate asks for it. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { runCanary } from '../../harness/gate/canary.js';
import { freshFolder } from '../fixtures.js';

test('it is timed twice, says its version and leaves nothing', async () => {
  const folder = freshFolder();
  const canary = await runCanary(folder, { timeoutSeconds: 120 });
  assert.deepEqual(Object.keys(canary).sort(), ['encodeNs', 'version', 'writeNs']);
  assert.equal(canary.version, 1);
  // No machine writes 16 MiB in 0.1 ms, or encodes six million numbers in 1 ms.
  assert.equal(canary.writeNs > 100_000 && canary.encodeNs > 1_000_000, true, JSON.stringify(canary));
  assert.deepEqual(readdirSync(folder), []);
});

test('a folder that is not there is a sentence', async () => {
  const nowhere = path.join(freshFolder(), 'nowhere');
  await assert.rejects(
    runCanary(nowhere, { timeoutSeconds: 120 }),
    /fixed piece of work cannot be written in .*nowhere/,
  );
});
