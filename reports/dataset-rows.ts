/** The columns of the table of datasets: what fragments and versions cost. The same on a terminal and in Markdown. */

import { isWriteSummary, type CaseSummary } from '../harness/summary.js';
import { bytesText, countText, secondsText } from './format.js';

export const DATASET_HEADINGS = [
  'dataset',
  'fragments',
  'versions',
  'durable',
  'metadata',
  'share of disk',
  "first commit (writer's word)",
  'last commit',
] as const;

/** The rows of all datasets, where a case of the run asks for more than one fragment. */
export function datasetRows(summaries: readonly CaseSummary[]): readonly (readonly string[])[] {
  const written = summaries.filter(isWriteSummary);
  if (!written.some(({ case: one, figures }) => one.options.flushEvery > 0 && figures?.dataset != null)) return [];
  return written.flatMap(({ case: one, figures }) => {
    if (figures?.dataset == null) return [];
    const { fragments, versions, metadataBytes, commitNs } = figures.dataset;
    return [
      [
        one.id,
        countText(fragments),
        countText(versions),
        secondsText(figures.durableNs),
        bytesText(metadataBytes),
        `${((metadataBytes / figures.diskBytes) * 100).toFixed(1)} %`,
        commitNs === null ? 'not said' : secondsText(commitNs.first),
        commitNs === null ? 'not said' : secondsText(commitNs.last),
      ],
    ];
  });
}
