import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeCrossed, mergeMeasurements, type Share } from '../../harness/run/merge-reports.js';
import type { Measurement } from '../../harness/types.js';
import { DONE, MEASUREMENT } from './fixtures.js';

const share = (begunAtNs: number, change: Partial<Measurement> = {}): Share => ({
  spawnedAtNs: begunAtNs - 1_000,
  begunAtNs,
  measurement: { ...MEASUREMENT, ...change },
});

test('times run from the first to begin to the last to end, phases are the slowest worker’s, all else is the sum', () => {
  const merged = mergeMeasurements([
    share(10_000_000),
    share(10_500_000, {
      rows: 500,
      arrowBytes: 7,
      diskBytes: 50,
      returnNs: 3_000_000,
      durableNs: 3_500_000,
      spawnToDurableNs: 20_000_000,
      phasesNs: { create: 5, firstWrite: 1, writes: 9, close: 1, sync: 6 },
      busyNs: { generate: 1, convert: 2, handOver: 3, encode: 4, write: 5 },
      callNs: { count: 6, p50: 9, p99: 9, max: 9 },
      rss: { beforeBytes: 100, peakBytes: 300, growthBytes: 200 },
      cpuNs: { user: 10, system: 20 },
      pageFaults: { minor: 5, major: 6 },
      contextSwitches: { voluntary: 7, involuntary: 8 },
    }),
  ]);
  assert.deepEqual(merged, {
    rows: 1500,
    arrowBytes: 100_007,
    diskBytes: 50_050,
    returnNs: 3_500_000,
    durableNs: 4_000_000,
    spawnToDurableNs: 20_500_000,
    phasesNs: { create: 5, firstWrite: 2, writes: 9, close: 4, sync: 6 },
    busyNs: { generate: 2, convert: 2, handOver: 5, encode: 7, write: null },
    callNs: { count: 10, p50: null, p99: null, max: 9 },
    rss: { beforeBytes: 110, peakBytes: 330, growthBytes: 220 },
    cpuNs: { user: 11, system: 22 },
    io: null,
    pageFaults: { minor: 6, major: 6 },
    contextSwitches: { voluntary: 8, involuntary: 8 },
    allocations: null,
    direct: null,
    unwrittenPages: 0,
    v8: null,
    memoryLimit: null,
    profile: null,
    // The first was durable at 12,000,000, and the second began at 10,500,000.
    workers: { count: 2, largestPeakRssBytes: 300, togetherNs: 1_500_000 },
  });
});

test('workers of which one was durable before another began were never all at work', () => {
  const { workers, durableNs } = mergeMeasurements([share(10_000_000), share(11_000_000), share(12_000_000)]);
  assert.deepEqual([workers?.togetherNs, durableNs], [0, 4_000_000]);
});

test('what is not known of one worker is not known of all', () => {
  const io = { readBytes: 1, writeBytes: 2, writeCalls: 3, writtenChars: 4 };
  const merged = mergeMeasurements([share(1e7, { io }), share(1e7, { rss: null })]);
  assert.deepEqual([merged.io, merged.rss, merged.workers?.largestPeakRssBytes], [null, null, null]);
  const figure = { beforeBytes: 1, peakBytes: 2 };
  const v8 = { heapUsed: figure, external: figure, arrayBuffers: figure };
  const known = mergeMeasurements([share(1e7, { io, v8 }), share(1e7, { io, v8 })]);
  assert.deepEqual(known.io, { readBytes: 2, writeBytes: 4, writeCalls: 6, writtenChars: 8 });
  assert.deepEqual(known.v8?.external, { beforeBytes: 2, peakBytes: 4 });
});

test('O_DIRECT was in force where it was for every worker; pages count by the size of the files', () => {
  const proof = { flagSeen: true, dioMemAlign: 512, dioOffsetAlign: 4096, residentShare: 0 };
  const merged = mergeMeasurements([
    share(1e7, { direct: proof, diskBytes: 300 }),
    share(1e7, { direct: { ...proof, flagSeen: false, dioMemAlign: 4, residentShare: 0.4 }, diskBytes: 100 }),
  ]);
  assert.deepEqual(merged.direct, { flagSeen: false, dioMemAlign: 4, dioOffsetAlign: 4096, residentShare: 0.1 });
});

test('what crossed is counted together; addresses are proved for all, or refuted by one', () => {
  const { crossed } = DONE;
  const proved = { ...crossed, addressesProved: true };
  const merged = mergeCrossed([proved, { ...proved, rows: 5, flushes: 2 }]);
  assert.deepEqual(merged, { ...proved, calls: 8, flushes: 2, rows: 1005, bytes: 200_000 });
  assert.equal(mergeCrossed([proved, crossed])?.addressesProved, null);
  assert.equal(mergeCrossed([proved, crossed, { ...proved, addressesProved: false }])?.addressesProved, false);
  assert.equal(mergeCrossed([]), null);
});
