/** What the blocks so far decide. Pure: a gate that goes on after a kill decides as if it had never stopped. */

import { holm } from '../statistics/holm.js';
import { signedRankP } from '../statistics/signed-rank.js';
import type { Contest } from './contest.js';
import { confirm, decideAll, type Decision } from './decide.js';
import { effectThatFits, plannedSigma, planLooks } from './looks.js';
import { seriesOfCase, seriesOfPool } from './series.js';
import type { Block, PoolPlan } from './types.js';

/** Pairs of each case before anything is planned; a first look needs as many. */
export const PILOT_PAIRS = 12;

/** One-sided level of the lines that no pool decides. */
export const LEVEL_OF_CASES = 0.01;
const HALF = 1 / 2;

export const timedOf = (contests: readonly Contest[], pool: string): readonly Contest[] =>
  contests.filter((contest) => contest.timed && contest.pool === pool);

/** Plans a pool from its first pairs. `mostPairs` is what the time allows; the sentence says what that costs. */
export function planPool(
  pool: string,
  contests: readonly Contest[],
  blocks: readonly Block[],
  decisions: number,
  tolerance: number,
  mostPairs: number,
): { readonly plan: PoolPlan; readonly fits: number | null } {
  const mine = timedOf(contests, pool);
  const sigma = plannedSigma(seriesOfPool(blocks, mine, 'decide').slice(0, PILOT_PAIRS));
  const wanted = planLooks({ sigma, tolerance, decisions, least: PILOT_PAIRS });
  const isShort = wanted.pairs > mostPairs;
  const fits = isShort ? effectThatFits(sigma, mostPairs, decisions) : null;
  const looks =
    fits === null
      ? wanted
      : Number.isFinite(fits)
        ? planLooks({ sigma, tolerance: fits, decisions, least: PILOT_PAIRS })
        : { pairs: PILOT_PAIRS, looks: [{ pairs: PILOT_PAIRS, alpha: LEVEL_OF_CASES }] };
  return { plan: { pool, cases: mine.map(({ id }) => id), sigma, pairs: looks.pairs, looks: looks.looks }, fits };
}

export interface PoolState {
  readonly plan: PoolPlan;
  /** That of the look which decided, or of the last look taken; null before the first. */
  readonly decision: Decision | null;
  /** Pairs at that look. */
  readonly pairs: number;
  /** The last look was taken, or one before it decided. */
  readonly closed: boolean;
}

/** Takes the planned looks at a series, in order, until one decides. */
export function stateOfPool(
  plan: PoolPlan,
  series: readonly number[],
  decisions: number,
  tolerance: number,
): PoolState {
  let state: PoolState = { plan, decision: null, pairs: series.length, closed: false };
  for (const { pairs, alpha } of plan.looks) {
    if (series.length < pairs) break;
    const looked = [{ name: plan.pool, differences: series.slice(0, pairs) }];
    const [decision] = decideAll(looked, { tolerance, alpha }, decisions);
    if (decision === undefined) break;
    const closed = decision.verdict !== 'inconclusive' || pairs === plan.pairs;
    state = { plan, decision, pairs, closed };
    if (closed) break;
  }
  return state;
}

export function statesOf(
  plans: readonly PoolPlan[],
  contests: readonly Contest[],
  blocks: readonly Block[],
  tolerance: number,
): readonly PoolState[] {
  return plans.map((plan) => {
    const series = seriesOfPool(blocks, timedOf(contests, plan.pool), 'decide');
    return stateOfPool(plan, series, plans.length, tolerance);
  });
}

export interface CaseState {
  readonly contest: Contest;
  readonly decision: Decision;
  readonly pairs: number;
  /** Slower by itself, after Holm over all cases that a pool did not already find. */
  readonly red: boolean;
}

/** Cases of pools of several that are not red: one of them may be slower, and be hidden by the others. */
export function caseStates(
  states: readonly PoolState[],
  contests: readonly Contest[],
  blocks: readonly Block[],
  tolerance: number,
): readonly CaseState[] {
  const hidden = states
    .filter(({ plan, decision }) => plan.cases.length > 1 && decision?.verdict !== 'regression')
    .flatMap(({ plan }) => timedOf(contests, plan.pool))
    .map((contest) => ({ contest, series: seriesOfCase(blocks, contest.id, 'decide') }))
    .filter(({ series }) => series.length > 0);
  const rejected = holm(
    hidden.map(({ series }) => signedRankP(series)),
    LEVEL_OF_CASES,
  );
  return hidden.map(({ contest, series }, place) => {
    const [decision] = decideAll([{ name: contest.id, differences: series }], { tolerance, alpha: LEVEL_OF_CASES });
    if (decision === undefined) throw new Error('a decision was lost');
    const red = rejected[place] === true && decision.estimate >= HALF * Math.log1p(tolerance);
    return { contest, decision, pairs: series.length, red };
  });
}

/** All pairs of a red line, those that it was confirmed with too. */
export function confirmed(
  first: readonly number[],
  fresh: readonly number[],
  tolerance: number,
  alpha: number,
): { readonly decision: Decision; readonly pairs: number } {
  return { decision: confirm(first, fresh, { tolerance, alpha }), pairs: first.length + fresh.length };
}

/** The level of the look that a state stands at. */
export const alphaOf = ({ plan, pairs }: PoolState): number =>
  plan.looks.find((look) => look.pairs === pairs)?.alpha ?? LEVEL_OF_CASES;
