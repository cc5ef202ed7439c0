/** What is to be said of cases that ran under a limit of memory. */

import { isWriteSummary, type CaseSummary } from '../harness/summary.js';
import type { MemoryLimitUse } from '../harness/types.js';
import { bytesText, countText } from './format.js';

const times = (count: number | null): string =>
  count === null ? 'an unknown number of times' : `${countText(count)} time${count === 1 ? '' : 's'}`;

/** The counters in words. */
export function limitText({ limitBytes, peakBytes, failures, swapBytes, swappedBytes }: MemoryLimitUse): string {
  const peak = peakBytes === null ? 'an unknown peak' : `a peak of ${bytesText(peakBytes)}`;
  const swapped = swappedBytes === null ? '' : `, of which at most ${bytesText(swappedBytes)} were used`;
  const swap =
    swapBytes === 0 ? 'the machine has no swap' : `the machine has ${bytesText(swapBytes)} of swap${swapped}`;
  return `${peak} within ${bytesText(limitBytes)}, page cache included; limit reached ${times(failures)}; ${swap}`;
}

/** A line for each case under a limit, of its repetition with the highest peak. */
export function limitTexts(summaries: readonly CaseSummary[]): readonly string[] {
  return summaries.filter(isWriteSummary).flatMap(({ case: one, figures }) => {
    const [highest] = [...(figures?.memoryLimits ?? [])].sort(
      (first, second) => (second.peakBytes ?? 0) - (first.peakBytes ?? 0),
    );
    return highest === undefined ? [] : [`${one.id}: ${limitText(highest)}`];
  });
}
