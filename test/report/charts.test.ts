import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCharts } from '../../reports/charts/index.js';
import { heightOf, type Chart } from '../../reports/charts/chart.js';
import { painted } from '../../reports/charts/paint.js';
import { frozenReport, manyRecords } from '../page/runs.js';

const { summaries, records } = frozenReport('mixed');
const { tables, scaling } = runCharts(summaries, records);

function named(charts: readonly Chart[] | undefined, id: string): Chart {
  const found = charts?.find((chart) => chart.id === id);
  assert.ok(found);
  return found;
}

const points = (chart: Chart, label: string): readonly { x: number; y: number }[] => {
  const set = chart.config.data.datasets.find((one) => one.label === label);
  assert.ok(set);
  return set.data as { x: number; y: number }[];
};

test('every repetition of every verified case is a point, with its median and the interval of that', () => {
  const chart = named(tables[0]?.charts, 'throughput-nation-0-01');
  const own = records.flatMap(({ case: one, verdict }) =>
    one.id === 'nation@0.01/parquet/stream' && verdict.status === 'verified' && 'durableNs' in verdict.measurement
      ? [Number(((verdict.rows / verdict.measurement.durableNs) * 1e6).toPrecision(5))]
      : [],
  );
  assert.equal(own.length, 7);
  const drawn = points(chart, 'parquet').filter(({ y }) => y === 0);
  assert.deepEqual(
    drawn.map(({ x }) => x),
    own,
  );
  const sorted = [...own].sort((one, other) => one - other);
  assert.equal(points(chart, 'median')[0]?.x, sorted[3]);
  assert.deepEqual(points(chart, '95 % interval').slice(0, 3), [
    { x: sorted[0], y: 0 },
    { x: sorted[6], y: 0 },
    { x: NaN, y: 0 },
  ]);
  assert.ok(chart.caption.endsWith('n = 7; the line is the 95 % interval of the median.'));
});

test('where repetitions are too few for an interval, the chart says so and draws none', () => {
  const faults = frozenReport('faults');
  const chart = runCharts(faults.summaries, faults.records).tables[0]?.charts[0];
  assert.ok(chart !== undefined);
  assert.ok(chart.caption.endsWith('n = 1: too few for an interval (6 repetitions are needed).'));
  assert.equal(
    chart.config.data.datasets.some(({ label }) => label === '95 % interval'),
    false,
  );
});

test('a case that is not verified is in no chart', () => {
  const text = JSON.stringify({ tables, scaling });
  assert.equal(text.includes('parquet/direct'), true);
  assert.deepEqual([text.includes('loses-a-row'), text.includes('fails-in-markup')], [false, false]);
});

test('phases of a bar add up to the time until durable of a repetition that was measured', () => {
  const chart = named(tables[0]?.charts, 'phases-nation-0-01');
  const total = chart.config.data.datasets.reduce((sum, { data }) => sum + Number(data[0]), 0);
  const measured = records.flatMap(({ case: one, verdict }) =>
    one.id === 'nation@0.01/parquet/stream' && verdict.status === 'verified' && 'durableNs' in verdict.measurement
      ? [verdict.measurement.durableNs / 1e6]
      : [],
  );
  assert.equal(measured.filter((ms) => Math.abs(ms / total - 1) < 0.0001).length > 0, true);
});

test('curves join the medians of two scales, on logarithmic axes', () => {
  const chart = named(scaling[0]?.charts, 'scaling-throughput-nation');
  const scales = chart.config.options?.scales as { x: { type: string }; y: { type: string } };
  assert.deepEqual([scales.x.type, scales.y.type], ['logarithmic', 'logarithmic']);
  assert.deepEqual(
    points(chart, 'parquet/stream').map(({ x }) => x),
    [0.01, 0.1],
  );
  assert.deepEqual(
    chart.rows.map(([name, scale, n]) => [name, scale, n]),
    [
      ['parquet/stream', '0.01', '7'],
      ['parquet/stream', '0.1', '7'],
      ['parquet/direct', '0.01', '7'],
      ['parquet/direct', '0.1', '7'],
    ],
  );
});

test('more cases than one chart holds are drawn in several, and ids stay apart', () => {
  const many = manyRecords(1000, 1);
  const charts = runCharts(many.summaries, many.records).tables.flatMap((group) => group.charts);
  assert.equal(new Set(charts.map(({ id }) => id)).size, charts.length);
  const drawn = charts.filter(({ id }) => id.startsWith('throughput-')).reduce((sum, { rows }) => sum + rows.length, 0);
  assert.equal(drawn, 1000);
  assert.deepEqual(
    charts.filter(({ rows }) => rows.length > 40),
    [],
  );
});

test('colours are put in wherever they stand', () => {
  const config = { a: ['--ink', { b: '--ink', c: 'ink', d: 1, e: null }] };
  assert.deepEqual(
    painted(config, (name) => `<${name}>`),
    { a: ['<--ink>', { b: '<--ink>', c: 'ink', d: 1, e: null }] },
  );
});

test('every line of a chart has its label, and room for all rows of it', () => {
  const lines = tables.flatMap(({ charts }) => charts).filter(({ config }) => config.options?.indexAxis === 'y');
  const skipping = lines.filter(({ config }) => {
    const { y } = (config.options?.scales ?? {}) as { readonly y?: { readonly ticks?: { autoSkip?: boolean } } };
    return y?.ticks?.autoSkip !== false;
  });
  assert.deepEqual([lines.length > 5, skipping.map(({ id }) => id)], [true, []]);
  const height = (label: readonly string[]): number => heightOf([{ label }, { label: ['one'] }]);
  assert.ok(height(['one', 'two', 'three']) > height(['one', 'two']));
});
