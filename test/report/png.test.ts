import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import type { Chart } from '../../reports/charts/chart.js';
import { runCharts } from '../../reports/charts/index.js';
import { chartPng } from '../../reports/png.js';
import { trendPictures } from '../../reports/trend.js';
import { frozenReport } from '../page/runs.js';
import { HISTORY, CHANGES } from './history.js';

interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The share of pixels of an area, in shares of width and height, that are darker than middle grey: text, not grid. */
async function inkOf(png: Buffer, { left, top, right, bottom }: Area): Promise<number> {
  const image = await loadImage(png);
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const [x, y] = [Math.floor(left * image.width), Math.floor(top * image.height)];
  const [width, height] = [Math.floor((right - left) * image.width), Math.floor((bottom - top) * image.height)];
  const { data } = context.getImageData(x, y, width, height);
  let dark = 0;
  for (let at = 0; at < data.length; at += 4) {
    if ((data[at] ?? 255) + (data[at + 1] ?? 255) + (data[at + 2] ?? 255) < 3 * 128) dark += 1;
  }
  return dark / (width * height);
}

/** Where labels belong: above the axes the title and legend, to their left the cases, below them the unit. */
const TITLE: Area = { left: 0.2, top: 0, right: 0.8, bottom: 0.12 };
const LEFT: Area = { left: 0, top: 0.35, right: 0.1, bottom: 0.8 };
const UNIT: Area = { left: 0.4, top: 0.92, right: 0.7, bottom: 1 };
const CORNER: Area = { left: 0.9, top: 0, right: 1, bottom: 0.1 };

async function inks(png: Buffer): Promise<readonly boolean[]> {
  const found: boolean[] = [];
  for (const area of [TITLE, LEFT, UNIT, CORNER]) found.push((await inkOf(png, area)) > 0.004);
  return found;
}

const { summaries, records } = frozenReport('mixed');
const { tables, scaling } = runCharts(summaries, records);
const charts: readonly Chart[] = [...(tables[0]?.charts ?? []), ...(scaling[0]?.charts ?? [])];

test('a PNG of each kind of chart has ink where its title, labels and unit belong, and none in its corner', async () => {
  assert.deepEqual(
    charts.map(({ id }) => id.slice(0, id.indexOf('-nation'))),
    ['throughput', 'peak-rss', 'size', 'read-back', 'phases', 'calls', 'scaling-throughput', 'scaling-peak-rss'],
  );
  const found: (readonly boolean[])[] = [];
  for (const chart of charts) found.push(await inks(chartPng(chart, 'nation')));
  assert.deepEqual(
    found,
    charts.map(() => [true, true, true, false]),
  );
});

test('letters differ: a font was there to draw them', async () => {
  const [chart] = charts;
  assert.ok(chart);
  const ink = async (title: string): Promise<number> => inkOf(chartPng({ ...chart, title }, ''), TITLE);
  const [narrow, wide] = [await ink('iiiiiiii'), await ink('WWWWWWWW')];
  assert.ok(narrow > 0.002 && wide > 2 * narrow, `${narrow} and ${wide}`);
});

test('a trend is a picture too, with the change points marked', async () => {
  const [changed, level] = [trendPictures(HISTORY, CHANGES), trendPictures(HISTORY, [])];
  assert.deepEqual(
    changed.map(({ file }) => file),
    [
      'trend-normalised-orders-0-1-lance-stream.png',
      'trend-peakrssbytes-orders-0-1-lance-stream.png',
      'trend-normalised-orders-0-1-parquet-stream.png',
    ],
  );
  assert.equal(level.length, 2);
  const [marked, plain] = [changed[0]?.content, level[0]?.content];
  assert.ok(marked !== undefined && plain !== undefined);
  assert.equal(marked.equals(plain), false);
  assert.equal((await inkOf(marked, TITLE)) > 0.004, true);
});
