/** Runs as one page that needs nothing else: no network, no server. Pure: the same runs give the same page. */

import { runCharts, type RunCharts } from '../charts/index.js';
import type { Chart } from '../charts/chart.js';
import { caseSamples } from '../charts/samples.js';
import { isWrite } from '../../harness/types.js';
import { bytesText, countText, plural, secondsText } from '../format.js';
import { casesHtml } from './cases.js';
import { chartData, scalingHtml, tableChartsHtml } from './charts.js';
import { html, NOTHING, type Html } from './html.js';
import { problemsHtml } from './problems.js';
import type { RunReport } from './run-report.js';
import { claimsHtml, expectedHtml, faultsHtml, machineHtml, moreHtml, terms } from './sections.js';
import { documentHtml } from './shell.js';
import { verdictHtml, verdictOf } from './verdict.js';

interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: Html;
}

/** `2026-11-22T02:28:01.123Z` → `2026-11-22 02:28 UTC`. */
const timeText = (iso: string): string => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;

function factsHtml({ run, records }: RunReport): Html {
  const verified = records.flatMap(({ verdict }) => (verdict.status === 'verified' ? [verdict] : []));
  const written = records.filter(isWrite);
  const bytes = written.reduce(
    (sum, { verdict }) => sum + (verdict.status === 'verified' ? verdict.measurement.diskBytes : 0),
    0,
  );
  const rows = verified.reduce((sum, verdict) => sum + verdict.rows, 0);
  const took =
    run.finishedAt === null
      ? 'not finished'
      : secondsText((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) * 1e6);
  return terms('facts', [
    ['Started', timeText(run.startedAt)],
    ['Took', took],
    ['Cases', countText(run.cases.length)],
    ['Repetitions recorded', countText(records.length)],
    ['Rows read back and right', countText(rows)],
    ['Written', bytesText(bytes)],
  ]);
}

function sectionsOf(report: RunReport, charts: RunCharts, prefix: string): readonly Section[] {
  const { summaries, records, judged, faults } = report;
  const cases = caseSamples(summaries, records);
  const problems = problemsHtml(judged, records);
  const sections: readonly Section[] = [
    { id: 'problems', title: 'Not verified', body: problems },
    { id: 'expected', title: 'Expected of the suite', body: expectedHtml(report) },
    { id: 'claims', title: 'Claimed beside measured', body: claimsHtml(report) },
    {
      id: 'faults',
      title: 'Writers that lie, and what found them out',
      body: faults === null ? NOTHING : faultsHtml(faults),
    },
    { id: 'charts', title: 'By table', body: tableChartsHtml(charts, prefix) },
    { id: 'scaling', title: 'As tables grow', body: scalingHtml(charts, prefix) },
    { id: 'cases', title: 'Every case', body: casesHtml(report, cases) },
    { id: 'more', title: 'More', body: moreHtml(report) },
    { id: 'machine', title: 'Machine', body: machineHtml(report.run) },
  ];
  return sections.filter(({ body }) => body.text.trim() !== '').map((one) => ({ ...one, id: `${prefix}${one.id}` }));
}

function contentsHtml(sections: readonly Section[], label: string): Html {
  const items = sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`);
  return html`<nav class="contents" aria-label="${label}">
    <ul>
      ${items}
    </ul>
  </nav> `;
}

const sectionHtml = ({ id, title, body }: Section): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body}
  </section> `;

function runHtml(report: RunReport, sections: readonly Section[], heading: Html): Html {
  return html`${heading}
  ${verdictHtml(verdictOf(report))}${factsHtml(report)}${contentsHtml(sections, `Contents of ${report.run.id}`)}${sections.map(sectionHtml)}`;
}

/** Several runs, one below the other; their verdicts stand together on top. */
function allVerdictsHtml(reports: readonly RunReport[]): Html {
  const lines = reports.map((report, index) => {
    const { kind, sentence } = verdictOf(report);
    const status = { good: 'verified', bad: 'corrupt', care: 'skipped' }[kind];
    return html`<li>
      <a href="#run-${index + 1}">${report.run.id}</a>: <span class="status ${status}">${sentence}</span>
    </li>`;
  });
  return html`<ul class="plain">
    ${lines}
  </ul> `;
}

export function runPage(reports: readonly RunReport[]): string {
  const several = reports.length > 1;
  const drawn: (readonly [string, Chart])[] = [];
  const bodies = reports.map((report, index) => {
    const prefix = several ? `run-${index + 1}-` : '';
    const charts = runCharts(report.summaries, report.records);
    for (const { charts: own } of [...charts.tables, ...charts.scaling]) {
      drawn.push(...own.map((chart) => [prefix, chart] as const));
    }
    const sections = sectionsOf(report, charts, prefix);
    const heading = several ? html`<h2 id="run-${index + 1}">${report.run.id}</h2>` : NOTHING;
    return runHtml(report, sections, heading);
  });
  const [first] = reports;
  const title = several ? plural(reports.length, 'run') : (first?.run.id ?? '');
  const body = html`${several ? allVerdictsHtml(reports) : NOTHING}${bodies}`;
  return documentHtml(title, body, chartData(drawn));
}
