/** The verdict on one quiet counter of two sides: medians, compared with a tolerance of its own. Pure. */

import { median } from '../statistics/quantile.js';
import type { Count, Counter } from './counters.js';
import { TOLERANCES } from './tolerances.js';
import type { GateLine } from './types.js';

export type CounterDecision = Pick<
  GateLine,
  'metric' | 'verdict' | 'estimate' | 'interval' | 'pairs' | 'mde' | 'tolerance' | 'decides' | 'note'
>;

type Side = readonly Count[];

/** Its values, or the first reason why one is missing. */
function valuesOf(name: string, side: Side): readonly number[] | string {
  const missing = side.find((count) => 'why' in count);
  if (missing !== undefined && 'why' in missing) return `${name}: ${missing.why}`;
  const values = side.flatMap((count) => ('value' in count ? [count.value] : []));
  return values.length === 0 ? `${name}: not measured` : values;
}

const text = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 0 });

/** Each side's repetitions of a counter, most often three of each. */
export function decideCounter(metric: Counter | 'instructions', base: Side, head: Side): CounterDecision {
  const [before, after] = [valuesOf('base', base), valuesOf('head', head)];
  if (typeof before === 'string' || typeof after === 'string') {
    const note = [before, after].filter((side) => typeof side === 'string').join('; ');
    return {
      metric,
      verdict: 'not detectable',
      estimate: null,
      interval: null,
      pairs: 0,
      mde: null,
      tolerance: null,
      decides: false,
      note,
    };
  }
  const [from, to] = [median(before), median(after)];
  const { share, least } = TOLERANCES[metric];
  const allowed = Math.max(share * from, least);
  return {
    metric,
    verdict: to - from > allowed ? 'regression' : 'pass',
    // Nothing at all before is no measure for what comes after it.
    estimate: from > 0 ? to / from : null,
    interval: null,
    pairs: Math.min(before.length, after.length),
    mde: from > 0 ? allowed / from : null,
    tolerance: from > 0 ? allowed / from : null,
    decides: true,
    note: `${text(from)} → ${text(to)}`,
  };
}
