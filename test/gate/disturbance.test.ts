/** Which blocks count. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { disturbance, referenceOf } from '../../harness/gate/disturbance.js';
import type { Canary, Conditions } from '../../harness/gate/types.js';

const USUAL: Canary = { version: 1, writeNs: 20_000_000, encodeNs: 50_000_000 };
const QUIET: Conditions = { steal: 0, cpuPressure: 0.1, ioPressure: 0.1, memoryPressure: 0 };

test('the reference is the median of each time by itself', () => {
  const canaries = [
    { version: 1, writeNs: 30, encodeNs: 5 },
    { version: 1, writeNs: 10, encodeNs: 9 },
    { version: 1, writeNs: 20, encodeNs: 7 },
  ];
  assert.deepEqual(referenceOf(canaries), { version: 1, writeNs: 20, encodeNs: 7 });
  assert.throws(() => referenceOf([]), /canaries of one version are needed, found none/);
  assert.throws(() => referenceOf([USUAL, { ...USUAL, version: 2 }]), /found 1 and 2/);
});

test('a block within all limits counts, and so does one of which nothing is known', () => {
  const unknown = { steal: null, cpuPressure: null, ioPressure: null, memoryPressure: null };
  assert.equal(disturbance({ canary: USUAL, conditions: QUIET }, USUAL), null);
  assert.equal(disturbance({ canary: USUAL, conditions: unknown }, USUAL), null);
  assert.equal(disturbance({ canary: { ...USUAL, encodeNs: 62_500_000 }, conditions: QUIET }, USUAL), null);
});

test('each limit is said in a sentence, with what was found', () => {
  const of = (canary: Partial<Canary>, conditions: Partial<Conditions>): string | null =>
    disturbance({ canary: { ...USUAL, ...canary }, conditions: { ...QUIET, ...conditions } }, USUAL);
  assert.equal(of({ encodeNs: 71_000_000 }, {}), 'canary: encoding took 1.42 times as long as usual, limit 1.25');
  assert.match(of({ writeNs: 200_000_000 }, {}) ?? '', /^canary: writing took 10\.00 times as long as usual, limit \d/);
  assert.equal(of({}, { steal: 0.041 }), 'the hypervisor took 4.1 % of the time, limit 3.0 %');
  assert.match(of({}, { cpuPressure: 1 }) ?? '', /^tasks waited for a processor 100\.0 % of the time, limit /);
  assert.match(of({}, { ioPressure: 1 }) ?? '', /^tasks waited for the disk 100\.0 % of the time, limit /);
  assert.match(of({}, { memoryPressure: 0.5 }) ?? '', /^tasks waited for memory 50\.0 % of the time, limit /);
  assert.match(of({ encodeNs: 71_000_000 }, { steal: 0.1 }) ?? '', /^canary: encoding .*; the hypervisor took 10\.0 %/);
});
