/** A run as Markdown. Pure: the same run gives the same text. */

import { countSentence, variantRatios, type CaseSummary, type Expectation } from '../harness/summary.js';
import type { Run } from '../harness/types.js';
import { CROSSING_HEADINGS, crossingRows } from './crossing-rows.js';
import { SCAN_HEADINGS, scanRows } from './scan-rows.js';
import { bytesText, plural, rustcText } from './format.js';
import { limitTexts } from './memory-limit.js';
import { line } from './markdown-line.js';
import { DATASET_HEADINGS, datasetRows } from './dataset-rows.js';
import { PROFILE_HEADINGS, profileRows, profileTexts } from './profile.js';
import { expectationText, HEADINGS, partsTexts, problemTexts, ratioText, tableRows } from './rows.js';

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length === 0 ? [] : [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
const list = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`## ${title}`, '', ...lines.map((text) => `- ${text.trim()}`), ''];

/** The machine of a run, and when and how often. */
export function machineText({ machine, startedAt, seed, repeat }: Run): string {
  return (
    `${machine.cpuModel}, ${machine.cores} cores, ${bytesText(machine.memoryBytes)}, ${machine.kernel} ${machine.architecture}, ` +
    `${machine.fileSystem} (${machine.mountOptions}) on ${machine.device}, Node ${machine.node}, rustc ${rustcText(machine.rustc)}; ` +
    `started ${startedAt}, seed ${seed}, ${plural(repeat, 'repetition')}.`
  );
}

export function markdown(run: Run, summaries: readonly CaseSummary[], expected: readonly Expectation[]): string {
  return [
    `# ${run.id}`,
    '',
    `${countSentence(summaries)}.`,
    '',
    ...list('Not verified', problemTexts(summaries)),
    ...table(HEADINGS, tableRows(summaries)),
    ...[...partsTexts(summaries), ...limitTexts(summaries)].flatMap((text) => [`${text}.`, '']),
    ...table(DATASET_HEADINGS, datasetRows(summaries)),
    ...table(PROFILE_HEADINGS, profileRows(summaries)),
    ...profileTexts(summaries).flatMap((text) => [`${text}.`, '']),
    ...table(CROSSING_HEADINGS, crossingRows(summaries)),
    ...table(SCAN_HEADINGS, scanRows(summaries)),
    ...list('Ratios', variantRatios(summaries).map(ratioText)),
    ...list('Expected of the suite', expected.map(expectationText)),
    '## Machine',
    '',
    machineText(run),
    '',
  ].join('\n');
}
