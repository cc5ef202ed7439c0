/** Where CPU time of Lance goes is known by name, at least most of it. */

import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { SWITCHES } from '../../harness/defaults.js';
import { categorise, readRules } from '../../harness/profile/categories.js';
import { runWorker } from '../../harness/run/worker.js';
import { freshFolder } from '../fixtures.js';
import { nativePath } from '../native-path.js';

test('lance: less than 15 % of the samples are unclassified', async () => {
  const directory = freshFolder();
  const { report, child } = await runWorker(
    {
      subject: { kind: 'library', path: nativePath('libwriteproof_lance.so') },
      table: 'lineitem',
      scale: 0.1,
      part: { index: 1, count: 1 },
      source: 'generated',
      preparedPath: null,
      batchRows: 8192,
      threads: 1,
      overlap: false,
      flushEvery: 0,
      profile: true,
      variant: 'stream',
      switches: SWITCHES.stream,
      writerOptions: {},
      directory,
      target: path.join(directory, 'lineitem.lance'),
      nonce: 'of the test',
    },
    { timeoutSeconds: 600 },
  );
  assert.ok(report?.outcome === 'done' && report.stacks !== undefined, JSON.stringify(report ?? child).slice(0, 600));
  const { samples, categories, unclassifiedShare, topUnclassified } = categorise(report.stacks, readRules());
  assert.equal(samples > 0, true);
  assert.equal(unclassifiedShare < 0.15, true, topUnclassified.join('; '));
  assert.equal(
    categories.encoding > 0.1 && categories['statistics and hashing'] > 0.02,
    true,
    JSON.stringify(categories),
  );
});
