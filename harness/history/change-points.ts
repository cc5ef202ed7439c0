/** Nights from which on a case is another than before: advice, which blocks nothing (statistics.md 12). */

import { eDivisive, type EDivisiveSettings } from '../statistics/e-divisive.js';
import { median } from '../statistics/quantile.js';
import { seriesByCase } from './series.js';
import type { ChangePoint, HistoryPoint } from './types.js';

/** Shorter series say too little. */
export const LEAST_POINTS = 30;

export const SETTINGS: EDivisiveSettings = { minimumSegment: 5, permutations: 499, significance: 0.01, seed: 1 };

const METRICS: readonly ChangePoint['metric'][] = ['normalised', 'peakRssBytes', 'diskBytes'];

interface Value {
  readonly at: string;
  readonly value: number;
}

/** Nights without a proved figure are no part of a series. */
function valuesOf(points: readonly HistoryPoint[], metric: ChangePoint['metric']): readonly Value[] {
  return points.flatMap((point) => {
    const value = point[metric];
    return value === null || value <= 0 ? [] : [{ at: point.at, value }];
  });
}

function changesOf(id: string, metric: ChangePoint['metric'], values: readonly Value[]): readonly ChangePoint[] {
  if (values.length < LEAST_POINTS) return [];
  // In logarithms equal distances are equal ratios.
  const splits = eDivisive(
    values.map(({ value }) => Math.log(value)),
    SETTINGS,
  );
  const ordered = [...splits].sort((one, other) => one.index - other.index);
  const middle = (begin: number, end: number): number => median(values.slice(begin, end).map(({ value }) => value));
  return ordered.map(({ index, pValue }, place) => ({
    case: id,
    metric,
    index,
    at: values[index]?.at ?? '',
    before: middle(ordered[place - 1]?.index ?? 0, index),
    after: middle(index, ordered[place + 1]?.index ?? values.length),
    pValue,
  }));
}

/** Of points of one machine (harness/history/series.ts); by case, then metric, then time. */
export function changePoints(points: readonly HistoryPoint[]): readonly ChangePoint[] {
  const series = [...seriesByCase(points)].sort(([one], [other]) => (one < other ? -1 : 1));
  return series.flatMap(([id, own]) => METRICS.flatMap((metric) => changesOf(id, metric, valuesOf(own, metric))));
}
