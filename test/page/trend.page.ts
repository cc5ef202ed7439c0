import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trendPage } from '../../reports/trend.js';
import { CHANGES, HISTORY } from '../report/history.js';
import { browserForTests, inkOf, seriousFindings, untilSorted } from './browser.js';

const open = browserForTests();
const TREND = trendPage(HISTORY, CHANGES);

test('the history: change points listed on top and sorted by a click, a chart for each case', async () => {
  const { page, complaints, requests } = await open(TREND);
  assert.equal(await page.locator('.verdict').innerText(), '!2 change points in 1 case.');
  const changes = page.locator('#changes tbody tr');
  assert.deepEqual(await changes.locator('td:nth-child(6)').allTextContents(), ['▲ +15.0 %', '▲ +33.3 %']);
  const heading = page.locator('#changes thead th').filter({ hasText: 'change' });
  await untilSorted(page, async () => heading.click());
  assert.deepEqual(await changes.locator('td:nth-child(6)').allTextContents(), ['▲ +33.3 %', '▲ +15.0 %']);
  const ids = await page.locator('canvas').evaluateAll((all) => all.map(({ id }) => id));
  const inks: number[] = [];
  for (const id of ids) inks.push(await inkOf(page, id));
  assert.deepEqual([inks.length, inks.filter((ink) => ink < 2000)], [3, []]);
  assert.deepEqual([complaints, requests], [[], []]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing keeps people from the history in ${colorScheme} colours, on a wide screen or a telephone`, async () => {
    const { page, complaints, requests } = await open(TREND, { colorScheme });
    assert.deepEqual(await seriousFindings(page), []);
    await page.setViewportSize({ width: 360, height: 740 });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 360);
    assert.deepEqual(await seriousFindings(page), []);
    assert.deepEqual([complaints, requests], [[], []]);
  });
}
