/** All charts of a run. */

import type { CaseSummary } from '../../harness/summary.js';
import type { Record as RunRecord } from '../../harness/types.js';
import { inParts, type ChartGroup } from './chart.js';
import { phaseChart } from './phases.js';
import { caseSamples, groupBy, groupName, type CaseSamples } from './samples.js';
import { scalingGroups } from './scaling.js';
import { stripCharts } from './strips.js';
import { tailChart } from './tails.js';

export interface RunCharts {
  /** By table and scale, the largest first. */
  readonly tables: readonly ChartGroup[];
  /** By table. */
  readonly scaling: readonly ChartGroup[];
}

/** Rows of the first repetition: the size that groups are ordered by. */
const rowsOf = (cases: readonly CaseSamples[]): number => cases[0]?.samples[0]?.measurement.rows ?? 0;

export function runCharts(summaries: readonly CaseSummary[], records: readonly RunRecord[]): RunCharts {
  const cases = caseSamples(summaries, records);
  const groups = [...groupBy(cases, ({ case: one }) => groupName(one))];
  const largestFirst = groups.sort(([, one], [, other]) => rowsOf(other) - rowsOf(one));
  return {
    tables: largestFirst.map(([title, own]) => ({
      title,
      charts: [
        ...stripCharts(title, own),
        ...inParts(own, (part, which) => phaseChart(title, part, which)),
        ...inParts(own, (part, which) => tailChart(title, part, which)),
      ],
    })),
    scaling: scalingGroups(cases),
  };
}
