/** Charts in a page: a figure each, with a caption, a canvas that a script fills, and the same figures as a table. */

import type { Chart, ChartGroup } from '../charts/chart.js';
import type { RunCharts } from '../charts/index.js';
import { plural } from '../format.js';
import { html, jsonHtml, laterHtml, NOTHING, tableHtml, textCells, type Html } from './html.js';

/** Groups that are open from the start; one looks at the first, and opens others. */
const OPEN_GROUPS = 2;

/** `prefix` keeps apart the same chart of several runs. */
export function figureHtml(chart: Chart, prefix: string, level: 'h3' | 'h4'): Html {
  const id = `${prefix}${chart.id}`;
  const title = level === 'h3' ? html`<h3>${chart.title}</h3>` : html`<h4>${chart.title}</h4>`;
  const rows = chart.rows.map((row) => ({ cells: textCells(row) }));
  return html`<figure>
    <figcaption>
      ${title}
      <p id="${id}-about">${chart.caption}</p>
    </figcaption>
    <div class="canvas" style="height:${chart.height}px">
      <canvas
        id="${id}"
        role="img"
        aria-label="${chart.title}: the table below holds its figures"
        aria-describedby="${id}-about"
      ></canvas>
    </div>
    <details data-later>
      <summary>Figures of this chart</summary>
      ${laterHtml(tableHtml({ caption: chart.title, head: chart.head, rows }))}
    </details>
  </figure> `;
}

function groupHtml({ title, charts }: ChartGroup, prefix: string, open: boolean): Html {
  return html`<details class="group" ${open ? html` open` : null}>
    <summary>
      <h3>${title}</h3>
      <span class="muted">${plural(charts.length, 'chart')}</span>
    </summary>
    <div class="charts">${charts.map((chart) => figureHtml(chart, prefix, 'h4'))}</div>
  </details> `;
}

const groupsHtml = (groups: readonly ChartGroup[], prefix: string): Html =>
  html`${groups.map((group, index) => groupHtml(group, prefix, index < OPEN_GROUPS))}`;

export const tableChartsHtml = ({ tables }: RunCharts, prefix: string): Html => groupsHtml(tables, prefix);

export const scalingHtml = ({ scaling }: RunCharts, prefix: string): Html => groupsHtml(scaling, prefix);

/** The configurations, for the script that draws. */
export function chartData(charts: readonly (readonly [prefix: string, chart: Chart])[]): Html {
  if (charts.length === 0) return NOTHING;
  const configs = charts.map(([prefix, { id, config }]) => ({ id: `${prefix}${id}`, config }));
  return html`<script type="application/json" id="chart-data">
    ${jsonHtml(configs)}
  </script> `;
}
