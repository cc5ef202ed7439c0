/** Writers with a handicap are verified under the honest one's cases, and cost what they say. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { handicapped } from '../../suites/handicaps.js';
import { REGISTRY } from '../../suites/index.js';
import { caseOf, honestBench, handicappedBench, measured } from './cases.js';

const MEBIBYTE = 2 ** 20;
const cpu = ({ cpuNs }: { readonly cpuNs: { readonly user: number; readonly system: number } }): number =>
  cpuNs.user + cpuNs.system;

test('a spinning writer takes a share more of a processor', async () => {
  const one = caseOf('lineitem@0.01/parquet/stream');
  const honest = await measured(one, honestBench());
  const slow = await measured(one, handicappedBench('parquet', { kind: 'slow-spin', share: 10 }));
  // Eleven times, less what is not within the writer's calls, and what a busy machine adds to the honest one.
  assert.equal(cpu(slow) > 3 * cpu(honest), true, `${cpu(slow)} and ${cpu(honest)} ns`);
});

test('a sleeping writer takes a share more of time, and none of a processor', async () => {
  const slow = await measured(
    caseOf('lineitem@0.01/arrow/stream'),
    handicappedBench('arrow', { kind: 'slow-sleep', share: 20 }),
  );
  assert.equal(slow.returnNs > 3 * cpu(slow), true, `${slow.returnNs} ns, of which ${cpu(slow)} of a processor`);
});

test('a larger writer that streams holds 8 MiB from create to close, or as much as it is told', async () => {
  const one = caseOf('lineitem@0.01/parquet/stream');
  const growth = async (...of: Parameters<typeof measured>): Promise<number> =>
    (await measured(...of)).rss?.growthBytes ?? NaN;
  const honest = await growth(one, honestBench());
  const usual = await growth(one, handicappedBench('parquet', { kind: 'more-memory' }));
  const larger = await growth(one, handicappedBench('parquet', { kind: 'more-memory', bytes: 64 * MEBIBYTE }));
  assert.equal(Math.abs(usual - honest - 8 * MEBIBYTE) < 3 * MEBIBYTE, true, `${honest} and ${usual}`);
  assert.equal(Math.abs(larger - honest - 64 * MEBIBYTE) < 3 * MEBIBYTE, true, `${honest} and ${larger}`);
});

test('a larger writer that accumulates holds a share of every batch until close', async () => {
  const one = caseOf('lineitem@0.1/arrow/accumulate');
  const honest = await measured(one, honestBench());
  const larger = await measured(one, handicappedBench('arrow', { kind: 'more-memory', share: 0.5 }));
  const more = (larger.rss?.growthBytes ?? NaN) - (honest.rss?.growthBytes ?? NaN);
  assert.equal(
    more > 0.4 * honest.arrowBytes && more < 0.6 * honest.arrowBytes,
    true,
    `${more} of ${honest.arrowBytes}`,
  );
});

test('only libraries take a handicap', () => {
  const modules = REGISTRY.writers.filter(({ holder }) => holder.kind === 'module');
  assert.equal(modules.length > 0, true);
  for (const writer of modules) assert.throws(() => handicapped(writer, { kind: 'slow-spin' }), /is no library/);
});
