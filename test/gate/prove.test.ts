import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideMemory } from '../../harness/gate/memory.js';
import { simulateBytes } from '../../harness/gate/prove/bytes.js';
import { simulateGates, together, type Simulated } from '../../harness/gate/prove/gates.js';
import { proveSynthetic } from '../../harness/gate/prove/rows.js';
import { noiseOf, readTrace, resampled, residuals, timedSeries } from '../../harness/gate/prove/trace.js';
import { randomFrom } from '../../harness/plan/order.js';
import { proveDocument, proveMarkdown, proveSentence } from '../../reports/prove.js';
import { departures } from '../records/schemas.js';

const TRACE = await readTrace();

const simulated = (effect: number, gates: number): Simulated =>
  simulateGates({ series: timedSeries(TRACE), sigma: 0.08, effect, tolerance: 0.05, gates, seed: 7 });

test('the recorded noise is of the schema, of several cases, and long enough', () => {
  assert.deepEqual(departures('writeproof.noise.v1', TRACE), []);
  const timed = timedSeries(TRACE);
  assert.equal(timed.length >= 3, true);
  // Noise that there is: neighbours differ by more than one per cent and less than half.
  const sigmas = timed.map(({ durableNs }) => noiseOf(residuals(durableNs)));
  assert.deepEqual(
    sigmas.filter((sigma) => !(sigma > 0.01 && sigma < 0.5)),
    [],
  );
});

test('resampled runs are blocks of the recorded ones, in their order', () => {
  const recorded = Array.from({ length: 150 }, (_, place) => place);
  const next = resampled(recorded, randomFrom(7));
  const drawn = Array.from({ length: 4000 }, next);
  const jumps = drawn.flatMap((value, place) => (place > 0 && value !== (drawn[place - 1] ?? NaN) + 1 ? [place] : []));
  // A hundred blocks of forty; two of them may follow each other by chance.
  assert.equal(jumps.length > 90, true);
  assert.deepEqual(
    jumps.filter((place) => place % 40 !== 0),
    [],
  );
  assert.deepEqual([Math.min(...drawn) < 20, Math.max(...drawn) > 130], [true, true]);
  assert.throws(() => resampled(recorded.slice(0, 39), randomFrom(7)), RangeError);
});

test('unchanged: green in at least 95 %, red in at most 1 %; stored baselines do neither', () => {
  const { gate, saved } = simulated(0, 2000);
  assert.equal(gate.gates, 2000);
  assert.equal(gate.green.rate >= 0.95, true, `green ${gate.green.rate}`);
  assert.equal(gate.red.rate <= 0.01, true, `red ${gate.red.rate}`);
  assert.equal(gate.red.rate + gate.green.rate + gate.inconclusive.rate, 1);
  // What 12 pairs of σ 8 % plan: 60 and more, of which an unchanged tree seldom takes all.
  const { mean, p95 } = gate.pairs;
  assert.deepEqual([mean > 30, mean < 55, p95 > 60, p95 < 130], [true, true, true, true], `${mean}, ${p95}`);
  assert.equal(saved.red.rate > 0.05, true, `saved, red ${saved.red.rate}`);
});

test('5 % slower: red in at least 90 %, green in at most 2 %; 10 %: nearly always', () => {
  const [five, ten] = [simulated(0.05, 1000), simulated(0.1, 500)];
  assert.equal(five.gate.red.rate >= 0.9, true, `red ${five.gate.red.rate}`);
  assert.equal(five.gate.green.rate <= 0.02, true, `green ${five.gate.green.rate}`);
  assert.equal(ten.gate.red.rate >= 0.99, true, `red ${ten.gate.red.rate}`);
  // Half of them: more than of an unchanged tree, and far fewer than the gate finds.
  const saved = five.saved.red.rate;
  assert.equal(saved > 0.3 && saved < 0.8, true, `saved, red ${saved}`);
});

test('four pools at once: an unchanged tree is green in all of them in at least 95 %, and a slower one is red by the one that is', () => {
  const settings = { series: timedSeries(TRACE), sigma: 0.08, tolerance: 0.05, pools: 4, gates: 500, seed: 7 };
  const [unchanged, slower] = [0, 0.05].map((effect) => simulateGates({ ...settings, effect }).gate);
  assert.equal((unchanged?.green.rate ?? 0) >= 0.95, true, `green ${unchanged?.green.rate ?? 'none'}`);
  assert.equal((unchanged?.red.rate ?? 1) <= 0.01, true, `red ${unchanged?.red.rate ?? 'none'}`);
  assert.equal((slower?.red.rate ?? 0) >= 0.9, true, `red ${slower?.red.rate ?? 'none'}`);
  assert.equal((unchanged?.pairs.mean ?? 0) > 60, true, `pairs ${unchanged?.pairs.mean ?? 'none'}`);
});

test('pools together: one red is red, and only all green is green; only the first of them is slower', () => {
  const ended = (['regression', 'inconclusive', 'pass'] as const).map((verdict, place) => ({ verdict, pairs: place }));
  assert.deepEqual(
    [ended, ended.slice(1), ended.slice(2)].map((pools) => together(pools)),
    [
      { verdict: 'regression', pairs: 2 },
      { verdict: 'inconclusive', pairs: 2 },
      { verdict: 'pass', pairs: 2 },
    ],
  );
  const settings = { series: timedSeries(TRACE), sigma: 0.08, tolerance: 0.05, pools: 4, gates: 300, seed: 7 };
  // 2 %: one pool of that is red in a sixth; four would be in half.
  const red = simulateGates({ ...settings, effect: 0.02 }).gate.red.rate;
  assert.equal(red > 0.05 && red < 0.35, true, `red ${red}`);
});

test('the same seed gives the same gates, another seed others', () => {
  const one = simulated(0.02, 200);
  assert.deepEqual(simulated(0.02, 200), one);
  const other = simulateGates({
    series: timedSeries(TRACE),
    sigma: 0.08,
    effect: 0.02,
    tolerance: 0.05,
    gates: 200,
    seed: 1_000_007,
  });
  assert.notDeepEqual(other, one);
});

test('the more noise there is, the more pairs a gate takes', () => {
  const pairs = [0.02, 0.08, 0.16].map(
    (sigma) =>
      simulateGates({ series: timedSeries(TRACE), sigma, effect: 0, tolerance: 0.05, gates: 100, seed: 7 }).gate.pairs
        .mean,
  );
  assert.deepEqual(
    pairs.toSorted((one, other) => one - other),
    pairs,
  );
  assert.equal((pairs[2] ?? 0) > 3 * (pairs[0] ?? NaN), true);
});

test('memory: what is drawn is decided by the rule, and an empty recording is refused', () => {
  const settings = { recorded: [100e6, 100e6, 101e6], decide: decideMemory, gates: 50, seed: 7 };
  const same = simulateBytes({ ...settings, grown: (bytes) => bytes });
  const more = simulateBytes({ ...settings, grown: (bytes) => bytes * 1.2 });
  assert.deepEqual([same.green.rate, more.red.rate], [1, 1]);
  assert.throws(() => simulateBytes({ ...settings, recorded: [], grown: (bytes) => bytes }), RangeError);
});

test('the rows: each with its rates, the marks met, as text and as a document of the schema', () => {
  const told: string[] = [];
  const rows = proveSynthetic({
    trace: TRACE,
    tolerance: 0.05,
    gates: 200,
    seed: 7,
    onRow: ({ change }) => told.push(change),
  });
  const timed = timedSeries(TRACE).length;
  assert.equal(rows.length, 8 + 4 + 4 * timed + 2 * TRACE.series.length + 2 * timed);
  assert.deepEqual(
    told,
    rows.map(({ change }) => change),
  );
  const marked = rows.filter(({ mark }) => mark !== null);
  assert.equal(marked.length, 3 + 2 + 2 * TRACE.series.length + 2 * timed);
  assert.deepEqual(
    marked.filter(({ mark }) => mark?.met !== true),
    [],
  );
  const document = proveDocument({ seed: 7, tolerance: 0.05, machine: TRACE.machine, rows });
  assert.deepEqual(departures('writeproof.prove.v1', document), []);
  assert.notDeepEqual(departures('writeproof.prove.v1', { ...document, results: [{}] }), []);
  const text = proveMarkdown(rows).split('\n');
  assert.equal(text.filter((line) => line.includes('8 MiB more')).length > 0, true);
  assert.equal(text.filter((line) => line.startsWith('|')).length, rows.length + 2);
  assert.equal(proveSentence(rows).endsWith(`${marked.length} of ${marked.length} marks met`), true);
});
