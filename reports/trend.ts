/** The nights as a page: what changed on top, then a small chart a case. Pure: the same history gives the same page. */

import { LEAST_POINTS } from '../harness/history/change-points.js';
import type { ChangePoint, HistoryPoint } from '../harness/history/types.js';
import { caseTrends, changeText, TREND_METRICS, trendText, type CaseTrend } from './charts/trends.js';
import { countText, plural } from './format.js';
import { chartData, figureHtml } from './page/charts.js';
import { html, idHtml, NOTHING, tableHtml, type Html } from './page/html.js';
import { terms } from './page/sections.js';
import { documentHtml } from './page/shell.js';
import { verdictHtml, type PageVerdict } from './page/verdict.js';
import { chartPng } from './png.js';

const nightsOf = (points: readonly HistoryPoint[]): readonly string[] =>
  [...new Set(points.map(({ at }) => at))].sort();

function verdictOf(points: readonly HistoryPoint[], changes: readonly ChangePoint[]): PageVerdict {
  if (points.length === 0) return { kind: 'care', sentence: 'The history is empty.' };
  const last = points.reduce((latest, { at }) => (at > latest ? at : latest), '');
  const bad = points.filter(({ at, status }) => at === last && status !== 'verified' && status !== 'skipped');
  if (bad.length > 0) {
    return {
      kind: 'bad',
      sentence: `Last night ${plural(bad.length, 'case')} ${bad.length === 1 ? 'was' : 'were'} not verified.`,
    };
  }
  const nights = nightsOf(points).length;
  if (changes.length === 0 && nights < LEAST_POINTS) {
    const sentence = `${plural(nights, 'night')}: changes of level are looked for from ${LEAST_POINTS} nights on.`;
    return { kind: 'care', sentence };
  }
  if (changes.length === 0) return { kind: 'good', sentence: 'No case is at another level than before.' };
  const cases = new Set(changes.map((change) => change.case)).size;
  return { kind: 'care', sentence: `${plural(changes.length, 'change point')} in ${plural(cases, 'case')}.` };
}

function factsHtml(points: readonly HistoryPoint[]): Html {
  const nights = nightsOf(points);
  return terms('facts', [
    ['Nights', countText(nights.length)],
    ['From', nights[0]?.slice(0, 10) ?? '–'],
    ['To', nights.at(-1)?.slice(0, 10) ?? '–'],
    ['Cases', countText(new Set(points.map((point) => point.case)).size)],
    ['Machines', countText(new Set(points.map(({ fingerprint }) => fingerprint)).size)],
  ]);
}

/** The newest first: it is what somebody may still remember. */
function changesHtml(changes: readonly ChangePoint[]): Html {
  if (changes.length === 0) return NOTHING;
  const newest = [...changes].sort((one, other) => other.at.localeCompare(one.at));
  const rows = newest.map((change) => ({
    cells: [
      { text: idHtml(change.case) },
      { text: TREND_METRICS[change.metric].title },
      { text: change.at.slice(0, 10) },
      { text: trendText(change.metric, change.before), sort: change.before },
      { text: trendText(change.metric, change.after), sort: change.after },
      {
        text: html`<span aria-hidden="true">${change.after > change.before ? '▲' : '▼'}</span> ${changeText(change)}`,
        sort: change.after / change.before,
      },
      { text: change.pValue < 0.001 ? '< 0.001' : change.pValue.toFixed(3), sort: change.pValue },
    ],
  }));
  return html`<section id="changes" aria-labelledby="changes-title">
    <h2 id="changes-title">Change points</h2>
    <p class="muted">
      Advice, by E-divisive means on times relative to the canary of the same night; a change never blocks.
    </p>
    ${tableHtml({
      caption: 'From these nights on, a case is at another level',
      head: ['case', 'figure', 'from', 'before', 'after', 'change', 'p'],
      rows,
      figures: [3, 4, 5, 6],
      sortable: true,
    })}
  </section> `;
}

const trendHtml = ({ case: id, charts }: CaseTrend): Html =>
  html`<section>
    <h3>${idHtml(id)}</h3>
    ${charts.map((chart) => figureHtml(chart, '', 'h4'))}
  </section> `;

export function trendPage(points: readonly HistoryPoint[], changePoints: readonly ChangePoint[]): string {
  const trends = caseTrends(points, changePoints);
  // Cases that changed come first.
  const changed = (trend: CaseTrend): boolean => changePoints.some((change) => change.case === trend.case);
  const ordered = [...trends.filter(changed), ...trends.filter((trend) => !changed(trend))];
  const body = html`${verdictHtml(verdictOf(points, changePoints))}${factsHtml(points)}${changesHtml(changePoints)}
    <section id="trends" aria-labelledby="trends-title">
      <h2 id="trends-title">By case</h2>
      <div class="charts">${ordered.map(trendHtml)}</div>
    </section>`;
  const charts = trends.flatMap((trend) => trend.charts.map((chart) => ['', chart] as const));
  return documentHtml('history', body, chartData(charts));
}

export interface Picture {
  readonly file: string;
  readonly content: Buffer;
}

/** The same charts as pictures. */
export function trendPictures(
  points: readonly HistoryPoint[],
  changePoints: readonly ChangePoint[],
): readonly Picture[] {
  return caseTrends(points, changePoints).flatMap(({ case: id, charts }) =>
    charts.map((chart) => ({ file: `${chart.id}.png`, content: chartPng(chart, id) })),
  );
}
