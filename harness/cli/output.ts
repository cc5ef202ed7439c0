/** What goes to stdout (results) and stderr (progress, errors). Colour only on a terminal, and never against NO_COLOR. */

import colours from 'picocolors';
import { countSentence, variantRatios, type CaseSummary, type Expectation } from '../summary.js';
import { CROSSING_HEADINGS, crossingRows } from '../../reports/crossing-rows.js';
import { SCAN_HEADINGS, scanRows } from '../../reports/scan-rows.js';
import { DATASET_HEADINGS, datasetRows } from '../../reports/dataset-rows.js';
import { limitTexts } from '../../reports/memory-limit.js';
import { PROFILE_HEADINGS, profileRows, profileTexts } from '../../reports/profile.js';
import {
  expectationText,
  HEADINGS,
  LEFT_OUT,
  narrow,
  partsTexts,
  problemTexts,
  ratioText,
  tableRows,
} from '../../reports/rows.js';
import { fittingTable, stacked } from './tables.js';

const coloured = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
const { bold, dim, green, red, strikethrough, yellow } = colours.createColors(coloured);
export const paint = { bold, dim, green, red, strikethrough, yellow };

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** One JSON document, as `results/schema` describes it. */
export function printDocument(schema: string, results: readonly unknown[], more: object = {}): void {
  print(JSON.stringify({ schema, ...more, results }));
}

/** Characters of a line of the terminal; whoever reads a pipe gets all of a table. */
const terminalColumns = (): number =>
  process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : Infinity;

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  print(fittingTable(head, rows, terminalColumns(), bold) ?? stacked(head, rows));
}

/** All columns in a table, else the most important ones, else all of them case by case. */
function printFigures(rows: readonly (readonly string[])[]): void {
  const columns = terminalColumns();
  const whole = fittingTable(HEADINGS, rows, columns, bold);
  const some = whole ?? fittingTable(narrow(HEADINGS), rows.map(narrow), columns, bold);
  print(some ?? stacked(HEADINGS, rows));
  if (whole !== null || some === null) return;
  print(dim(`This terminal is too narrow for ${LEFT_OUT.join(', ')}: pipe the output, or use --json.`));
}

/** Unverified cases first and in red, then the figures of the others, then the sentence. */
export function printResults(summaries: readonly CaseSummary[], expected: readonly Expectation[]): void {
  for (const text of problemTexts(summaries)) print(text.includes(' skipped: ') ? yellow(text) : red(text));
  const rows = tableRows(summaries);
  if (rows.length > 0) printFigures(rows);
  for (const text of [...partsTexts(summaries), ...limitTexts(summaries)]) print(dim(text));
  const datasets = datasetRows(summaries);
  if (datasets.length > 0) printTable(DATASET_HEADINGS, datasets);
  const profiles = profileRows(summaries);
  if (profiles.length > 0) printTable(PROFILE_HEADINGS, profiles);
  for (const text of profileTexts(summaries)) print(dim(text));
  const crossings = crossingRows(summaries);
  if (crossings.length > 0) printTable(CROSSING_HEADINGS, crossings);
  const scans = scanRows(summaries);
  if (scans.length > 0) printTable(SCAN_HEADINGS, scans);
  for (const ratio of variantRatios(summaries)) print(ratioText(ratio));
  for (const one of expected) print(one.holds ? green(expectationText(one)) : yellow(expectationText(one)));
  const sentence = countSentence(summaries);
  const bad = summaries.some((summary) => summary.problems.some((problem) => problem.status !== 'skipped'));
  print(bold(bad ? red(sentence) : green(sentence)));
}
