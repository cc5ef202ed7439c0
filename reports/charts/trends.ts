/** A case over the nights: one point a night, a line as long as the machine is the same, change points marked. */

import type { ChangePoint, HistoryPoint } from '../../harness/history/types.js';
import { bytesText } from '../format.js';
import { slug, type Chart } from './chart.js';
import type { Mark } from './paint.js';
import { groupBy } from './samples.js';
import { inUnit, unitFor, type Unit } from './units.js';

type Metric = ChangePoint['metric'];

export const TREND_METRICS: Readonly<{ [metric in Metric]: { readonly title: string; readonly unit: string } }> = {
  normalised: { title: 'Time until durable', unit: 'times the canary' },
  peakRssBytes: { title: 'Peak RSS', unit: '' },
  diskBytes: { title: 'Size on disk', unit: '' },
};

const PLAIN: Unit = { name: TREND_METRICS.normalised.unit, size: 1 };

export const trendText = (metric: Metric, value: number): string =>
  metric === 'normalised' ? `${value.toPrecision(4)}×` : bytesText(value);

/** `+12.3 %`. */
export function changeText({ before, after }: Pick<ChangePoint, 'before' | 'after'>): string {
  const percent = (after / before - 1) * 100;
  return `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${Math.abs(percent).toFixed(1)} %`;
}

const dayOf = (at: string): string => at.slice(0, 10);

/** Points of one metric, with a gap wherever the machine became another. */
function lineOf(points: readonly HistoryPoint[], metric: Metric, unit: Unit): readonly { x: number; y: number }[] {
  return points.flatMap((point, x) => {
    const value = point[metric];
    const here = { x, y: value === null ? NaN : inUnit(value, unit) };
    const before = points[x - 1];
    return before === undefined || before.fingerprint === point.fingerprint ? [here] : [{ x: x - 0.5, y: NaN }, here];
  });
}

function chartOf(
  id: string,
  points: readonly HistoryPoint[],
  metric: Metric,
  changes: readonly ChangePoint[],
): Chart | null {
  const values = points.map((point) => point[metric]).filter((value) => value !== null);
  if (values.length === 0) return null;
  const unit = metric === 'normalised' ? PLAIN : unitFor('bytes', Math.max(...values));
  const own = changes.filter((change) => change.case === id && change.metric === metric);
  // Half a night before the first point of the new level.
  const marks = own.flatMap((change): readonly Mark[] => {
    const place = points.findIndex(({ at }) => at === change.at);
    return place < 0 ? [] : [{ x: place - 0.5, label: changeText(change) }];
  });
  const machines = new Set(points.map(({ fingerprint }) => fingerprint)).size;
  const split =
    machines === 1 ? '' : ` The line is interrupted where the machine became another (${machines} machines).`;
  const unverified = points.filter(({ status }) => status !== 'verified').length;
  const missing = unverified === 0 ? '' : ` ${unverified} nights without a verified result are left out.`;
  const { title } = TREND_METRICS[metric];
  const look = { borderColor: '--series-1', backgroundColor: '--series-1', borderWidth: 1.5, pointRadius: 2.5 };
  const data = [...lineOf(points, metric, unit)];
  return {
    id: slug(`trend-${metric}-${id}`),
    title,
    caption: `${points.length} nights.${split}${missing}`,
    height: 230,
    config: {
      type: 'scatter',
      data: { datasets: [{ label: title, data, showLine: true, spanGaps: false, ...look }] },
      options: {
        parsing: false,
        clip: 6,
        plugins: { legend: { display: false }, marks: { of: marks, color: '--series-2' } },
        scales: {
          x: {
            type: 'category',
            labels: points.map(({ at }) => dayOf(at)),
            ticks: { maxRotation: 0, autoSkipPadding: 16 },
          },
          y: { type: 'linear', beginAtZero: true, title: { display: true, text: unit.name } },
        },
      },
    } as Chart['config'],
    head: ['night', title.toLowerCase(), 'machine', 'repetitions', ''],
    rows: points.map((point) => {
      const value = point[metric];
      const change = own.find(({ at }) => at === point.at);
      return [
        dayOf(point.at),
        value === null ? point.status : trendText(metric, value),
        point.fingerprint.slice(0, 8),
        String(point.repetitions),
        change === undefined ? '' : `change point, ${changeText(change)}`,
      ];
    }),
  };
}

export interface CaseTrend {
  readonly case: string;
  readonly charts: readonly Chart[];
}

/** Time of every case; memory and size too where they changed. */
export function caseTrends(points: readonly HistoryPoint[], changes: readonly ChangePoint[]): readonly CaseTrend[] {
  return [...groupBy(points, (point) => point.case)].map(([id, all]) => {
    const own = [...all].sort((one, other) => (one.at < other.at ? -1 : 1));
    const metrics = (Object.keys(TREND_METRICS) as Metric[]).filter(
      (metric) => metric === 'normalised' || changes.some((change) => change.case === id && change.metric === metric),
    );
    const charts = metrics.map((metric) => chartOf(id, own, metric, changes)).filter((chart) => chart !== null);
    return { case: id, charts };
  });
}
