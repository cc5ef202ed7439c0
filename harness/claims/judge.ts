/** Figures by repetition → what was measured, and whether a claim holds. Pure; differences are of logarithms. */

import type { ClaimedFigure, Measure } from '../../suites/claims/types.js';
import { detectable, LEAST_REPETITIONS } from '../statistics/paired.js';
import { median } from '../statistics/quantile.js';
import { hodgesLehmann } from '../statistics/signed-rank.js';
import type { Reading } from './readings.js';

export const HOLDS = ['yes', 'no', 'not resolvable', 'not measured'] as const;
export type Holds = (typeof HOLDS)[number];

export interface Judgement {
  /** In the unit of the claim; null where it was not measured. */
  readonly measured: number | null;
  readonly holds: Holds;
  /** Smallest effect that these repetitions can tell from none, per cent; null where they are too few. */
  readonly detectablePercent: number | null;
  readonly repetitions: number;
  /** Why it was not measured or not resolved; null where there is nothing to say. */
  readonly why: string | null;
}

type Compared = Extract<Measure, { readonly kind: 'ratio' | 'saved' }>;

/** A ratio of one repetition is no ratio. */
const LEAST_PAIRS = 2;

/** A share or a growth may be nothing at all. */
const logarithm = (value: number): number => Math.log(Math.max(value, Number.MIN_VALUE));

const savedPercent = (ratio: number): number => (1 - ratio) * 100;
const logarithmOfSaved = (percent: number): number => (percent >= 100 ? -Infinity : Math.log(1 - percent / 100));

/** Where the logarithm of a figure or a ratio may lie, for the claim to hold. */
export function accepted(claimed: ClaimedFigure, kind: Measure['kind']): readonly [low: number, high: number] {
  const { range, tolerance, wanted } = claimed;
  const low = wanted === 'at most' ? -Infinity : range[0] * (1 - tolerance);
  const high = wanted === 'at least' ? Infinity : range[1] * (1 + tolerance);
  // Less time is more saved.
  if (kind === 'saved') return [logarithmOfSaved(high), logarithmOfSaved(low)];
  return [low === -Infinity ? low : logarithm(low), logarithm(high)];
}

/** What noise may carry over an end of the range is not resolved; of a comparison (`effect`), what it may make of no effect. */
function decide(
  estimate: number,
  smallest: number | null,
  [low, high]: readonly [number, number],
  effect: boolean,
): Holds {
  if (smallest === null) return 'not resolvable';
  if (estimate >= low && estimate <= high) {
    // Where no effect lies within the range, that is what was claimed, and too little to be seen is no doubt.
    const claimsNone = low < 0 && high > 0 && Number.isFinite(low) && Number.isFinite(high);
    const hidden =
      effect && !claimsNone ? Math.abs(estimate) <= smallest : Math.min(estimate - low, high - estimate) < smallest;
    return hidden ? 'not resolvable' : 'yes';
  }
  const distance = estimate < low ? low - estimate : estimate - high;
  return distance < smallest ? 'not resolvable' : 'no';
}

const notMeasured = (why: string, repetitions = 0): Judgement => ({
  measured: null,
  holds: 'not measured',
  detectablePercent: null,
  repetitions,
  why,
});

function judged(
  measured: number,
  estimate: number,
  logarithms: readonly number[],
  claimed: ClaimedFigure,
  kind: Measure['kind'],
): Judgement {
  const effect = kind === 'ratio' || kind === 'saved';
  const smallest = detectable(logarithms);
  const holds = decide(estimate, smallest, accepted(claimed, kind), effect);
  const few = `${logarithms.length} of ${LEAST_REPETITIONS} repetitions that a decision needs`;
  const unseen = effect && holds === 'no' && smallest !== null && Math.abs(estimate) <= smallest;
  return {
    measured,
    holds,
    detectablePercent: smallest === null ? null : Math.expm1(smallest) * 100,
    repetitions: logarithms.length,
    why: smallest === null ? few : unseen ? 'what was measured cannot be told from no effect' : null,
  };
}

/** One figure: the median over its repetitions. */
export function judgeFigure(reading: Reading, claimed: ClaimedFigure): Judgement {
  if (reading.missing !== null) return notMeasured(reading.missing);
  const values = [...reading.values.values()];
  const middle = median(values);
  return judged(middle, logarithm(middle), values.map(logarithm), claimed, 'figure');
}

/** Logarithms of subject ÷ reference, of the repetitions that have both. */
function pairs(subject: Reading, reference: Reading): readonly number[] {
  return [...subject.values].flatMap(([repetition, value]) => {
    const other = reference.values.get(repetition);
    return other === undefined ? [] : [logarithm(value) - logarithm(other)];
  });
}

/** Two cases side by side; null for too few pairs. */
export function comparedValue(kind: Compared['kind'], subject: Reading, reference: Reading): number | null {
  const logarithms = pairs(subject, reference);
  if (logarithms.length < LEAST_PAIRS) return null;
  const ratio = Math.exp(hodgesLehmann(logarithms));
  return kind === 'ratio' ? ratio : savedPercent(ratio);
}

export function judgeCompared(
  kind: Compared['kind'],
  subject: Reading,
  reference: Reading,
  claimed: ClaimedFigure,
): Judgement {
  const missing = [subject, reference].flatMap((reading) => (reading.missing === null ? [] : [reading.missing]));
  if (missing.length > 0) return notMeasured([...new Set(missing)].join('; '));
  const logarithms = pairs(subject, reference);
  const measured = comparedValue(kind, subject, reference);
  if (measured === null) {
    return notMeasured(`one repetition: a ratio needs ${LEAST_REPETITIONS}`, logarithms.length);
  }
  return judged(measured, hodgesLehmann(logarithms), logarithms, claimed, kind);
}
