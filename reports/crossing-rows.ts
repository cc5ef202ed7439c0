/** The columns of the table of crossings, the same on a terminal and in Markdown. */

import { isCrossingSummary, type CaseSummary, type CrossingSummary } from '../harness/summary.js';
import { byteRateText, countText, secondsText } from './format.js';

export const CROSSING_HEADINGS = [
  'crossing',
  'rows a batch',
  'median',
  'p99',
  'mean',
  'Arrow data',
  'batches timed',
  'addresses',
  'n',
] as const;

const NS_PER_SECOND = 1e9;

/** Cells of a case whose every repetition is verified; null for any other. */
export function crossingCells({ case: one, figures, repetitions }: CrossingSummary): readonly string[] | null {
  if (figures === null) return null;
  const { p50Ns, p99Ns, meanNs, marginNs, batches, rows, bytes, buffers, addressesEqual } = figures;
  const buffersText = countText(buffers);
  return [
    one.id,
    countText(rows),
    secondsText(p50Ns),
    secondsText(p99Ns),
    `${secondsText(meanNs)} ± ${((marginNs / meanNs) * 100).toFixed(1)} %`,
    // A pointer moves no bytes: a rate would say nothing.
    one.handover === 'copy' ? byteRateText((bytes / p50Ns) * NS_PER_SECOND) : 'not moved',
    countText(batches),
    addressesEqual === 0 ? `${buffersText} new` : `${countText(addressesEqual)} of ${buffersText} equal`,
    String(repetitions),
  ];
}

/** The rows of all crossings. */
export function crossingRows(summaries: readonly CaseSummary[]): readonly (readonly string[])[] {
  return summaries.flatMap((summary) => {
    const cells = isCrossingSummary(summary) ? crossingCells(summary) : null;
    return cells === null ? [] : [cells];
  });
}
