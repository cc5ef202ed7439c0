/** How long single write calls took: the usual one, the slow ones, and the slowest, of every repetition. */

import { median } from '../../harness/statistics/quantile.js';
import { secondsText } from '../format.js';
import { heightOf, lineAxis, LOG_TICKS, slug, type Chart } from './chart.js';
import type { CaseSamples } from './samples.js';
import { inUnit, unitFor } from './units.js';

const TAILS = [
  { name: 'p50', colour: '--series-1', shape: 'circle' },
  { name: 'p99', colour: '--series-2', shape: 'triangle' },
  { name: 'max', colour: '--series-3', shape: 'crossRot' },
] as const;

export function tailChart(group: string, cases: readonly CaseSamples[], which: string): Chart {
  const lines = cases.map(({ label, samples }) => ({
    label,
    calls: Math.max(...samples.map(({ measurement }) => measurement.callNs.count)),
    // Of no calls at all, and of several workers, there is nothing to draw on a logarithmic axis.
    values: TAILS.map(({ name }) =>
      samples.map(({ measurement }) => measurement.callNs[name]).filter((ns) => ns !== null && ns > 0),
    ) as readonly (readonly number[])[],
  }));
  const unit = unitFor('time', median(lines.flatMap(({ values }) => values[1] ?? []).concat(1)));
  return {
    id: slug(`calls-${group}${which}`),
    title: `Tails of write calls${which}`,
    caption: 'Median, 99th percentile and maximum of the write calls of each repetition, on a logarithmic axis.',
    height: heightOf(lines),
    config: {
      type: 'scatter',
      data: {
        datasets: TAILS.map(({ name, colour, shape }, index) => ({
          label: name,
          data: lines.flatMap(({ values }, y) => (values[index] ?? []).map((ns) => ({ x: inUnit(ns, unit), y }))),
          pointStyle: shape,
          pointRadius: 4.5,
          borderWidth: 1.5,
          borderColor: colour,
          backgroundColor: 'transparent',
        })),
      },
      options: {
        // Not parsed, points must be in the order of the index axis: here y, line by line.
        parsing: false,
        indexAxis: 'y',
        clip: 8,
        plugins: { legend: { labels: { usePointStyle: true } } },
        scales: {
          x: { type: 'logarithmic', ticks: LOG_TICKS, title: { display: true, text: `${unit.name} a call` } },
          y: lineAxis(lines),
        },
      },
    },
    head: ['case', 'calls', ...TAILS.map(({ name }) => `${name} (median)`)],
    rows: lines.map(({ label, calls, values }) => [
      label.join(' '),
      String(calls),
      ...values.map((own) => (own.length === 0 ? '–' : secondsText(median(own)))),
    ]),
  };
}
