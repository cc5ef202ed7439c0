/** A gate for a pull request: the verdict, what blocks, and the rest folded away. */

import type { GateResult } from '../../harness/gate/types.js';
import { line as markdownLine } from '../markdown-line.js';
import { GATE_HEADINGS, gateRow, gateTexts, passedTexts, shownLines } from './rows.js';

const SIGNS: Readonly<{ [verdict in GateResult['gate']['verdict']]: string }> = {
  pass: '✅',
  regression: '🔴',
  inconclusive: '🟡',
  'integrity failure': '🔴',
  'nothing measured': '🟡',
  interrupted: '🟡',
};

const table = (rows: readonly (readonly string[])[]): readonly string[] => [
  markdownLine(GATE_HEADINGS),
  markdownLine(GATE_HEADINGS.map(() => '---')),
  ...rows.map(markdownLine),
];

export function gateMarkdown(result: GateResult): string {
  const { gate } = result;
  const shown = shownLines(result);
  const blocking = shown.filter((line) => line.decides && line.verdict !== 'pass');
  const rest = shown.filter((line) => !blocking.includes(line));
  return [
    `### ${SIGNS[gate.verdict]} writeproof: ${gate.verdict}`,
    '',
    gate.sentence,
    '',
    ...(blocking.length === 0 ? [] : [...table(blocking.map(gateRow)), '']),
    ...(rest.length === 0
      ? []
      : ['<details><summary>All times</summary>', '', ...table(rest.map(gateRow)), '', '</details>', '']),
    ...passedTexts(result).map((text) => `- ${text}`),
    ...gateTexts(result).map((text) => `- ${text}`),
    '',
  ].join('\n');
}
