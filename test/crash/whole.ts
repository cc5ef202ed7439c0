/** `writeproof crash` whole on one writer: 300 kills of a library, every call, every power cut. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyNoFaultFileSystem } from '../../harness/crash/fault-file-system.js';
import { PHASES } from '../../harness/crash/phases.js';
import { crash, partOf, wrongOf } from './support.js';

const LEAST_KILLS = 30;

export function testWhole(writer: string, isLibrary: boolean): void {
  test(`nothing half-written of ${writer} is verified or left`, async () => {
    const crashed = await crash(['--writer', writer]);
    assert.deepEqual(wrongOf(crashed), []);
    assert.equal(crashed.code, 0, crashed.stderr);

    const kills = partOf(crashed, 'kills', writer);
    const few = PHASES.filter((phase) => (kills.find(({ what }) => what === phase)?.trials ?? 0) < LEAST_KILLS);
    assert.deepEqual(few, isLibrary ? [] : PHASES);

    const skipped = crashed.results.filter((result) => result.skipped !== null).map(({ part }) => part);
    const withoutFuse = whyNoFaultFileSystem() === null ? [] : ['calls', 'power'];
    const unexpected = skipped.filter((part) => part !== 'limits' && !withoutFuse.includes(part));
    assert.deepEqual(unexpected, isLibrary ? [] : ['kills']);
  });
}
