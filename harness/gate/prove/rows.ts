/** What `gate --prove` shows of the gate on synthetic gates: how often it is wrong, how often it sees what is there, and what that costs. */

import type { Rate } from '../../statistics/binomial.js';
import { median } from '../../statistics/quantile.js';
import { decideMemory, decideSize } from '../memory.js';
import { simulateBytes } from './bytes.js';
import { simulateGates } from './gates.js';
import { noiseOf, residuals, timedSeries, type NoiseSeries, type NoiseTrace } from './trace.js';

export interface ProveRow {
  readonly metric: 'time' | 'peak RSS' | 'size';
  /** `save then compare`: the same runs, those of base first, the interval of the change as criterion has it. */
  readonly method: 'gate' | 'save then compare';
  /** Whose noise: a case, or all of them. */
  readonly noise: string;
  /** σ of ln(head ÷ base) of a pair; null where nothing is paired. */
  readonly sigma: number | null;
  /** `unchanged`, `5 % slower`, `8 MiB more`. */
  readonly change: string;
  readonly gates: number;
  readonly red: Rate;
  readonly green: Rate;
  readonly inconclusive: Rate;
  /** Pairs a gate, with those that confirm; null where nothing is paired. */
  readonly pairs: { readonly mean: number; readonly p95: number } | null;
  /** What it has to reach; null where nothing is promised. */
  readonly mark: { readonly what: string; readonly met: boolean } | null;
}

export interface ProveSettings {
  readonly trace: NoiseTrace;
  readonly tolerance: number;
  /** Of each row of scaled noise; a tenth where noise is as recorded, and far more pairs are needed. */
  readonly gates: number;
  readonly seed: number;
  /** Told of each row as soon as it is there. */
  readonly onRow?: (row: ProveRow) => void;
}

/** σ_d of the machines that CI has. */
const SIGMA = 0.08;
const EFFECTS = [0, 0.02, 0.05, 0.1] as const;
const MIB = 2 ** 20;

const GREEN_AT_LEAST = 0.95;
const RED_AT_MOST = 0.01;
const POWER_AT_LEAST = 0.9;

type Mark = ProveRow['mark'];

const unchangedMark = ({ red, green }: Pick<ProveRow, 'red' | 'green'>): Mark => ({
  what: 'green ≥ 95 %, red ≤ 1 %',
  met: green.rate >= GREEN_AT_LEAST && red.rate <= RED_AT_MOST,
});

const powerMark = ({ red }: Pick<ProveRow, 'red'>): Mark => ({ what: 'red ≥ 90 %', met: red.rate >= POWER_AT_LEAST });

const slowerText = (effect: number): string =>
  effect === 0 ? 'unchanged' : `${Number((effect * 100).toFixed(2))} % slower`;

interface Timed {
  readonly noise: string;
  readonly series: readonly NoiseSeries[];
  readonly sigma: number | null;
  readonly effects: readonly number[];
  readonly gates: number;
}

function* timeRows(
  { noise, series, sigma, effects, gates }: Timed,
  { tolerance, seed }: ProveSettings,
): Generator<ProveRow> {
  const [first] = series;
  const recorded = first === undefined ? null : noiseOf(residuals(first.durableNs));
  for (const effect of effects) {
    const { gate, saved } = simulateGates({ series, sigma, effect, tolerance, gates, seed });
    const row = { metric: 'time', noise, sigma: sigma ?? recorded, change: slowerText(effect) } as const;
    // Below the tolerance, and where noise is whatever it is, nothing is promised.
    const mark =
      sigma === null || (effect > 0 && effect < tolerance)
        ? null
        : effect === 0
          ? unchangedMark(gate)
          : powerMark(gate);
    yield { ...row, method: 'gate', ...gate, mark };
    yield { ...row, method: 'save then compare', ...saved, mark: null };
  }
}

interface Change {
  readonly change: string;
  readonly grown: (bytes: number) => number;
}

const UNCHANGED: Change = { change: 'unchanged', grown: (bytes) => bytes };

function* byteRows(
  metric: 'peak RSS' | 'size',
  { case: noise, peakRssBytes, diskBytes }: NoiseSeries,
  more: Change,
  { gates, seed }: ProveSettings,
): Generator<ProveRow> {
  for (const { change, grown } of [UNCHANGED, more]) {
    const found =
      metric === 'size'
        ? simulateBytes({ recorded: diskBytes, grown, decide: decideSize, gates, seed })
        : simulateBytes({ recorded: peakRssBytes, grown, decide: decideMemory, gates, seed });
    const mark = change === UNCHANGED.change ? unchangedMark(found) : powerMark(found);
    yield { metric, method: 'gate', noise, sigma: null, change, ...found, pairs: null, mark };
  }
}

/** Accumulating takes most of a GiB and is asked for 3 %; a stream takes tens of MiB and is asked for 8 MiB. */
const LARGE_BYTES = 512 * MIB;

function* rowsOf(settings: ProveSettings): Generator<ProveRow> {
  const { trace, gates } = settings;
  const timed = timedSeries(trace);
  const all = `${timed.length} cases, scaled`;
  yield* timeRows({ noise: all, series: timed, sigma: SIGMA, effects: EFFECTS, gates }, settings);
  for (const series of timed) {
    const few = Math.ceil(gates / 10);
    const own = { noise: series.case, series: [series], sigma: null, effects: [0, settings.tolerance], gates: few };
    yield* timeRows(own, settings);
  }
  for (const series of trace.series) {
    const large = median(series.peakRssBytes) >= LARGE_BYTES;
    const more: Change = large
      ? { change: '3 % more', grown: (bytes) => bytes * 1.03 }
      : { change: '8 MiB more', grown: (bytes) => bytes + 8 * MIB };
    yield* byteRows('peak RSS', series, more, settings);
  }
  for (const series of timed) {
    const same = new Set(series.diskBytes).size === 1;
    const more: Change = same
      ? { change: '0.2 % more', grown: (bytes) => bytes * 1.002 }
      : { change: '1 % more', grown: (bytes) => bytes * 1.01 };
    yield* byteRows('size', series, more, settings);
  }
}

/** All rows, in the order in which they are shown. Takes half a minute for 10,000 gates. */
export function proveSynthetic(settings: ProveSettings): readonly ProveRow[] {
  const rows: ProveRow[] = [];
  for (const row of rowsOf(settings)) {
    rows.push(row);
    settings.onRow?.(row);
  }
  return rows;
}
