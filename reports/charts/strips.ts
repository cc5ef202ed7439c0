/** One figure of each case of a table: every repetition a point, its median a bar, the median's interval a line. */

import { INTERVAL_LEVEL, LEAST_FOR_INTERVAL, medianInterval } from '../../harness/statistics/median-interval.js';
import { median } from '../../harness/statistics/quantile.js';
import { heightOf, inParts, lineAxis, lookOf, slug, type Chart } from './chart.js';
import { METRICS, type Metric } from './metrics.js';
import type { CaseSamples } from './samples.js';
import { inUnit, unitFor } from './units.js';

interface Line {
  readonly writer: string;
  readonly label: readonly string[];
  readonly values: readonly number[];
  readonly middle: number;
  readonly interval: readonly [number, number] | null;
}

function intervalNote(lines: readonly Line[]): string {
  const counts = [...new Set(lines.map(({ values }) => values.length))].sort((one, other) => one - other);
  const least = counts[0] ?? 0;
  const n = counts.length === 1 ? `n = ${least}` : `n = ${least} to ${counts.at(-1) ?? 0}`;
  const level = `${INTERVAL_LEVEL * 100} % interval of the median`;
  if (lines.every(({ interval }) => interval === null)) {
    return `${n}: too few for an interval (${LEAST_FOR_INTERVAL} repetitions are needed)`;
  }
  const some = lines.some(({ interval }) => interval === null) ? `, where n is at least ${LEAST_FOR_INTERVAL}` : '';
  return `${n}; the line is the ${level}${some}`;
}

function chartOf(metric: Metric, group: string, lines: readonly Line[], which: string): Chart {
  const unit = unitFor(metric.dimension, Math.max(...lines.flatMap(({ values }) => values)));
  const scaled = (value: number): number => inUnit(value, unit);
  const writers = [...new Set(lines.map(({ writer }) => writer))];
  const points = writers.map((writer, index) => {
    const { colour, shape } = lookOf(index);
    const data = lines.flatMap((line, y) =>
      line.writer === writer ? line.values.map((value) => ({ x: scaled(value), y })) : [],
    );
    const look = { pointStyle: shape, pointRadius: 4.5, borderWidth: 1.5, borderColor: colour };
    return { label: writer, data, ...look, backgroundColor: 'transparent', order: 1 };
  });
  const medians = {
    label: 'median',
    data: lines.map(({ middle }, y) => ({ x: scaled(middle), y })),
    pointStyle: 'line' as const,
    rotation: 90,
    pointRadius: 9,
    borderWidth: 2.5,
    borderColor: '--ink',
    backgroundColor: '--ink',
    order: 0,
  };
  const intervals = lines.flatMap(({ interval }, y) =>
    interval === null ? [] : [...interval.map((x) => ({ x: scaled(x), y })), { x: NaN, y }],
  );
  const interval = {
    label: `${INTERVAL_LEVEL * 100} % interval`,
    data: intervals,
    showLine: true,
    pointRadius: 0,
    pointStyle: 'line' as const,
    borderWidth: 2.5,
    borderColor: '--ink',
    backgroundColor: '--ink',
    order: 2,
  };
  return {
    id: slug(`${metric.name}-${group}${which}`),
    title: `${metric.title}${which}`,
    caption: `${metric.about}. ${intervalNote(lines)}.`,
    height: heightOf(lines),
    config: {
      type: 'scatter',
      data: { datasets: [...points, medians, ...(intervals.length === 0 ? [] : [interval])] },
      options: {
        // Not parsed, points must be in the order of the index axis: here y, line by line.
        parsing: false,
        indexAxis: 'y',
        clip: 8,
        plugins: { legend: { labels: { usePointStyle: true } } },
        scales: {
          x: { type: 'linear', beginAtZero: true, title: { display: true, text: unit.name } },
          y: lineAxis(lines),
        },
      },
    },
    head: ['case', 'n', 'median', 'interval', 'samples'],
    rows: lines.map(({ label, values, middle, interval: bounds }) => [
      label.join(' '),
      String(values.length),
      metric.text(middle),
      bounds === null ? '–' : bounds.map(metric.text).join(' to '),
      values.map(metric.text).join(', '),
    ]),
  };
}

/** Throughput, memory, size and read-back time of the cases of one table. */
export function stripCharts(group: string, cases: readonly CaseSamples[]): readonly Chart[] {
  return METRICS.flatMap((metric) => {
    const lines = cases.flatMap(({ case: { writer }, label, samples }): readonly Line[] => {
      const values = samples.map(metric.of).filter((value) => value !== null);
      if (values.length === 0) return [];
      return [{ writer, label, values, middle: median(values), interval: medianInterval(values) }];
    });
    return inParts(lines, (own, which) => chartOf(metric, group, own, which));
  });
}
