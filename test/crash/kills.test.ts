/** A handful of kills, and limits: no file system of ours is needed. */

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { PHASES } from '../../harness/crash/phases.js';
import { crash, outcomesOf, partOf, wrongOf, type Crashed } from './support.js';

const WRITERS = ['parquet', 'arrow'];
const KILLS = 12;

let crashed: Crashed;

before(async () => {
  crashed = await crash(['--writer', WRITERS.join(','), '--part', 'kills,limits', '--kills', String(KILLS)]);
});

test('nothing half-written is verified after kills and under limits', () => {
  assert.deepEqual(wrongOf(crashed), []);
  assert.equal(crashed.code, 0, crashed.stderr);
});

for (const writer of WRITERS) {
  test(`kills of ${writer} hit every phase, and half a file is refused`, () => {
    const kills = partOf(crashed, 'kills', writer);
    const byPhase = PHASES.map((phase) => kills.find(({ what }) => what === phase)?.trials ?? 0);
    assert.equal(
      byPhase.every((trials) => trials >= 1),
      true,
      JSON.stringify(byPhase),
    );
    const outcomes = outcomesOf(kills);
    const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    assert.equal(total >= KILLS, true, JSON.stringify(outcomes));
    assert.equal((outcomes['half, refused'] ?? 0) > 0, true, JSON.stringify(outcomes));
    assert.equal((outcomes['new whole'] ?? 0) > 0, true, JSON.stringify(outcomes));
    const writing = kills.find(({ what }) => what === 'write');
    assert.deepEqual(Object.keys(writing?.outcomes ?? {}), ['half, refused']);
  });

  test(`${writer} fails with the errno of a file that may not grow, and of too many open files`, () => {
    const limits = partOf(crashed, 'limits', writer);
    const of = (what: string): Readonly<{ [outcome: string]: number }> =>
      outcomesOf(limits.filter((result) => result.what === what));
    assert.deepEqual(of('largest size of a file'), { 'failed EFBIG': 5 });
    assert.equal((of('few open files')['failed EMFILE'] ?? 0) > 0, true);
    assert.equal((of('few open files')['verified'] ?? 0) > 0, true);
    const skips = limits.filter(({ skipped }) => skipped !== null).map(({ what }) => what);
    assert.deepEqual(
      skips.filter((what) => !['little memory', 'a folder that takes no files'].includes(what)),
      [],
    );
  });
}
