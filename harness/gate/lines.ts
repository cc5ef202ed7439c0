/** Everything that was measured → one line a decision. Pure. */

import { tableAt } from '../plan/case-id.js';
import { problemLines } from '../summary.js';
import type { WriteRecord } from '../types.js';
import { timedPools, type Contest } from './contest.js';
import { alphaOf, caseStates, confirmed, LEVEL_OF_CASES, statesOf, timedOf, type PoolState } from './decisions.js';
import { decide, type Decision } from './decide.js';
import { decideCounter } from './decide-counter.js';
import { minimumDetectableEffect } from './looks.js';
import { decideMemory, decideSize } from './memory.js';
import type { Measured } from './run.js';
import { seriesOfCase, seriesOfPool } from './series.js';
import { deviation } from '../statistics/paired.js';
import type { Block, Count, GateLine, SideName } from './types.js';

/** Records of both sides. */
export type Records = Readonly<{ [side in SideName]: readonly WriteRecord[] }>;

const SIDES: readonly SideName[] = ['base', 'head'];

const recordsOf = (records: Records, side: SideName, contest: Contest): readonly WriteRecord[] =>
  records[side].filter((record) => record.case.id === contest[side].id);

const LINE = { estimate: null, interval: null, mde: null, tolerance: null, decides: true, note: '' } as const;

/** Every planned case was verified on both sides, each time. */
function integrityLine(contest: Contest, records: Records): GateLine {
  const line = { ...LINE, case: contest.id, metric: 'integrity' } as const;
  const all = SIDES.map((side) => ({ side, mine: recordsOf(records, side, contest) }));
  const pairs = Math.min(...all.map(({ mine }) => mine.length));
  for (const { side, mine } of all) {
    if (mine.length === 0) return { ...line, pairs, verdict: 'unverified', note: `${side}: not run` };
    for (const { verdict: found } of mine) {
      if (found.status === 'verified') continue;
      const note = `${side}: ${found.status}: ${problemLines(found)[0] ?? ''}`;
      // A skip says nothing against the writer, and nothing for it.
      return { ...line, pairs, verdict: found.status === 'skipped' ? 'inconclusive' : 'unverified', note };
    }
  }
  return { ...line, pairs, verdict: 'pass' };
}

/** Of a ratio, from that of its logarithm. */
const boundOf = (logarithm: number): number | null => (Number.isFinite(logarithm) ? Math.exp(logarithm) : null);

function timeLine(
  name: string,
  decision: Decision,
  series: readonly number[],
  tolerance: number,
  decides: boolean,
  note: string,
): GateLine {
  return {
    case: name,
    metric: 'time',
    verdict: decision.verdict,
    estimate: Math.exp(decision.estimate),
    interval: [boundOf(decision.lower), boundOf(decision.upper)],
    pairs: series.length,
    mde: minimumDetectableEffect(deviation(series), series.length),
    tolerance,
    decides,
    note,
  };
}

/** What an unconfirmed red is called. */
const ONCE = 'slower at first, and not when measured again';

function poolLine(
  state: PoolState,
  contests: readonly Contest[],
  blocks: readonly Block[],
  tolerance: number,
): GateLine {
  const { plan, decision, pairs } = state;
  const mine = timedOf(contests, plan.pool);
  const tables = mine.map(({ head }) => tableAt(head)).join(', ');
  const name = mine.length === 1 ? (mine[0]?.id ?? plan.pool) : `${plan.pool} on ${tables}`;
  const first = seriesOfPool(blocks, mine, 'decide').slice(0, pairs);
  if (decision === null) {
    const line = { ...LINE, case: name, metric: 'time', tolerance } as const;
    return { ...line, pairs: first.length, verdict: 'inconclusive', note: 'too few pairs were measured for a look' };
  }
  if (decision.verdict !== 'regression') {
    const note = decision.verdict === 'pass' ? '' : `${plan.pairs} pairs were planned, and do not decide`;
    return timeLine(name, decision, first, tolerance, true, note);
  }
  const fresh = seriesOfPool(blocks, mine, 'confirm');
  const again = confirmed(first, fresh, tolerance, alphaOf(state));
  const note = again.decision.verdict === 'regression' ? `confirmed by ${fresh.length} fresh pairs` : ONCE;
  return timeLine(name, again.decision, [...first, ...fresh], tolerance, true, note);
}

function caseLines(
  states: readonly PoolState[],
  contests: readonly Contest[],
  blocks: readonly Block[],
  tolerance: number,
): readonly GateLine[] {
  return caseStates(states, contests, blocks, tolerance).map(({ contest, decision, red }) => {
    const first = seriesOfCase(blocks, contest.id, 'decide');
    if (!red) {
      // Significant alone is not significant among so many.
      const verdict = decision.verdict === 'regression' ? 'inconclusive' : decision.verdict;
      const note = verdict === 'pass' ? '' : 'its pool decides';
      return timeLine(contest.id, { ...decision, verdict }, first, tolerance, false, note);
    }
    const fresh = seriesOfCase(blocks, contest.id, 'confirm');
    const again = confirmed(first, fresh, tolerance, LEVEL_OF_CASES);
    const stands = again.decision.verdict === 'regression';
    const note = stands ? `slower by itself; confirmed by ${fresh.length} fresh pairs` : ONCE;
    return timeLine(contest.id, again.decision, [...first, ...fresh], tolerance, stands, note);
  });
}

/** Cases of a pool that is red: which of them it is. */
function casesOfRedPools(
  states: readonly PoolState[],
  contests: readonly Contest[],
  blocks: readonly Block[],
  tolerance: number,
): readonly GateLine[] {
  return states
    .filter(({ plan, decision }) => decision?.verdict === 'regression' && plan.cases.length > 1)
    .flatMap(({ plan }) => timedOf(contests, plan.pool))
    .map(({ id }) => {
      const series = [...seriesOfCase(blocks, id, 'decide'), ...seriesOfCase(blocks, id, 'confirm')];
      return timeLine(
        id,
        decide(series, { tolerance, alpha: LEVEL_OF_CASES }),
        series,
        tolerance,
        false,
        'its pool decides',
      );
    });
}

const measurementsOf = (records: readonly WriteRecord[]): readonly WriteRecord['verdict'][] =>
  records.map(({ verdict }) => verdict);

function figuresOf(
  contest: Contest,
  records: Records,
  figure: (measurement: Extract<WriteRecord['verdict'], { status: 'verified' }>['measurement']) => number | null,
): Readonly<{ [side in SideName]: readonly number[] }> {
  const of = (side: SideName): readonly number[] =>
    measurementsOf(recordsOf(records, side, contest)).flatMap((verdict) => {
      const value = verdict.status === 'verified' ? figure(verdict.measurement) : null;
      return value === null ? [] : [value];
    });
  return { base: of('base'), head: of('head') };
}

function memoryLines(contest: Contest, records: Records): readonly GateLine[] {
  const peaks = figuresOf(contest, records, ({ rss }) => rss?.peakBytes ?? null);
  const sizes = figuresOf(contest, records, ({ diskBytes }) => diskBytes);
  return [
    { case: contest.id, ...decideMemory(peaks.base, peaks.head) },
    { case: contest.id, ...decideSize(sizes.base, sizes.head) },
  ];
}

/** Pools that were to be timed and were never planned: the machine, or an interruption, left too few pairs. */
function unplannedLines(
  contests: readonly Contest[],
  plans: Measured['plans'],
  tolerance: number,
): readonly GateLine[] {
  const planned = new Set(plans.map(({ pool }) => pool));
  const pools = timedPools(contests).filter((pool) => !planned.has(pool));
  const note = 'too few pairs were measured to plan any look';
  return pools.map((pool) => ({
    ...LINE,
    case: pool,
    metric: 'time',
    verdict: 'inconclusive',
    pairs: 0,
    tolerance,
    note,
  }));
}

const COUNTED = [
  'allocated bytes',
  'allocations',
  'written bytes',
  'write calls',
  'page faults',
  'instructions',
] as const;

/** Quiet counters, each by its own tolerance; none where nothing was counted. */
export function counterLines({ id }: Contest, counters: Measured['counters']): readonly GateLine[] {
  const of = (side: SideName, metric: (typeof COUNTED)[number]): readonly Count[] =>
    counters.flatMap((one) => (one.side === side && one.case === id ? (one.counts[metric] ?? []) : []));
  return COUNTED.flatMap((metric) => {
    const [base, head] = [of('base', metric), of('head', metric)];
    return base.length === 0 || head.length === 0 ? [] : [{ case: id, ...decideCounter(metric, base, head) }];
  });
}

export function linesOf(
  contests: readonly Contest[],
  records: Records,
  measured: Pick<Measured, 'blocks' | 'counters' | 'plans'>,
  tolerance: number,
): readonly GateLine[] {
  const { blocks, plans } = measured;
  const states = statesOf(plans, contests, blocks, tolerance);
  const integrity = contests.map((contest) => integrityLine(contest, records));
  const isWhole = new Set(integrity.filter(({ verdict }) => verdict === 'pass').map((line) => line.case));
  const timed = contests.filter((contest) => contest.timed && isWhole.has(contest.id));
  return [
    ...integrity,
    // Where a case is not verified nothing is timed, and that line says it.
    ...(isWhole.size < contests.length ? [] : unplannedLines(contests, plans, tolerance)),
    ...states.map((state) => poolLine(state, contests, blocks, tolerance)),
    ...caseLines(states, contests, blocks, tolerance),
    ...casesOfRedPools(states, contests, blocks, tolerance),
    ...timed.flatMap((contest) => memoryLines(contest, records)),
    ...contests.filter(({ id }) => isWhole.has(id)).flatMap((contest) => counterLines(contest, measured.counters)),
  ];
}
