/** Real gates whose right verdict is known: a build against itself, and against itself made slower or larger by a known amount. */

import { handicapped, type Handicap } from '../../../suites/handicaps.js';
import type { Registry } from '../../../suites/index.js';
import { median, quantile } from '../../statistics/quantile.js';
import { rateOf } from '../../statistics/binomial.js';
import { makePlan } from '../../plan/plan.js';
import { sameCases } from '../contest.js';
import type { BuiltSide } from '../sides.js';
import type { GateEnd, GateOptions } from '../start.js';
import type { GateLine, GateResult } from '../types.js';
import type { ProveRow } from './rows.js';

export interface RealGate {
  readonly case: string;
  readonly change: string;
  readonly metric: 'time' | 'peak RSS';
  /** What head does more; null: nothing. */
  readonly handicap: Handicap | null;
  /** Of all the gates that are asked for. */
  readonly share: number;
}

/** Memory needs a few repetitions, not the pairs that tell times apart. */
const MEMORY_SECONDS = 60;

const TIMED = 'lineitem@0.1/parquet/zero-copy';

const slower = (kind: 'slow-spin' | 'slow-sleep', share: number): RealGate => ({
  case: TIMED,
  change: `${share * 100} % slower (${kind === 'slow-spin' ? 'spins' : 'sleeps'})`,
  metric: 'time',
  handicap: { kind, share },
  share: 1 / 5,
});

export const REAL_GATES: readonly RealGate[] = [
  { case: TIMED, change: 'unchanged', metric: 'time', handicap: null, share: 1 },
  slower('slow-spin', 0.02),
  slower('slow-spin', 0.05),
  slower('slow-sleep', 0.05),
  slower('slow-spin', 0.1),
  {
    case: 'lineitem@0.3/parquet/accumulate',
    change: '3 % more',
    metric: 'peak RSS',
    handicap: { kind: 'more-memory', share: 0.03 },
    share: 1 / 10,
  },
  {
    case: 'lineitem@0.1/parquet/stream',
    change: '8 MiB more',
    metric: 'peak RSS',
    handicap: { kind: 'more-memory', bytes: 8 * 2 ** 20 },
    share: 1 / 10,
  },
];

/** The head's writers, one of them with a handicap under its own name, so that both sides have the same cases. */
function withHandicap(side: BuiltSide, writer: string, handicap: Handicap | null): BuiltSide {
  const honest = side.writers.get(writer);
  if (handicap === null || honest === undefined) return side;
  const spec = handicapped(honest, handicap);
  return {
    ...side,
    side: { ...side.side, name: `${side.side.name}, ${handicap.kind}` },
    writers: new Map([...side.writers, [writer, spec]]),
    changes: ({ writerOptions }) => ({ writerOptions: { ...writerOptions, ...spec.settings } }),
  };
}

const lineOf = ({ lines }: GateResult, metric: RealGate['metric']): GateLine | undefined =>
  lines.find((line) => line.metric === metric && line.decides);

function rowOf({ case: id, change, metric, handicap }: RealGate, results: readonly GateResult[]): ProveRow {
  const lines = results.map((result) => lineOf(result, metric));
  const rate = (verdict: GateLine['verdict']): ProveRow['red'] =>
    rateOf(lines.filter((line) => line?.verdict === verdict).length, lines.length);
  const pairs = lines.map((line) => line?.pairs ?? 0);
  const sigmas = results.flatMap(({ gate }) => gate.plans.map(({ sigma }) => sigma));
  const [red, green] = [rate('regression'), rate('pass')];
  // Few gates have wide intervals: what they must not show at all is the mark.
  const mark =
    handicap === null
      ? { what: 'no red, green ≥ 95 %', met: red.rate === 0 && green.rate >= 0.95 }
      : metric === 'peak RSS'
        ? { what: 'all red', met: red.rate === 1 }
        : null;
  return {
    metric,
    method: 'gate',
    noise: `measured now: ${id}`,
    sigma: sigmas.length === 0 ? null : median(sigmas),
    change,
    gates: results.length,
    red,
    green,
    inconclusive: rateOf(
      lines.length - lines.filter((line) => line?.verdict === 'pass' || line?.verdict === 'regression').length,
      lines.length,
    ),
    pairs: { mean: pairs.reduce((sum, one) => sum + one, 0) / pairs.length, p95: quantile(pairs, 0.95) },
    mark,
  };
}

export interface RealSettings {
  readonly side: BuiltSide;
  readonly registry: Registry;
  /** Gates of the unchanged build; the others are a share of them. */
  readonly gates: number;
  readonly seed: number;
  /** Runs one gate; null when it was interrupted. */
  readonly run: (gate: RealGateOptions, name: string) => Promise<GateEnd | null>;
  readonly onRow: (row: ProveRow) => void;
}

/** One gate, and the most time that its pairs may take. */
export type RealGateOptions = Pick<GateOptions, 'contests' | 'sides' | 'seed'> & { readonly mostSeconds: number };

/** All rows; fewer when it was interrupted. */
export async function proveReal({
  side,
  registry,
  gates,
  seed,
  run,
  onRow,
}: RealSettings): Promise<readonly ProveRow[]> {
  const rows: ProveRow[] = [];
  const none = { tables: [], scales: [], writers: [], formats: [], variants: [], options: {} };
  for (const [place, real] of REAL_GATES.entries()) {
    const contests = sameCases(makePlan({ ...none, cases: [real.case], seed }, registry));
    const writer = contests[0]?.head.writer ?? '';
    const sides = { base: side, head: withHandicap(side, writer, real.handicap) };
    const results: GateResult[] = [];
    const wanted = Math.max(1, Math.round(gates * real.share));
    for (let nth = 0; nth < wanted; nth += 1) {
      const own = { contests, sides, seed: seed + 1000 * place + nth };
      const mostSeconds = real.metric === 'peak RSS' ? MEMORY_SECONDS : Infinity;
      const end = await run({ ...own, mostSeconds }, `${place + 1}-${nth + 1}`);
      if (end === null) return rows;
      results.push(end.result);
    }
    const row = rowOf(real, results);
    rows.push(row);
    onRow(row);
  }
  return rows;
}
