import assert from 'node:assert/strict';
import { test } from 'node:test';
import { underLimit } from '../../harness/limit/under-limit.js';
import type { MemoryLimitUse, Verdict } from '../../harness/types.js';
import { MEASUREMENT, VERIFIED } from '../run/fixtures.js';

const MIB = 2 ** 20;
const USE: MemoryLimitUse = {
  limitBytes: 64 * MIB,
  peakBytes: 60 * MIB,
  failures: 1234,
  oomKills: 0,
  swapBytes: 0,
  swappedBytes: 0,
};
const SAID =
  'memory limit 64.0 MiB: a peak of 60.0 MiB within 64.0 MiB, page cache included; limit reached 1,234 times; the machine has no swap';

test('a verified case has the counters in its measurement', () => {
  const verdict = underLimit(VERIFIED, USE);
  assert.deepEqual(verdict, { ...VERIFIED, measurement: { ...MEASUREMENT, memoryLimit: USE } });
});

test('a corrupt one keeps its findings, and the counters with what is refused', () => {
  const corrupt: Verdict = { status: 'corrupt', findings: [], refused: MEASUREMENT };
  assert.deepEqual(underLimit(corrupt, USE), { ...corrupt, refused: { ...MEASUREMENT, memoryLimit: USE } });
  assert.deepEqual(underLimit({ ...corrupt, refused: null }, USE), { ...corrupt, refused: null });
});

test('a process killed for memory is a crash that names limit and counters, even beside right data', () => {
  const killed = { ...USE, oomKills: 1 };
  const crashed: Verdict = {
    status: 'crashed',
    signal: 'SIGKILL',
    exitCode: null,
    reason: 'the worker was ended by SIGKILL',
  };
  assert.deepEqual(underLimit(crashed, killed), {
    ...crashed,
    reason: `out of memory: 1 process was killed (oom_kill); ${SAID}; the worker was ended by SIGKILL`,
  });
  assert.deepEqual(underLimit(VERIFIED, { ...killed, oomKills: 2 }), {
    status: 'crashed',
    signal: 'SIGKILL',
    exitCode: null,
    reason: `out of memory: 2 processes were killed (oom_kill); ${SAID}`,
  });
});

test('other endings name the limit too, for it may be why', () => {
  const failed: Verdict = { status: 'failed', step: 'write', errno: 12, errnoName: 'ENOMEM', reason: 'no memory' };
  assert.deepEqual(underLimit(failed, USE), { ...failed, reason: `no memory; ${SAID}` });
  const skipped: Verdict = { status: 'skipped', reason: 'no rows' };
  assert.deepEqual(underLimit(skipped, USE), skipped);
});
