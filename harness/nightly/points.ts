/** A night's records → its points of the history. Pure. */

import type { Canary } from '../gate/types.js';
import type { HistoryPoint } from '../history/types.js';
import { fingerprintOf } from '../machine-fingerprint.js';
import { median } from '../statistics/quantile.js';
import { isWriteSummary, summarise, type WriteSummary } from '../summary.js';
import type { Record as RunRecord, Run } from '../types.js';

/** Medians of the canaries of the latest version: a night that went on with another one has done other work before. */
export function canaryOf(canaries: readonly Canary[]): HistoryPoint['canary'] | null {
  if (canaries.length === 0) return null;
  const version = Math.max(...canaries.map((canary) => canary.version));
  const own = canaries.filter((canary) => canary.version === version);
  return {
    version,
    writeNs: median(own.map(({ writeNs }) => writeNs)),
    encodeNs: median(own.map(({ encodeNs }) => encodeNs)),
  };
}

const WORST = ['corrupt', 'failed', 'crashed', 'timeout', 'skipped'] as const;

function statusOf({ problems }: WriteSummary): HistoryPoint['status'] {
  return WORST.find((status) => problems.some((problem) => problem.status === status)) ?? 'verified';
}

/** One point a case that writes; none where there was no canary to compare with. */
export function pointsOf(
  run: Run,
  records: readonly RunRecord[],
  canaries: readonly Canary[],
  noise: ReadonlyMap<string, number>,
): readonly HistoryPoint[] {
  const canary = canaryOf(canaries);
  if (canary === null) return [];
  const fingerprint = fingerprintOf(run.machine);
  return summarise(run.cases, records)
    .filter(isWriteSummary)
    .map((summary) => {
      const { figures } = summary;
      const durableNs = figures?.durableNs ?? null;
      return {
        schema: 'writeproof.history.v1',
        night: run.id,
        at: run.startedAt,
        writeproof: run.writeproof,
        fingerprint,
        case: summary.case.id,
        status: statusOf(summary),
        durableNs,
        peakRssBytes: figures?.peakRssBytes ?? null,
        diskBytes: figures?.diskBytes ?? null,
        repetitions: summary.repetitions,
        canary,
        normalised: durableNs === null ? null : durableNs / (canary.writeNs + canary.encodeNs),
        noise: noise.get(summary.case.id) ?? null,
      };
    });
}
