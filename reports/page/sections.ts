/** The parts of a report that are lists and tables. */

import { variantRatios } from '../../harness/summary.js';
import type { Run } from '../../harness/types.js';
import { CLAIM_HEADINGS, claimNotes, claimRows } from '../claims.js';
import { CROSSING_HEADINGS, crossingRows } from '../crossing-rows.js';
import { SCAN_HEADINGS, scanRows } from '../scan-rows.js';
import { DATASET_HEADINGS, datasetRows } from '../dataset-rows.js';
import {
  DETECTOR_HEADINGS,
  detectorRows,
  faultHeadings,
  faultNotes,
  faultRows,
  generatorTexts,
  notRunTexts,
  type FaultPage,
} from '../faults.js';
import { bytesText, countText, plural, rustcText } from '../format.js';
import { limitTexts } from '../memory-limit.js';
import { PROFILE_HEADINGS, profileRows, profileTexts } from '../profile.js';
import { expectationText, partsTexts, ratioText } from '../rows.js';
import { html, NOTHING, tableHtml, textCells, type Html } from './html.js';
import type { RunReport } from './run-report.js';

const list = (lines: readonly (string | Html)[]): Html =>
  lines.length === 0
    ? NOTHING
    : html`<ul class="plain">
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul> `;

const folded = (title: string, body: Html): Html =>
  html`<details>
    <summary>${title}</summary>
    ${body}
  </details> `;

function plainTable(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): Html {
  if (rows.length === 0) return NOTHING;
  const figures = head.flatMap((_, column) => (column === 0 ? [] : [column]));
  return tableHtml({ caption, head, figures, rows: rows.map((row) => ({ cells: textCells(row) })) });
}

/** What a fault would have reported stands struck out: marked on its way through text, which cannot hold HTML. */
const [STRIKE, UNSTRIKE] = ['\u0002', '\u0003'];
const marked = (text: string): string => `${STRIKE}${text}${UNSTRIKE}`;

function struckHtml(text: string): Html {
  const [before = '', ...struck] = text.split(STRIKE);
  const parts = struck.map((part) => {
    const [inside = '', after = ''] = part.split(UNSTRIKE);
    return html`<s>${inside}</s>${after}`;
  });
  return html`${before}${parts}`;
}

const HOLDS_COLUMN = CLAIM_HEADINGS.indexOf('holds');

export function claimsHtml({ claims }: RunReport): Html {
  if (claims === null) return NOTHING;
  const rows = claimRows(claims, marked).map((cells) => ({
    cells: cells.map((text, column) => ({
      text: column === HOLDS_COLUMN ? html`<strong>${text}</strong>` : struckHtml(text),
    })),
  }));
  const caption = 'Figures as published, beside those of this machine; what lies would have reported is struck out';
  return html`${tableHtml({ caption, head: CLAIM_HEADINGS, rows })}
  ${folded('Where each figure comes from', list(claimNotes(claims, marked).map((text) => struckHtml(text.trim()))))}`;
}

/** Before it stand the fault, where it was seen, and what must fire. */
const FIRST_WRITER = 3;

/** `4/4 CMOX`: all variants were caught, some were not, or nothing was run. */
function faultCell(text: string): Html | string {
  const [caught, run] = (text.split(' ')[0] ?? '').split('/');
  if (run === undefined) return text;
  if (caught === run) return html`<span class="status verified" aria-hidden="true">✓ </span>${text}`;
  return html`<strong class="status corrupt">✗ ${text}</strong>`;
}

export function faultsHtml({ results, faults, detectors, generators, score }: FaultPage): Html {
  const holes = [...score.holes, ...score.ours].map((text) => html`<p class="status corrupt">✗ ${text}</p>`);
  const rows = faultRows(results, faults).map((cells) => ({
    cells: cells.map((text, column) => ({ text: column < FIRST_WRITER ? text : faultCell(text) })),
  }));
  return html`${holes}
    ${tableHtml({
      caption: 'A row a lie; for each writer how many of its variants were caught, and the detectors that fired',
      head: faultHeadings(results),
      rows,
    })}
    <h3>Each detector switched off</h3>
    <div class="wrap">
      ${tableHtml({
        caption: 'What would pass without it',
        head: DETECTOR_HEADINGS,
        rows: detectorRows(detectors).map((cells) => ({ cells: textCells(cells) })),
      })}
    </div>
    ${folded('What each lie does, and what was found', list([...faultNotes(results, faults), ...generatorTexts(generators)]))}
    ${folded('Not run', list(notRunTexts(results)))}`;
}

export function expectedHtml({ expected }: RunReport): Html {
  return list(
    expected.map((one) => {
      const [sign, status] = one.holds ? ['✓', 'verified'] : ['✗', 'corrupt'];
      return html`<span class="status ${status}" aria-hidden="true">${sign}</span> ${expectationText(one)}`;
    }),
  );
}

/** Ratios, datasets, profiles, crossings, scans: whatever of it the run has. */
export function moreHtml({ summaries }: RunReport): Html {
  const ratios = variantRatios(summaries).map(ratioText);
  const notes = [...partsTexts(summaries), ...limitTexts(summaries), ...profileTexts(summaries)];
  return html`${plainTable('Datasets: what fragments and versions cost', DATASET_HEADINGS, datasetRows(summaries))}
  ${plainTable('Where CPU time went', PROFILE_HEADINGS, profileRows(summaries))}
  ${plainTable('Crossings of the Arrow C Data Interface', CROSSING_HEADINGS, crossingRows(summaries))}
  ${plainTable('Scans of the entity store', SCAN_HEADINGS, scanRows(summaries))}
  ${list(notes)}${ratios.length === 0 ? NOTHING : folded(`Ratios of variants (${countText(ratios.length)})`, list(ratios))}`;
}

/** Terms and what they are. */
export const terms = (kind: string, pairs: readonly (readonly [name: string, value: string])[]): Html =>
  html`<dl class="${kind}">
    ${pairs.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl> `;

export function machineHtml({ machine, writeproof, seed, repeat, nonce, startedAt, finishedAt }: Run): Html {
  const { version, commit, dirty } = writeproof;
  const versions = Object.entries(machine.versions).map(([name, value]) => `${name} ${value}`);
  return terms('machine', [
    ['Processor', `${machine.cpuModel}, ${plural(machine.cores, 'core')}, governor ${machine.governor ?? 'unknown'}`],
    [
      'Memory',
      `${bytesText(machine.memoryBytes)}${machine.memoryLimitBytes === null ? '' : `, of which ${bytesText(machine.memoryLimitBytes)} may be used`}`,
    ],
    ['Kernel', `${machine.kernel} ${machine.architecture}`],
    ['Measured disk', `${machine.fileSystem} (${machine.mountOptions}) on ${machine.device}`],
    ['Node.js', machine.node],
    ['rustc', rustcText(machine.rustc)],
    ...(versions.length === 0 ? [] : [['Libraries', versions.join(', ')] as const]),
    ['writeproof', `${version}${commit === null ? '' : `, commit ${commit}${dirty === true ? ' with changes' : ''}`}`],
    ['Started', startedAt],
    ['Finished', finishedAt ?? 'not yet'],
    ['Order', `seed ${seed}, ${plural(repeat, 'repetition')}`],
    ['Nonce', nonce],
  ]);
}
