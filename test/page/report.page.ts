import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { runPage } from '../../reports/page/page.js';
import { browserForTests, inkOf, seriousFindings, untilSorted } from './browser.js';
import { frozenReport, manyRecords } from './runs.js';

const open = browserForTests();
const MIXED = runPage([frozenReport('mixed')]);
const RESULTS = '.cases table >> nth=0';
/** Of content that is not on the screen yet there is no innerText. */
const rowTexts = async (page: Page): Promise<readonly string[]> =>
  page.locator(`${RESULTS} >> tbody tr:not([hidden]) th`).allTextContents();

test('the verdict, then each unverified case in red with what is wrong, expected and found', async () => {
  const { page, complaints, requests } = await open(MIXED);
  assert.equal(await page.locator('.verdict').innerText(), '✗4 of 8 cases are not verified: 2 corrupt, 2 failed.');
  const problems = page.locator('article.problem');
  assert.equal(await problems.count(), 4);
  const first = problems.first();
  assert.equal(await first.locator('h3').innerText(), 'nation@0.01/loses-a-row/stream');
  assert.deepEqual(await first.locator('tbody tr').first().locator('th, td').allInnerTexts(), [
    'rows in the file metadata',
    'N rows counted by reading',
    '25',
    '24',
  ]);
  const [red, ground] = await first.evaluate((element) => {
    const title = element.querySelector('h3');
    return [title === null ? '' : getComputedStyle(title).color, getComputedStyle(element).backgroundColor];
  });
  assert.deepEqual([red, ground], ['rgb(163, 20, 15)', 'rgb(253, 240, 239)']);
  const above = await page.evaluate(() => {
    const top = (selector: string): number => document.querySelector(selector)?.getBoundingClientRect().top ?? NaN;
    return [top('.verdict') < top('.problem'), top('.problem') < top('figure')];
  });
  assert.deepEqual(above, [true, true]);
  assert.deepEqual([complaints, requests], [[], []]);
});

test('what a writer says stays text', async () => {
  const { page, complaints } = await open(MIXED);
  const text = 'close of fails-in-markup failed: </script><img src=x onerror=alert(1)> is no column';
  assert.ok((await page.locator('article.problem').nth(1).innerText()).includes(text));
  assert.equal(await page.locator('img').count(), 0);
  assert.deepEqual(complaints, []);
});

test('a click and the Enter key sort by a column, both ways', async () => {
  const { page } = await open(MIXED);
  const heading = page.locator(`${RESULTS} >> thead th`).filter({ hasText: 'rows/s' });
  await untilSorted(page, async () => heading.click());
  assert.equal(await heading.getAttribute('aria-sort'), 'descending');
  const fastest = await rowTexts(page);
  assert.deepEqual(fastest.slice(0, 2), ['nation@0.01/parquet/stream', 'nation@0.1/parquet/stream']);
  await heading.focus();
  await untilSorted(page, async () => page.keyboard.press('Enter'));
  assert.equal(await heading.getAttribute('aria-sort'), 'ascending');
  const slowest = await rowTexts(page);
  assert.deepEqual(slowest.slice(0, 2), ['nation@0.1/parquet/direct', 'nation@0.01/parquet/direct']);
  // Cases without a figure are last either way.
  assert.deepEqual([fastest.slice(4).length, [...fastest.slice(4)].sort()], [4, [...slowest.slice(4)].sort()]);
});

test('the filter leaves what is asked for, says how many, and comes back', async () => {
  const { page } = await open(MIXED);
  const count = page.locator('[role=status]');
  assert.equal(await count.innerText(), '8 of 8 cases');
  await page.getByRole('combobox', { name: 'Variant', exact: true }).selectOption('direct');
  assert.equal(await count.innerText(), '2 of 8 cases');
  assert.deepEqual(await rowTexts(page), ['nation@0.01/parquet/direct', 'nation@0.1/parquet/direct']);
  await page.getByRole('combobox', { name: 'Table', exact: true }).selectOption('nation@0.1');
  assert.equal(await count.innerText(), '1 of 8 cases');
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.waitForFunction(() => document.querySelector('[role=status]')?.textContent === '8 of 8 cases');
  await page.getByLabel('Text in a row').fill('LOSES');
  assert.equal(await count.innerText(), '2 of 8 cases');
  await page.getByLabel('Text in a row').fill('');
  await page.getByRole('combobox', { name: 'Status', exact: true }).selectOption('failed');
  assert.deepEqual(await rowTexts(page), ['nation@0.01/fails-in-markup/stream', 'nation@0.1/fails-in-markup/stream']);
  assert.equal(await page.locator('.cases table').nth(1).locator('tbody tr:visible').count(), 2);
});

test('light and dark: the system says, the button overrules, charts follow', async () => {
  const ground = async (page: Page): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const { page, complaints } = await open(MIXED, { colorScheme: 'dark' });
  assert.equal(await ground(page), 'rgb(18, 20, 23)');
  const id = 'throughput-nation-0-1';
  const [, dark] = [await inkOf(page, id), await page.locator(`#${id}`).screenshot()];
  await page.getByRole('button', { name: 'Light colours' }).click();
  assert.equal(await ground(page), 'rgb(255, 255, 255)');
  assert.equal(await page.getByRole('button', { name: 'Dark colours' }).count(), 1);
  assert.equal((await page.locator(`#${id}`).screenshot()).equals(dark), false);
  assert.deepEqual(complaints, []);
});

test('every chart is drawn', async () => {
  const { page, complaints } = await open(MIXED);
  for (const details of await page.locator('main details.group:not([open]) > summary').all()) await details.click();
  const ids = await page.locator('canvas').evaluateAll((all) => all.map(({ id }) => id));
  assert.equal(ids.length, 14);
  const inks: number[] = [];
  for (const id of ids) inks.push(await inkOf(page, id));
  assert.deepEqual(
    inks.filter((ink) => ink < 2000),
    [],
  );
  assert.deepEqual(complaints, []);
});

for (const [name, report] of [
  ['a run', MIXED],
  ['claims', runPage([frozenReport('claims')])],
  ['faults', runPage([frozenReport('faults')])],
  ['several runs', runPage([frozenReport('mixed'), frozenReport('faults')])],
] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`nothing keeps people from ${name} in ${colorScheme} colours, on a wide screen or a telephone`, async () => {
      const { page, complaints, requests } = await open(report, { colorScheme });
      assert.deepEqual(await seriousFindings(page), []);
      await page.setViewportSize({ width: 360, height: 740 });
      const widest = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.equal(widest, 360);
      assert.deepEqual(await seriousFindings(page), []);
      assert.deepEqual([complaints, requests], [[], []]);
    });
  }
}

test('headings are in order, and landmarks and a way past them are there', async () => {
  const { page } = await open(MIXED);
  const levels = await page
    .locator('h1, h2, h3, h4')
    .evaluateAll((all) => all.map(({ tagName }) => Number(tagName[1])));
  assert.equal(levels[0], 1);
  assert.ok(levels.length > 10);
  assert.deepEqual(
    levels.filter((level, index) => level > (levels[index - 1] ?? 1) + 1),
    [],
  );
  assert.deepEqual([await page.locator('header').count(), await page.locator('main').count()], [1, 1]);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
});

test('on paper: all rows, no controls, charts whole and in the colours of paper', async () => {
  const { page, complaints } = await open(MIXED, { colorScheme: 'dark', viewport: { width: 1032, height: 700 } });
  await page.getByRole('combobox', { name: 'Variant', exact: true }).selectOption('direct');
  await page.emulateMedia({ media: 'print' });
  await page.waitForFunction(() => document.documentElement.dataset['theme'] === 'light');
  assert.equal(await page.locator(`${RESULTS} >> tbody tr:visible`).count(), 8);
  assert.equal(await page.locator('.controls:visible').count(), 0);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  const canvases = await page.locator('canvas').evaluateAll((all) =>
    all.map((canvas) => ({
      visible: canvas.checkVisibility(),
      cut: canvas.getBoundingClientRect().right > document.documentElement.clientWidth,
    })),
  );
  assert.deepEqual(
    canvases,
    Array.from({ length: 14 }, () => ({ visible: true, cut: false })),
  );
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 1032);
  const pdf = await page.pdf({ preferCSSPageSize: true });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  await page.emulateMedia({ media: 'screen' });
  await page.waitForFunction(() => document.documentElement.dataset['theme'] === undefined);
  assert.deepEqual(complaints, []);
});

test('figures of a chart are there once they are asked for', async () => {
  const { page, complaints } = await open(MIXED);
  const figure = page.locator('figure').first();
  assert.equal(await figure.locator('table').count(), 0);
  await figure.locator('summary').click();
  await figure.locator('table').waitFor();
  const cells = await figure.locator('tbody tr').first().locator('th, td').allInnerTexts();
  assert.deepEqual(cells.slice(0, 2), ['parquet/stream', '7']);
  await figure.locator('summary').click();
  await figure.locator('summary').click();
  assert.equal(await figure.locator('table').count(), 1);
  assert.deepEqual(complaints, []);
});

test('without JavaScript every figure and finding can be read', async () => {
  const { page } = await open(MIXED, { javaScriptEnabled: false });
  assert.equal(await page.locator('.verdict').isVisible(), true);
  assert.equal(await page.locator('article.problem:visible').count(), 4);
  assert.equal(await page.locator(`${RESULTS} >> tbody tr:visible`).count(), 8);
  assert.equal(await page.locator('.controls:visible').count(), 0);
  assert.equal(await page.locator('canvas:visible').count(), 0);
  const figure = page.locator('figure').first();
  await figure.locator('summary').click();
  const cells = await figure.locator('tbody tr').first().locator('th, td').allInnerTexts();
  assert.deepEqual(cells.slice(0, 2), ['parquet/stream', '7']);
  assert.equal(cells[4]?.split(', ').length, 7);
});

for (const repetitions of [5, 1]) {
  test(`5,000 records of ${5000 / repetitions} cases`, async (context) => {
    const report = manyRecords(5000, repetitions);
    const begun = performance.now();
    const html = runPage([report]);
    const built = performance.now();
    const { page, complaints } = await open(html);
    const opened = await page.evaluate(() => {
      const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      return { loadMs: entry?.loadEventEnd ?? NaN, paintMs: paint?.startTime ?? NaN };
    });
    context.diagnostic(
      `built in ${(built - begun).toFixed(0)} ms, ${(html.length / 1e6).toFixed(1)} MB; ` +
        `first paint after ${opened.paintMs.toFixed(0)} ms, loaded after ${opened.loadMs.toFixed(0)} ms`,
    );
    assert.equal(await page.locator(`${RESULTS} >> tbody tr`).count(), 5000 / repetitions);
    assert.deepEqual(complaints, []);
  });
}
