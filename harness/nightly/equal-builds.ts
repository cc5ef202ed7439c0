/** What a gate of a build against itself says of the machine. Pure. */

import { percentOf } from './text.js';
import type { Block, GateLine, GateResult } from '../gate/types.js';
import { deviation } from '../statistics/paired.js';

/** Fewer pairs say nothing of their spread. */
const LEAST_PAIRS = 3;

/** A decision of time whose interval has no 1 in it: which case, and whether the second of two equal builds seemed slower. */
export interface Shift {
  readonly case: string;
  readonly slower: boolean;
  readonly interval: NonNullable<GateLine['interval']>;
}

const timed = ({ metric, decides }: GateLine): boolean => metric === 'time' && decides;

export function shifts({ lines }: GateResult): readonly Shift[] {
  return lines.filter(timed).flatMap(({ case: id, interval }) => {
    if (interval === null) return [];
    const [low, high] = interval;
    const slower = low !== null && low > 1;
    const faster = high !== null && high < 1;
    return slower || faster ? [{ case: id, slower, interval }] : [];
  });
}

/**
 * Shifts that both gates have, to the same side. Of a dozen intervals of 98 % one misses every few nights; that the same one misses
 * twice, and to the same side, is no chance (statistics.md 7: what is red is measured again before it blocks).
 */
export function lastingShifts(first: GateResult, again: GateResult): readonly Shift[] {
  const before = shifts(first);
  return shifts(again).filter((shift) => before.some((one) => one.case === shift.case && one.slower === shift.slower));
}

const boundText = (ratio: number | null): string => (ratio === null ? 'without bound' : ratio.toFixed(3));

export const shiftText = ({ case: id, interval: [low, high] }: Shift): string =>
  `${id}: second ÷ first ${boundText(low)} to ${boundText(high)}`;

/** Whether any decision of time has an interval: without one nothing says that the builds are alike. */
export const hasTimes = ({ lines }: GateResult): boolean => lines.some((line) => timed(line) && line.interval !== null);

/** `finds 3.2 % to 8.7 %`: what the decisions of time would have found. */
export function detectableText({ lines }: GateResult): string {
  const effects = lines.filter(timed).flatMap(({ mde }) => (mde === null ? [] : [mde]));
  if (effects.length === 0) return 'nothing was timed';
  const [least, most] = [Math.min(...effects), Math.max(...effects)];
  const range = least === most ? percentOf(least) : `${percentOf(least)} to ${percentOf(most)}`;
  return `smallest slowdown that is found with 90 % power: ${range}`;
}

/** σ of ln(head ÷ base) of the pairs that counted, by case. */
export function noiseOf(blocks: readonly Block[]): ReadonlyMap<string, number> {
  const differences = new Map<string, number[]>();
  for (const { case: id, dropped, pairs } of blocks) {
    if (dropped !== null) continue;
    const own = differences.get(id) ?? [];
    own.push(...pairs.map(({ baseNs, headNs }) => Math.log(headNs / baseNs)));
    differences.set(id, own);
  }
  const enough = [...differences].filter(([, values]) => values.length >= LEAST_PAIRS);
  return new Map(enough.map(([id, values]) => [id, deviation(values)]));
}
