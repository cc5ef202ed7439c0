/** What goes to stdout (results) and stderr (progress, errors). Colour only on a terminal, and never against NO_COLOR. */

import Table from 'cli-table3';
import colours from 'picocolors';
import { countSentence, variantRatios, type CaseSummary, type Expectation } from '../summary.js';
import { expectationText, HEADINGS, problemTexts, ratioText, resultCells } from '../../reports/rows.js';

const coloured = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '';
const { bold, dim, green, red, yellow } = colours.createColors(coloured);
export const paint = { bold, dim, green, red, yellow };

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

export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const right = head.map((_, column) =>
    rows.every((row) => /^-?[\d.,]+( [A-Za-z/]+)?$/.test(row[column] ?? '')) ? 'right' : 'left',
  );
  const table = new Table({
    head: head.map((text) => bold(text)),
    colAligns: right,
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  print(table.toString());
}

/** Unverified cases first and in red, then the figures of the others, then the sentence. */
export function printResults(summaries: readonly CaseSummary[], expected: readonly Expectation[]): void {
  for (const text of problemTexts(summaries)) print(text.includes(' skipped: ') ? yellow(text) : red(text));
  const rows = summaries.flatMap((summary) => {
    const cells = resultCells(summary);
    return cells === null ? [] : [cells];
  });
  if (rows.length > 0) printTable(HEADINGS, rows);
  for (const ratio of variantRatios(summaries)) print(ratioText(ratio));
  for (const one of expected) print(one.holds ? green(expectationText(one)) : yellow(expectationText(one)));
  const sentence = countSentence(summaries);
  const bad = summaries.some((summary) => summary.problems.some((problem) => problem.status !== 'skipped'));
  print(bold(bad ? red(sentence) : green(sentence)));
}
