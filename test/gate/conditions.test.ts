/** What /proc says of a stretch of time, from its texts. */

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import {
  conditionsBetween,
  parsePressure,
  parseProcessors,
  takeSnapshot,
  type Snapshot,
} from '../../harness/gate/conditions.js';
import { freshFolder } from '../fixtures.js';

const STAT = 'cpu  100 20 30 400 5 6 7 32 90 80\ncpu0 50 10 15 200 2 3 3 16 45 40\nintr 12345 0\n';
const PRESSURE =
  'some avg10=1.53 avg60=1.40 avg300=0.90 total=81203417\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n';

test('ticks of all processors are summed without those of guests, which are part of user and nice', () => {
  assert.deepEqual(parseProcessors(STAT), { all: 600, steal: 32 });
  assert.equal(parseProcessors('cpu0 50 10 15 200 2 3 3 16 45 40\n'), null);
  assert.equal(parseProcessors('cpu  1 2 3 4\n'), null);
  assert.equal(parseProcessors('cpu  1 2 3 4 5 6 7 x\n'), null);
});

test('pressure is the total of some', () => {
  assert.equal(parsePressure(PRESSURE), 81_203_417);
  assert.equal(parsePressure('full avg10=0.00 avg60=0.00 avg300=0.00 total=7\n'), null);
  assert.equal(parsePressure(''), null);
});

const AT: Snapshot = { atNs: 5e9, processors: { all: 1000, steal: 50 }, cpuUs: 100, ioUs: 200, memoryUs: 0 };

test('shares are of the time between two snapshots', () => {
  const later: Snapshot = {
    atNs: 7e9,
    processors: { all: 1400, steal: 60 },
    cpuUs: 500_100,
    ioUs: 1_000_200,
    memoryUs: 2_000_003,
  };
  assert.deepEqual(conditionsBetween(AT, later), {
    steal: 0.025,
    cpuPressure: 0.25,
    ioPressure: 0.5,
    memoryPressure: 1,
  });
});

test('what one of two snapshots does not know, and what took no time, is null', () => {
  const nothing = { steal: null, cpuPressure: null, ioPressure: null, memoryPressure: null };
  const unknown: Snapshot = { atNs: 6e9, processors: null, cpuUs: null, ioUs: null, memoryUs: null };
  assert.deepEqual(conditionsBetween(AT, unknown), nothing);
  assert.deepEqual(conditionsBetween(unknown, { ...AT, atNs: 7e9 }), nothing);
  assert.deepEqual(conditionsBetween(AT, AT), nothing);
});

test('a snapshot reads the files that are there', () => {
  const proc = freshFolder();
  const { atNs, ...absent } = takeSnapshot(proc);
  assert.deepEqual(absent, { processors: null, cpuUs: null, ioUs: null, memoryUs: null });
  writeFileSync(path.join(proc, 'stat'), STAT);
  mkdirSync(path.join(proc, 'pressure'));
  writeFileSync(path.join(proc, 'pressure', 'io'), PRESSURE);
  const { atNs: laterNs, ...found } = takeSnapshot(proc);
  assert.deepEqual(found, { processors: { all: 600, steal: 32 }, cpuUs: null, ioUs: 81_203_417, memoryUs: null });
  assert.equal(laterNs > atNs, true);
});

test('this machine says how many ticks passed', () => {
  const { processors } = takeSnapshot();
  assert.equal(processors !== null && processors.all > 0 && processors.steal <= processors.all, true);
});
