/** The columns of the result table, the same on a terminal and in Markdown. */

import {
  isWriteSummary,
  type CaseSummary,
  type Expectation,
  type Ratio,
  type WriteSummary,
} from '../harness/summary.js';
import { byteRateText, bytesText, countText, rowRateText, secondsText } from './format.js';

export const HEADINGS = [
  'case',
  'rows/s',
  'Arrow data',
  'return',
  'durable',
  'peak RSS',
  'growth',
  'on disk',
  'rows verified',
  'proof',
  'n',
] as const;

/** What a narrow terminal does without. */
export const LEFT_OUT: readonly string[] = ['Arrow data', 'return', 'growth', 'rows verified', 'proof'];

/** A row of the table, or its headings, without them. */
export function narrow(cells: readonly string[]): readonly string[] {
  return cells.filter((_, column) => !LEFT_OUT.includes(HEADINGS[column] ?? ''));
}

const memoryText = (bytes: number | null): string => (bytes === null ? 'not measured' : bytesText(bytes));

/** Cells of a case whose every repetition is verified; null for any other. */
export function resultCells({ case: one, figures, repetitions }: WriteSummary): readonly string[] | null {
  if (figures === null) return null;
  return [
    one.id,
    rowRateText(figures.rowsPerSecond),
    byteRateText(figures.arrowBytesPerSecond),
    secondsText(figures.returnNs),
    secondsText(figures.durableNs),
    memoryText(figures.peakRssBytes),
    memoryText(figures.rssGrowthBytes),
    bytesText(figures.diskBytes),
    countText(figures.rows),
    figures.readers.join(' + '),
    String(repetitions),
  ];
}

/** The rows of all cases that writers ran. */
export function tableRows(summaries: readonly CaseSummary[]): readonly (readonly string[])[] {
  return summaries.filter(isWriteSummary).flatMap((summary) => {
    const cells = resultCells(summary);
    return cells === null ? [] : [cells];
  });
}

/** What is to be known of figures of several workers at once; nothing where there are none. */
export function partsTexts(summaries: readonly CaseSummary[]): readonly string[] {
  const several = summaries.filter(isWriteSummary).filter(({ case: { options }, figures }) => {
    return figures !== null && options.parts > 1;
  });
  if (several.length === 0) return [];
  const apart = several.flatMap(({ case: one, figures, repetitions }) =>
    figures === null || figures.apart === 0
      ? []
      : [`${one.id}: the workers did not all run at once in ${figures.apart} of ${repetitions} repetitions`],
  );
  return [
    'parts=N: times are from the first worker to begin to the last to end; memory is the sum over the workers',
    ...apart,
  ];
}

/** From so many cases on, those that are skipped for one reason share a line. */
const MANY = 4;

/** For each reason that many cases are skipped for: how many there are, which is the first, and which the last. */
function sharedReasons(summaries: readonly CaseSummary[]): ReadonlyMap<string, string> {
  const ids = new Map<string, Set<string>>();
  for (const { case: one, problems } of summaries) {
    for (const { status, lines } of problems) {
      const reason = lines.join('; ');
      if (status === 'skipped') ids.set(reason, (ids.get(reason) ?? new Set()).add(one.id));
    }
  }
  const many = [...ids].filter(([, cases]) => cases.size >= MANY);
  return new Map(
    many.map(([reason, cases]) => {
      const all = [...cases];
      return [reason, `${all.length} cases skipped: ${reason} (${all[0] ?? ''} to ${all.at(-1) ?? ''})`];
    }),
  );
}

/** Lines about cases that are not verified: which, how, and what is wrong. */
export function problemTexts(summaries: readonly CaseSummary[]): readonly string[] {
  const shared = sharedReasons(summaries);
  const others = summaries.flatMap(({ case: one, problems, repetitions }) =>
    problems.flatMap(({ repetition, status, lines }) => {
      if (status === 'skipped' && shared.has(lines.join('; '))) return [];
      const which = repetitions > 1 ? `${one.id} (repetition ${repetition})` : one.id;
      return lines.map((line, index) => (index === 0 ? `${which} ${status}: ${line}` : `  ${line}`));
    }),
  );
  return [...shared.values(), ...others];
}

export function ratioText({ what, ratio, repetitions }: Ratio): string {
  return `${what}: ${ratio.toFixed(2)} times (medians, n=${repetitions})`;
}

function amountText(amount: number, unit: Expectation['unit']): string {
  if (unit === 'ratio') return amount.toFixed(3);
  if (unit === 'rows') return `${countText(amount)} rows`;
  return unit === 'ns' ? secondsText(amount) : bytesText(amount);
}

export function expectationText(expectation: Expectation): string {
  const { what, actual, unit, bound, wanted, holds, repetitions, interval, lowBound } = expectation;
  const range = interval === null ? '' : ` (${interval.map((end) => amountText(end, unit)).join('–')} at 95 %)`;
  const low = lowBound === null ? '' : ` and not below ${amountText(lowBound, unit)} at 95 %`;
  const verdict = holds ? 'holds' : 'does not hold';
  return `${what}: ${amountText(actual, unit)}${range}, wanted ${wanted} ${amountText(bound, unit)}${low}: ${verdict} (n=${repetitions})`;
}
