import assert from 'node:assert/strict';
import path from 'node:path';
import { after, test } from 'node:test';
import { linesOf } from '../../harness/gate/lines.js';
import { verdictOf } from '../../harness/gate/verdict.js';
import type { Contest } from '../../harness/gate/contest.js';
import type { GateLine } from '../../harness/gate/types.js';
import { contestOf, noise, play, temporary, type Outcome, type Played } from './fixtures.js';

const { folder, remove } = temporary();
after(remove);

const TWO = [contestOf('lineitem'), contestOf('orders')];

/** 100 ms with noise; the head so many times as long. */
const times = (seed: number, ratio: (contest: Contest) => number, sigma = 0.03): Outcome => {
  const random = noise(seed, sigma);
  return (side, contest) => 100e6 * Math.exp(random()) * (side === 'head' ? ratio(contest) : 1);
};

const lines = ({ measured, records }: Played, contests = TWO): readonly GateLine[] =>
  linesOf(contests, records, measured, 0.05);
const timesOf = (played: Played, contests = TWO): readonly (readonly unknown[])[] =>
  lines(played, contests)
    .filter(({ metric }) => metric === 'time')
    .map((line) => [line.case, line.verdict, line.decides]);
const verdict = (played: Played, contests = TWO): readonly unknown[] => {
  const { verdict: what, exitCode } = verdictOf(lines(played, contests), 0.05, played.measured.interrupted);
  return [what, exitCode];
};

test('two sides that are alike are green, and every case has its line', async () => {
  const played = await play(
    path.join(folder, 'alike'),
    TWO,
    times(1, () => 1),
  );
  assert.deepEqual(verdict(played), ['pass', 0]);
  assert.deepEqual(timesOf(played), [
    ['parquet/stream on lineitem@0.1, orders@0.1', 'pass', true],
    ['lineitem@0.1/parquet/stream', 'pass', false],
    ['orders@0.1/parquet/stream', 'pass', false],
  ]);
});

test('a slower head is red, and was measured again', async () => {
  const played = await play(
    path.join(folder, 'slower'),
    TWO,
    times(2, () => 1.1),
  );
  const pool = lines(played).find(({ metric }) => metric === 'time');
  const fresh = played.measured.blocks.filter(({ purpose }) => purpose === 'confirm').length;
  assert.deepEqual(verdict(played), ['regression', 2]);
  assert.equal(pool?.note, `confirmed by ${fresh} fresh pairs`);
  assert.ok(fresh >= 12, String(fresh));
  assert.ok(Math.abs((pool.estimate ?? 0) - 1.1) < 0.02, String(pool.estimate));
});

test('a slowdown of one case that the other hides is red by itself', async () => {
  const hidden = times(3, ({ id }) => (id.startsWith('lineitem') ? 1.2 : 1 / 1.2), 0.01);
  const played = await play(path.join(folder, 'hidden'), TWO, hidden);
  assert.deepEqual(verdict(played), ['regression', 2]);
  assert.deepEqual(timesOf(played), [
    ['parquet/stream on lineitem@0.1, orders@0.1', 'pass', true],
    ['lineitem@0.1/parquet/stream', 'regression', true],
    ['orders@0.1/parquet/stream', 'pass', false],
  ]);
});

test('what was slow only at first is not red, and not green', async () => {
  const random = noise(4, 0.01);
  const slowAtFirst: Outcome = (side, _, nth) => 100e6 * Math.exp(random()) * (side === 'head' && nth <= 13 ? 1.06 : 1);
  const one = [contestOf('lineitem')];
  const played = await play(path.join(folder, 'first'), one, (side, contest, nth) => {
    const ns = slowAtFirst(side, contest, nth);
    return side === 'head' && nth > 13 && typeof ns === 'number' ? ns * 0.99 : ns;
  });
  assert.deepEqual(timesOf(played, one), [['lineitem@0.1/parquet/stream', 'inconclusive', true]]);
  assert.deepEqual(verdict(played, one), ['inconclusive', 3]);
});

test('a case that is not verified is red at once, whatever its speed, and nothing is timed', async () => {
  const played = await play(path.join(folder, 'corrupt'), TWO, (side, { id }) =>
    side === 'head' && id.startsWith('orders')
      ? { status: 'corrupt', findings: [{ detector: 'N', what: 'rows', expected: '10', actual: '0' }], refused: null }
      : 1e6,
  );
  assert.deepEqual(verdict(played), ['integrity failure', 4]);
  assert.equal(played.measured.blocks.length, 0);
  const [, orders] = lines(played);
  assert.deepEqual([orders?.case, orders?.verdict], ['orders@0.1/parquet/stream', 'unverified']);
  assert.match(orders?.note ?? '', /^head: corrupt: .*10.*0/);
});

test('a repetition that is corrupt once, in the middle of the gate, is red', async () => {
  const good = times(5, () => 1);
  const played = await play(path.join(folder, 'once'), TWO, (side, contest, nth) =>
    side === 'head' && nth === 9 && contest.id.startsWith('orders')
      ? { status: 'corrupt', findings: [{ detector: 'M', what: 'digest', expected: 'a', actual: 'b' }], refused: null }
      : good(side, contest, nth),
  );
  assert.deepEqual(verdict(played), ['integrity failure', 4]);
});

test('a case that is skipped leaves the question open', async () => {
  const played = await play(path.join(folder, 'skipped'), TWO, (_, { id }) =>
    id.startsWith('orders') ? { status: 'skipped', reason: 'no O_DIRECT' } : 1e6,
  );
  assert.deepEqual(verdict(played), ['inconclusive', 3]);
});

test('only verified cases and no timed one is no pass', async () => {
  const untimed = [contestOf('types', 'stream', false)];
  const played = await play(path.join(folder, 'untimed'), untimed, () => 1e6);
  assert.deepEqual(verdict(played, untimed), ['nothing measured', 5]);
});

test('a disturbed block does not count and is run again', async () => {
  const disturb = (nth: number): string | null => (nth === 3 ? 'steal 20 %, limit 3 %' : null);
  const played = await play(
    path.join(folder, 'disturbed'),
    TWO,
    times(6, () => 1),
    { disturb },
  );
  const dropped = played.measured.blocks.filter((block) => block.dropped !== null);
  const [first] = dropped;
  const again = played.measured.blocks.filter(({ case: id, round }) => id === first?.case && round === first.round);
  assert.deepEqual(
    dropped.map((block) => [block.dropped, block.pairs.length]),
    [['steal 20 %, limit 3 %', 0]],
  );
  assert.deepEqual(
    again.map((block) => block.dropped),
    ['steal 20 %, limit 3 %', null],
  );
  assert.deepEqual(verdict(played), ['pass', 0]);
});

test('a machine that is always disturbed gives no verdict', async () => {
  const played = await play(
    path.join(folder, 'never'),
    [contestOf('lineitem')],
    times(7, () => 1),
    {
      disturb: () => 'steal 20 %, limit 3 %',
    },
  );
  assert.deepEqual(verdict(played, [contestOf('lineitem')]), ['inconclusive', 3]);
  assert.deepEqual(timesOf(played, [contestOf('lineitem')]), [['parquet/stream', 'inconclusive', true]]);
  assert.match(played.measured.notes.join(' '), /disturbed too often/);
});

test('noise that the time does not allow for is said, with what fits', async () => {
  const one = [contestOf('lineitem')];
  const played = await play(
    path.join(folder, 'short'),
    one,
    times(8, () => 1, 0.2),
    { budgetSeconds: 1e-9 },
  );
  assert.match(played.said.join(' '), /a tolerance of 5\.0 % needs \d+ pairs, the time allows 12/);
  assert.deepEqual(verdict(played, one), ['inconclusive', 3]);
});

test('a gate that was interrupted is never green, and goes on to the verdict that it would have had', async () => {
  const one = [contestOf('lineitem')];
  // The time of a repetition depends on its number alone, so that both gates see the same.
  const at: Outcome = (side, _, nth) => 100e6 * (1 + ((nth * 7919) % 11) / 400) * (side === 'head' ? 1.001 : 1);
  const whole = await play(path.join(folder, 'whole'), one, at);
  const killed = path.join(folder, 'killed');
  const stopped = await play(killed, one, (side, contest, nth) =>
    nth === 8 && side === 'head' ? 'interrupt' : at(side, contest, nth),
  );
  assert.deepEqual(verdict(stopped, one), ['interrupted', 130]);
  const resumed = await play(killed, one, at, { plans: stopped.plans });
  assert.deepEqual(verdict(resumed, one), verdict(whole, one));
  assert.equal(resumed.measured.blocks.length, whole.measured.blocks.length);
  assert.deepEqual(
    resumed.measured.blocks.map(({ round, order }) => [round, order]),
    whole.measured.blocks.map(({ round, order }) => [round, order]),
  );
});
