/** Thousands of gates of one case on recorded noise, decided by the code that decides real ones. Pure. */

import { randomFrom } from '../../plan/order.js';
import { rateOf, type Rate } from '../../statistics/binomial.js';
import { quantile } from '../../statistics/quantile.js';
import { welchInterval } from '../../statistics/welch.js';
import type { DecisionVerdict } from '../decide.js';
import { alphaOf, confirmed, PILOT_PAIRS, stateOfPool } from '../decisions.js';
import { planLooks, plannedSigma } from '../looks.js';
import { orderOf } from '../schedule.js';
import type { Block } from '../types.js';
import { noiseOf, resampled, residuals, type NoiseSeries } from './trace.js';

export interface Simulation {
  readonly series: readonly NoiseSeries[];
  /** σ_d that every series is scaled to; null: as recorded. */
  readonly sigma: number | null;
  /** Head takes so much longer: 0.05 is 5 %. */
  readonly effect: number;
  readonly tolerance: number;
  /** Decisions of a gate; head is slower in the first of them. */
  readonly pools?: number;
  readonly gates: number;
  readonly seed: number;
}

export interface Verdicts {
  readonly gates: number;
  readonly red: Rate;
  readonly green: Rate;
  readonly inconclusive: Rate;
  readonly pairs: { readonly mean: number; readonly p95: number };
}

export interface Simulated {
  readonly gate: Verdicts;
  /** The same runs, all of base first and all of head after, compared as tools do that store a baseline. */
  readonly saved: Verdicts;
}

export interface Ended {
  readonly verdict: DecisionVerdict;
  readonly pairs: number;
}

/** The machine of one gate: what it measures, and all that ran on it, in order. */
interface Machine {
  readonly runs: number[];
  readonly pair: (purpose: Block['purpose'], round: number) => readonly [number, number];
}

/** Blocks ABBA and BAAB of a stream of log times; each gives two differences head − base. */
function machineOf(next: () => number, slower: number, seed: number): Machine {
  const runs: number[] = [];
  const run = (): number => {
    const time = next();
    runs.push(time);
    return time;
  };
  return {
    runs,
    pair: (purpose, round) => {
      const [first, second, third, fourth] = [run(), run(), run(), run()];
      const sign = orderOf(seed, purpose, round, '') === 'ABBA' ? 1 : -1;
      return [sign * (second - first) + slower, sign * (third - fourth) + slower];
    },
  };
}

function series(machine: Machine, purpose: Block['purpose'], pairs: number, from: readonly number[] = []): number[] {
  const taken = [...from];
  while (taken.length < pairs) taken.push(...machine.pair(purpose, taken.length / 2 + 1));
  return taken;
}

/** Pilot, looks and confirmation: what harness/gate/run.ts does with a clock. */
function gate(machine: Machine, tolerance: number, decisions: number): Ended {
  const pilot = series(machine, 'decide', PILOT_PAIRS);
  const sigma = plannedSigma(pilot);
  const { pairs: most, looks, confirmPairs } = planLooks({ sigma, tolerance, decisions, least: PILOT_PAIRS });
  const plan = { pool: '', cases: [''], sigma, pairs: most, looks };
  let taken: readonly number[] = pilot;
  let state = stateOfPool(plan, taken, decisions, tolerance);
  for (const { pairs } of looks) {
    if (state.closed) break;
    taken = series(machine, 'decide', pairs, taken);
    state = stateOfPool(plan, taken, decisions, tolerance);
  }
  const { decision, pairs } = state;
  if (decision === null) throw new Error('a plan ended without a look');
  if (decision.verdict !== 'regression') return { verdict: decision.verdict, pairs };
  const fresh = series(machine, 'confirm', confirmPairs);
  const again = confirmed(taken.slice(0, pairs), fresh, tolerance, alphaOf(state));
  return { verdict: again.decision.verdict, pairs: again.pairs };
}

/** What criterion calls a regression: the 95 % interval of the change lies above its noise threshold of 1 %. */
const CONFIDENCE = 0.95;
const NOISE_THRESHOLD = 0.01;

function saveThenCompare(runs: readonly number[], slower: number): Ended {
  const half = runs.length / 2;
  const head = runs.slice(half).map((time) => time + slower);
  const [lower] = welchInterval(runs.slice(0, half), head, CONFIDENCE);
  return { verdict: lower > Math.log1p(NOISE_THRESHOLD) ? 'regression' : 'pass', pairs: half };
}

function counted(ended: readonly Ended[]): Verdicts {
  const rate = (wanted: DecisionVerdict): Rate =>
    rateOf(ended.filter(({ verdict }) => verdict === wanted).length, ended.length);
  const pairs = ended.map((one) => one.pairs);
  return {
    gates: ended.length,
    red: rate('regression'),
    green: rate('pass'),
    inconclusive: rate('inconclusive'),
    pairs: { mean: pairs.reduce((sum, one) => sum + one, 0) / pairs.length, p95: quantile(pairs, 0.95) },
  };
}

/** One red is red, and green is all of them; it takes as long as the longest. */
export function together(pools: readonly Ended[]): Ended {
  const verdicts = pools.map(({ verdict }) => verdict);
  const verdict = (['regression', 'inconclusive'] as const).find((one) => verdicts.includes(one)) ?? 'pass';
  return { verdict, pairs: Math.max(...pools.map(({ pairs }) => pairs)) };
}

/** Each pool of a gate has a series, a stretch of it and an order of its own, all from the seed. */
export function simulateGates({
  series: noise,
  sigma,
  effect,
  tolerance,
  pools = 1,
  gates,
  seed,
}: Simulation): Simulated {
  const random = randomFrom(seed);
  const traces = noise.map(({ durableNs }) => {
    const logarithms = residuals(durableNs);
    const scale = sigma === null ? 1 : sigma / noiseOf(logarithms);
    return logarithms.map((value) => value * scale);
  });
  const ended = Array.from({ length: gates }, (_, index) => {
    const ofPools = Array.from({ length: pools }, (_empty, pool) => {
      const trace = traces[(index + pool) % traces.length];
      if (trace === undefined) throw new RangeError('no series of noise: nothing can be simulated');
      const slower = pool === 0 ? Math.log1p(effect) : 0;
      const machine = machineOf(resampled(trace, random), slower, seed + index * pools + pool);
      return { gate: gate(machine, tolerance, pools), saved: saveThenCompare(machine.runs, slower) };
    });
    return { gate: together(ofPools.map((one) => one.gate)), saved: together(ofPools.map((one) => one.saved)) };
  });
  return { gate: counted(ended.map((one) => one.gate)), saved: counted(ended.map((one) => one.saved)) };
}
