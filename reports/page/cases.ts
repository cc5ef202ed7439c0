/** Every case with all its figures: two tables that are sorted and filtered, the second of what the first is made of. */

import { median } from '../../harness/statistics/quantile.js';
import { isWriteSummary, statusOf, type WriteSummary } from '../../harness/summary.js';
import type { CallTimes, Measurement, WriteCase } from '../../harness/types.js';
import type { CaseSamples } from '../charts/samples.js';
import { groupName } from '../charts/samples.js';
import { byteRateText, bytesText, countText, rowRateText, secondsText } from '../format.js';
import { html, idHtml, NOTHING, tableHtml, type Cell, type Html } from './html.js';
import type { RunReport } from './run-report.js';
import { statusHtml } from './verdict.js';

const NONE: Cell = { text: '–', sort: '', figure: true };

/** Median over repetitions, as text; a dash where one of them was not measured. */
function figure(values: readonly (number | null)[], text: (value: number) => string): Cell {
  const known = values.filter((value) => value !== null);
  if (known.length === 0 || known.length < values.length) return NONE;
  const middle = median(known);
  return { text: text(middle), sort: Number(middle.toPrecision(7)), figure: true };
}

const RESULT_HEAD = [
  'case',
  'status',
  'rows/s',
  'Arrow data',
  'return',
  'durable',
  'peak RSS',
  'growth',
  'on disk',
  'read back',
  'rows verified',
  'proof',
  'n',
];

/** Of a writer that lies on purpose, or of an ending that a claim expects, being unverified is as it should be. */
function statusCell(summary: WriteSummary, judged: ReadonlySet<string>): Cell {
  const status = statusOf(summary);
  const meant = status !== 'verified' && status !== 'skipped' && !judged.has(summary.case.id);
  return { text: meant ? html`${statusHtml(status)} as meant` : statusHtml(status), sort: status };
}

function resultCells(
  summary: WriteSummary,
  samples: CaseSamples | undefined,
  judged: ReadonlySet<string>,
): readonly Cell[] {
  const { case: one, figures, repetitions } = summary;
  const head: Cell[] = [{ text: idHtml(one.id) }, statusCell(summary, judged)];
  const count: Cell = { text: String(repetitions), figure: true };
  if (figures === null) return [...head, ...Array.from({ length: 9 }, () => NONE), { text: '–' }, count];
  const own = samples?.samples ?? [];
  return [
    ...head,
    figure([figures.rowsPerSecond], rowRateText),
    figure([figures.arrowBytesPerSecond], byteRateText),
    figure([figures.returnNs], secondsText),
    figure([figures.durableNs], secondsText),
    figure([figures.peakRssBytes], bytesText),
    figure([figures.rssGrowthBytes], bytesText),
    figure([figures.diskBytes], bytesText),
    figure(
      own.map(({ readBackNs }) => readBackNs),
      secondsText,
    ),
    figure([figures.rows], countText),
    { text: figures.readers.join(' + ') },
    count,
  ];
}

interface Detail {
  readonly name: string;
  readonly text: (value: number) => string;
  readonly of: (measurement: Measurement) => number | null;
}

const time = (name: string, of: Detail['of']): Detail => ({ name, text: secondsText, of });
const call = (of: keyof CallTimes): Detail => time(`call ${of}`, ({ callNs }) => callNs[of]);
const count = (name: string, of: Detail['of']): Detail => ({ name, text: countText, of });

const DETAILS: readonly Detail[] = [
  time('spawn to durable', ({ spawnToDurableNs }) => spawnToDurableNs),
  time('create', ({ phasesNs }) => phasesNs.create),
  time('first write', ({ phasesNs }) => phasesNs.firstWrite),
  time('further writes', ({ phasesNs }) => Math.max(0, phasesNs.writes - phasesNs.firstWrite)),
  time('close', ({ phasesNs }) => phasesNs.close),
  time('sync', ({ phasesNs }) => phasesNs.sync),
  call('p50'),
  call('p99'),
  call('max'),
  time('CPU user', ({ cpuNs }) => cpuNs.user),
  time('CPU system', ({ cpuNs }) => cpuNs.system),
  { name: 'written', text: bytesText, of: ({ io }) => io?.writeBytes ?? null },
  count('write calls', ({ io }) => io?.writeCalls ?? null),
  count('page faults', ({ pageFaults }) => pageFaults.minor + pageFaults.major),
  count('switches', ({ contextSwitches }) => contextSwitches.voluntary + contextSwitches.involuntary),
];

function detailCells({ case: one, figures }: WriteSummary, samples: CaseSamples | undefined): readonly Cell[] {
  const own = figures === null ? [] : (samples?.samples ?? []);
  return [
    { text: idHtml(one.id) },
    ...DETAILS.map(({ text, of }) =>
      figure(
        own.map(({ measurement }) => of(measurement)),
        text,
      ),
    ),
  ];
}

const attributesOf = (summary: WriteSummary): Html => {
  const { case: one } = summary;
  return html` data-table="${groupName(one)}" data-writer="${one.writer}" data-variant="${one.variant}"
  data-status="${statusOf(summary)}"`;
};

function select(name: string, key: string, values: readonly string[]): Html {
  const options = [...new Set(values)].map((value) => html`<option>${value}</option>`);
  return html`<label
    >${name}<select data-filter="${key}">
      <option value="">all</option>
      ${options}
    </select></label
  >`;
}

const of = (summaries: readonly WriteSummary[], key: (one: WriteCase) => string): readonly string[] =>
  summaries.map(({ case: one }) => key(one));

function filtersHtml(summaries: readonly WriteSummary[]): Html {
  return html`<form class="filters controls" aria-label="Filter of the cases">
      <label>Text in a row<input type="search" data-filter="text" autocomplete="off" /></label>
      ${select('Table', 'table', of(summaries, groupName))}
      ${select(
        'Writer',
        'writer',
        of(summaries, ({ writer }) => writer),
      )}
      ${select(
        'Variant',
        'variant',
        of(summaries, ({ variant }) => variant),
      )}
      ${select('Status', 'status', summaries.map(statusOf))}
      <button type="reset">Show all</button>
    </form>
    <p class="controls" role="status" data-count>
      ${countText(summaries.length)} of ${countText(summaries.length)} cases
    </p> `;
}

const columns = (from: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => from + index);

export function casesHtml({ summaries, judged }: RunReport, cases: readonly CaseSamples[]): Html {
  const written = summaries.filter(isWriteSummary);
  if (written.length === 0) return NOTHING;
  const counting = new Set(judged.map(({ case: one }) => one.id));
  const samples = new Map(cases.map((one) => [one.case.id, one]));
  const rows = (cells: (summary: WriteSummary, own: CaseSamples | undefined) => readonly Cell[]) =>
    written.map((summary) => ({
      cells: cells(summary, samples.get(summary.case.id)),
      attributes: attributesOf(summary),
    }));
  return html`<div class="cases" data-cases>
    ${filtersHtml(written)}
    <div class="later">
      ${tableHtml({
        caption: 'Results: medians over n repetitions; only of cases of which every repetition is verified',
        head: RESULT_HEAD,
        rows: rows((summary, own) => resultCells(summary, own, counting)),
        figures: [...columns(2, 9), 12],
        sortable: true,
      })}
    </div>
    <div class="later">
      ${tableHtml({
        caption: 'What they are made of: phases, write calls, CPU time and counters, medians too',
        head: ['case', ...DETAILS.map(({ name }) => name)],
        rows: rows(detailCells),
        figures: columns(1, DETAILS.length),
        sortable: true,
      })}
    </div>
  </div> `;
}
