import assert from 'node:assert/strict';
import { test } from 'node:test';
import { caseTrends } from '../../reports/charts/trends.js';
import { trendPage } from '../../reports/trend.js';
import { CHANGES, HISTORY } from './history.js';

test('a point a night, a gap where the machine became another, a mark where a level changed', () => {
  const [lance, parquet] = caseTrends(HISTORY, CHANGES);
  assert.ok(lance !== undefined && parquet !== undefined);
  assert.deepEqual(
    [lance, parquet].map(({ charts }) => charts.map(({ title }) => title)),
    [['Time until durable', 'Peak RSS'], ['Time until durable']],
  );
  const data = lance.charts[0]?.config.data.datasets[0]?.data as { x: number; y: number }[];
  // Forty nights, and one gap.
  assert.deepEqual([data.length, data[10], data[11]?.x], [41, { x: 9.5, y: NaN }, 10]);
  const plugins = lance.charts[0]?.config.options?.plugins as unknown as { marks: { of: unknown } };
  assert.deepEqual(plugins.marks.of, [{ x: 29.5, label: '+15.0 %' }]);
  assert.equal(
    parquet.charts[0]?.caption,
    '40 nights. The line is interrupted where the machine became another (2 machines). 1 night without a verified result left out.',
  );
});

test('what changed stands on top, and says that it is advice', () => {
  const page = trendPage(HISTORY, CHANGES);
  const places = ['2 change points in 1 case.', 'a change never', '+15.0 %', '+33.3 %', '<figure'].map((text) =>
    page.indexOf(text),
  );
  assert.deepEqual(
    places,
    [...places].sort((one, other) => one - other),
  );
  assert.ok((places[0] ?? -1) > 0);
  assert.equal(trendPage(HISTORY, []).includes('No case is at another level than before.'), true);
  const early = HISTORY.filter(({ at }) => at < (HISTORY[20]?.at ?? ''));
  assert.match(trendPage(early, []), /\d+ nights: changes of level are looked for from 30 nights on\./);
  assert.equal(trendPage([], []).includes('The history is empty.'), true);
});

test('a last night that was not verified comes before any change', () => {
  const last = HISTORY.map((point, index) =>
    index === HISTORY.length - 1 ? { ...point, status: 'corrupt' as const, normalised: null } : point,
  );
  assert.equal(trendPage(last, CHANGES).includes('Last night 1 case was not verified.'), true);
});
