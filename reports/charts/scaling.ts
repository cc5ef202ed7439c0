/** What becomes of speed and memory as a table grows: a curve for each writer and variant that has two scales or more. */

import { median } from '../../harness/statistics/quantile.js';
import { LOG_TICKS, lookOf, slug, type Chart, type ChartGroup } from './chart.js';
import { PEAK_RSS, THROUGHPUT, type Metric } from './metrics.js';
import { groupBy, type CaseSamples } from './samples.js';
import { inUnit, unitFor } from './units.js';

interface Curve {
  readonly writer: string;
  readonly name: string;
  readonly cases: readonly CaseSamples[];
}

const METRICS: readonly Metric[] = [
  {
    ...THROUGHPUT,
    title: 'Throughput by scale factor',
    about: 'A level line: twice the rows take twice the time',
  },
  { ...PEAK_RSS, title: 'Peak RSS by scale factor', about: 'A level line: memory does not grow with the table' },
];

const DASHES: readonly (readonly number[])[] = [[], [6, 4], [2, 3], [10, 4, 2, 4]];

/** Writer, variant and options; what differs within is the scale. */
function curveName({ label }: CaseSamples): string {
  return label.join(' ');
}

function curvesOf(cases: readonly CaseSamples[]): readonly Curve[] {
  return [...groupBy(cases, curveName)].flatMap(([name, own]) => {
    const sorted = [...own].sort((one, other) => one.case.scale - other.case.scale);
    const [first] = sorted;
    return first === undefined || sorted.length < 2 ? [] : [{ writer: first.case.writer, name, cases: sorted }];
  });
}

function chartOf(metric: Metric, table: string, curves: readonly Curve[]): Chart | null {
  const values = ({ samples }: CaseSamples): readonly number[] =>
    samples.map(metric.of).filter((value) => value !== null && value > 0) as number[];
  const all = curves.flatMap(({ cases }) => cases.flatMap(values));
  if (all.length === 0) return null;
  const unit = unitFor(metric.dimension, median(all));
  const writers = [...new Set(curves.map(({ writer }) => writer))];
  const datasets = curves.flatMap(({ writer, name, cases }) => {
    const { colour, shape } = lookOf(writers.indexOf(writer));
    const place = curves.filter((other) => other.writer === writer).findIndex((other) => other.name === name);
    const own = cases.filter((one) => values(one).length > 0);
    const look = { borderColor: colour, backgroundColor: 'transparent', borderWidth: 1.5 };
    return [
      {
        ...look,
        label: name,
        showLine: true,
        pointStyle: 'line',
        borderDash: [...(DASHES[place % DASHES.length] ?? [])],
        pointRadius: 0,
        data: own.map((one) => ({ x: one.case.scale, y: inUnit(median(values(one)), unit) })),
      },
      {
        ...look,
        // Without a name of its own it is left out of the legend.
        label: '',
        pointStyle: shape,
        pointRadius: 4,
        data: own.flatMap((one) => values(one).map((value) => ({ x: one.case.scale, y: inUnit(value, unit) }))),
      },
    ];
  });
  return {
    id: slug(`scaling-${metric.name}-${table}`),
    title: metric.title,
    caption: `Lines join medians, every repetition is a point; both axes are logarithmic. ${metric.about}.`,
    height: 380 + 18 * Math.ceil(curves.length / 2),
    config: {
      type: 'scatter',
      data: { datasets },
      options: {
        parsing: false,
        clip: 8,
        plugins: { legend: { labels: { usePointStyle: true, pointStyleWidth: 34 } } },
        scales: {
          x: { type: 'logarithmic', ticks: LOG_TICKS, title: { display: true, text: 'scale factor' } },
          y: { type: 'logarithmic', ticks: LOG_TICKS, title: { display: true, text: unit.name } },
        },
      },
    } as Chart['config'],
    head: ['writer and variant', 'scale factor', 'n', 'median', 'samples'],
    rows: curves.flatMap(({ name, cases }) =>
      cases.map((one) => {
        const own = values(one);
        const middle = own.length === 0 ? '–' : metric.text(median(own));
        return [name, String(one.case.scale), String(own.length), middle, own.map(metric.text).join(', ')];
      }),
    ),
  };
}

export function scalingGroups(cases: readonly CaseSamples[]): readonly ChartGroup[] {
  return [...groupBy(cases, ({ case: { table } }) => table)].flatMap(([table, own]) => {
    const curves = curvesOf(own);
    if (curves.length === 0) return [];
    const charts = METRICS.map((metric) => chartOf(metric, table, curves)).filter((chart) => chart !== null);
    return [{ title: table, charts }];
  });
}
