/** Each case that is not verified, with what is wrong and where. */

import { problemLines, statusOf, type CaseSummary } from '../../harness/summary.js';
import { DETECTORS, type Finding, type Record as RunRecord } from '../../harness/types.js';
import { groupBy } from '../charts/samples.js';
import { problemTexts } from '../rows.js';
import { html, idHtml, NOTHING, tableHtml, textCells, type Html } from './html.js';
import { statusHtml } from './verdict.js';

type Verdict = RunRecord['verdict'];

/** What detectors had nothing to look at: said in one line. */
const NO_INPUT = 'no input';

function findingsHtml(findings: readonly Finding[]): Html {
  const seen = findings.filter(({ what }) => what !== NO_INPUT);
  const blind = findings.filter(({ what }) => what === NO_INPUT);
  const rows = (seen.length === 0 ? blind : seen).map(({ detector, what, expected, actual }) => ({
    cells: textCells([what, `${detector} ${DETECTORS[detector]}`, expected, actual]),
  }));
  const table = tableHtml({ caption: 'What is wrong', head: ['what', 'detector', 'expected', 'found'], rows });
  if (seen.length === 0 || blind.length === 0) return html`<div class="wrap">${table}</div>`;
  const letters = blind.map(({ detector }) => `${detector} ${DETECTORS[detector]}`).join(', ');
  return html`<div class="wrap">${table}</div>
    <p class="muted">Not looked at, for want of input: ${letters}.</p>`;
}

function verdictBody(verdict: Verdict): Html {
  if (verdict.status === 'verified') return NOTHING;
  if (verdict.status === 'corrupt') return findingsHtml(verdict.findings);
  return html`${problemLines(verdict).map((line) => html`<p>${line}</p>`)}`;
}

function whichText(records: readonly RunRecord[], all: number): string {
  if (all === 1) return '';
  const which = records.map(({ repetition }) => repetition).join(', ');
  return records.length === all ? `in all ${all} repetitions` : `in repetition ${which} of ${all}`;
}

function problemHtml({ case: one, repetitions }: CaseSummary, records: readonly RunRecord[]): Html {
  const bad = records.filter(({ verdict }) => verdict.status !== 'verified' && verdict.status !== 'skipped');
  const endings = [...groupBy(bad, ({ verdict }) => JSON.stringify({ ...verdict, refused: null }))].map(
    ([, [first, ...others]]) =>
      first === undefined
        ? NOTHING
        : html`<p>${statusHtml(first.verdict.status)} ${whichText([first, ...others], repetitions)}</p>
            ${verdictBody(first.verdict)}`,
  );
  return html`<article class="problem">
    <h3>${idHtml(one.id)}</h3>
    ${endings}
  </article> `;
}

/** Unverified cases in red; below them what was skipped. */
export function problemsHtml(judged: readonly CaseSummary[], records: readonly RunRecord[]): Html {
  const byCase = groupBy(records, (record) => record.case.id);
  const bad = judged.filter((summary) => !['verified', 'skipped'].includes(statusOf(summary)));
  const skipped = judged.flatMap((summary) => {
    const problems = summary.problems.filter(({ status }) => status === 'skipped');
    return problems.length === 0 ? [] : [{ ...summary, problems }];
  });
  const skips =
    skipped.length === 0
      ? NOTHING
      : html`<div class="notice">
          <h3>Skipped</h3>
          <ul>
            ${problemTexts(skipped).map((text) => html`<li>${text}</li>`)}
          </ul>
        </div>`;
  return html`${bad.map((summary) => problemHtml(summary, byCase.get(summary.case.id) ?? []))}${skips}`;
}
